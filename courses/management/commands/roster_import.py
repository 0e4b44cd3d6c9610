from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from courses.models import TrainingClass
from courses.roster import RosterError, RosterRow
from courses.services.roster import confirm_import, judge_file, upload_roster
from tenants.commands import JsonCommand, Refused, the_base


class Command(JsonCommand):
    help = "Import an Excel roster into a class; --dry-run only says what would happen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", required=True)
        parser.add_argument("--class", dest="code", required=True)
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("file", type=Path)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        with tenant_context(the_base(options["base"])):
            return self._import(**options)

    def _import(self, code: str, file: Path, dry_run: bool, **options: Any) -> Any:
        training_class = TrainingClass.objects.filter(code=code).first()
        if training_class is None:
            raise CommandError(f"没有班次 {code} / no class {code}")
        try:
            content = file.read_bytes()
            if dry_run:
                rows = judge_file(training_class, content)
            else:
                rows = confirm_import(upload_roster(training_class, file.name, content, None)).rows
        except (RosterError, OSError) as error:
            raise CommandError(str(error)) from error
        listed = [as_json(row) for row in rows]
        good = sum(row["verdict"] != "reject" for row in listed)
        data = {"rows": listed, "imported": 0 if dry_run else good, "importable": good}
        if rows and not good:
            raise Refused("没有可以导入的行 / no row can be imported", data)
        lines = [f"{r['row']:>4} {r['verdict']:<6} {r['name']} {r['reason']}" for r in listed]
        return data, [*lines, f"{good} / {len(listed)}"]


def as_json(row: RosterRow) -> dict[str, Any]:
    return {
        "row": row.row,
        "name": row.name,
        "verdict": row.verdict,
        "codes": list(row.codes),
        "reason": row.reason,
    }
