from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django_tenants.utils import tenant_context

from certificates.models import LogEntry
from certificates.services.log_check import check
from tenants.cells import is_here
from tenants.commands import JsonCommand, Refused, the_base
from tenants.models import Tenant


class Command(JsonCommand):
    help = "Compare issuance logs with certificates, register, keys and published heads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", help="one base; without it all of this installation")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        bases = [the_base(options["base"])] if options["base"] else _all()
        data: dict[str, Any] = {}
        lines = []
        for base in bases:
            with tenant_context(base):
                found, count = check(), LogEntry.objects.count()
            data[base.slug] = {"lines": count, "findings": [asdict(each) for each in found]}
            lines.append(f"{base.slug}: {count} 行 / lines, {len(found)} 处不符 / findings")
            lines += [f"  {each.subject}: {each.zh} / {each.en}" for each in found]
        if any(said["findings"] for said in data.values()):
            raise Refused("\n".join(lines), data)
        return data, lines


def _all() -> list[Tenant]:
    bases = Tenant.objects.filter(type=Tenant.Type.BASE).order_by("slug")
    return [base for base in bases if is_here(base)]
