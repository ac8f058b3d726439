"""Django's commands for a site whose users are like those of a real project: `USERS_LIKE=a … g`."""
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "users_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
