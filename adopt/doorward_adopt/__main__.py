"""`python -m doorward_adopt`: the export of a project without a word in its INSTALLED_APPS."""
import os
import sys


def main():
    sys.path.insert(0, os.getcwd())  # as manage.py has it
    if not os.environ.get("DJANGO_SETTINGS_MODULE"):
        sys.exit("Name the project's settings, as its manage.py does: DJANGO_SETTINGS_MODULE=project.settings")
    import django

    django.setup()
    from doorward_adopt.management.commands.doorward_export import Command

    Command().run_from_argv(["python -m", "doorward_adopt", *sys.argv[1:]])


if __name__ == "__main__":
    main()
