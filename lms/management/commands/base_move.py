from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from lms.archive import move
from tenants.commands import JsonCommand
from tenants.models import Tenant


class Command(JsonCommand):
    help = "Move a base to another cell; begun anew or ended when a move was killed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("cell", nargs="?", help="where to; run it in the cell that is left")
        parser.add_argument("--by", default="operator", help="who asked for it, for the record")
        deeds = parser.add_mutually_exclusive_group()
        deeds.add_argument("--open", action="store_true", help="serve a base that arrived here")
        deeds.add_argument("--abort", action="store_true", help="serve it here after a killed move")
        deeds.add_argument("--forget", action="store_true", help="drop what a move has left here")
        deeds.add_argument("--where", action="store_true", help="only say where it is")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        slug = options["slug"]
        if options["forget"]:
            dropped = move.forget(slug)
            return {"dropped": dropped}, dropped
        if options["open"] or options["abort"]:
            move.let_go(slug)
        elif not options["where"]:
            return self._move(slug, options["cell"], options["by"])
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise CommandError(f"没有基地 {slug} / no base {slug}")
        data = {"cell": tenant.cell, "moving": tenant.moving}
        return data, [f"{slug}: {tenant.cell} {tenant.moving}"]

    @staticmethod
    def _move(slug: str, cell: str | None, by: str) -> tuple[dict[str, Any], list[str]]:
        if not cell:
            raise CommandError("请写明迁往哪个分区 / say which cell to move to")
        moved = move.move(slug, cell, by)
        line = (
            f"{slug} -> {moved.cell}: {moved.rows} rows, {moved.files} files; "
            f"no writes for {moved.seconds_without_writes:.1f} s, "
            f"no reads for {moved.seconds_without_reads:.1f} s"
        )
        return vars(moved), [line]
