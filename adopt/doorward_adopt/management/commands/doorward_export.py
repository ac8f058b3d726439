"""`manage.py doorward_export`: doorward.toml from the project's own settings and models."""
import json
import os
import sys

from django.core.management.base import BaseCommand, CommandError

from doorward_adopt import sections, toml
from doorward_adopt.project import Project
from doorward_adopt.report import MISSING, Report

HEAD = "# Written by `manage.py doorward_export` from {module}.\n"
SECRETS = "# It holds secrets: keep it out of version control.\n"


class Command(BaseCommand):
    help = "Writes doorward.toml from this project's settings and models, and tells what Doorward covers."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--output", default="doorward.toml", help="the file to write; `-` for the standard output")
        parser.add_argument("--force", action="store_true", help="overwrite a file that is there")
        parser.add_argument("--without-secrets", action="store_true", help="leave out keys and passwords")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--fail-on-missing", action="store_true", help="end with 1 where something is not covered")

    def handle(self, *args, **options):
        to_stdout = options["output"] == "-"
        with_secrets = not (options["without_secrets"] or to_stdout)
        report, document = export(with_secrets)
        if to_stdout:
            self.stdout.write(document)
        else:
            write(options["output"], document, options["force"])
        self.tell(report, options, sys.stderr if to_stdout else self.stdout)
        if options["fail_on_missing"] and report.of(MISSING):
            sys.exit(1)

    def tell(self, report, options, to):
        if options["json"]:
            to.write(json.dumps({"items": report.items, "counts": report.counts()}, indent=2) + "\n")
            return
        if options["output"] != "-":
            to.write(f"Wrote {options['output']}.\n\n")
        to.write("\n".join(report.lines()) + "\n")


def export(with_secrets):
    """The report, and the file's text."""
    project, report, tables = Project(with_secrets), Report(), {}
    for section in sections.ALL:
        for name, table in section.export(project, report).items():
            tables.setdefault(name, {}).update(table)
    head = HEAD.format(module=os.environ.get("DJANGO_SETTINGS_MODULE", "the project's settings"))
    return report, head + (SECRETS if with_secrets else "") + "\n" + toml.document(tables)


def write(path, document, force):
    """A new file that only its owner reads."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileExistsError:
        raise CommandError(f"{path} is there already; name another --output, or say --force") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(document)
