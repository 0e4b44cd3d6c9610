from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django_tenants.utils import tenant_context

from certificates.standing.services.rebuild import rebuild
from tenants.cells import is_here
from tenants.commands import JsonCommand, Refused, the_base
from tenants.models import Tenant


class Command(JsonCommand):
    help = "Count the figures anew from the chain; name what was kept otherwise."

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
            lines.append(f"{base.slug}: {done.enrolments} enrolments, {done.after}")
            lines += [f"  {d.where} {d.column}: {d.kept} -> {d.counted}" for d in done.differences]
        if wrong := [slug for slug, done in data.items() if done["differences"]]:
            listed = "\n".join(lines)
            raise Refused(
                f"与记录不符的基地：{'、'.join(wrong)} / kept otherwise than the chain says:"
                f" {', '.join(wrong)}\n{listed}",
                {"bases": data},
            )
        return {"bases": data}, lines
