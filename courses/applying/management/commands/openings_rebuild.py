"""`manage.py openings_rebuild [--base SLUG] [--check]`: the portal's open classes, from the classes."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django_tenants.utils import tenant_context

from courses.applying.services.listed import rebuild
from tenants.cells import is_here
from tenants.commands import JsonCommand, Refused, the_base
from tenants.models import Tenant


class Command(JsonCommand):
    help = "Write the portal's open classes anew; name those that were shown otherwise."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", metavar="SLUG", help="only this base")
        parser.add_argument("--check", action="store_true", help="compare, and write nothing")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if options["base"]:
            bases = [the_base(options["base"])]
        else:
            found = Tenant.objects.filter(type=Tenant.Type.BASE).order_by("pk")
            bases = [base for base in found if is_here(base) and not base.moving]
        data: dict[str, Any] = {}
        lines: list[str] = []
        for base in bases:
            with tenant_context(base):
                done = rebuild(check=options["check"])
            data[base.slug] = asdict(done)
            lines.append(
                f"{base.slug}: {done.classes} open classes; otherwise: {len(done.wrong)} classes"
                f" {' '.join(done.wrong)}, {done.spots} villages"
            )
        if options["check"] and any(done["wrong"] or done["spots"] for done in data.values()):
            listed = "\n".join(lines)
            raise Refused(
                f"门户与班次不符，去掉 --check 再运行即改正 / the portal has it otherwise: run without"
                f" --check\n{listed}",
                {"bases": data},
            )
        return {"bases": data}, lines
