from argparse import ArgumentParser
from collections import Counter
from typing import Any

from tenants import cells
from tenants.commands import JsonCommand
from tenants.models import Domain, Tenant


class Command(JsonCommand):
    help = "The host map: which cell serves which host, as a table, JSON or a map for nginx."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--nginx", action="store_true", help="print `map $host $cell {...}`")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        hosts = {
            domain.domain: domain.tenant.cell
            for domain in Domain.objects.select_related("tenant").order_by("domain")
        }
        counted = Counter(
            Tenant.objects.filter(type=Tenant.Type.BASE).values_list("cell", flat=True)
        )
        names = sorted({*cells.all_cells(), *counted})
        data = {"cells": {name: counted[name] for name in names}, "hosts": hosts}
        if options["nginx"]:
            lines = ["map $host $cell {", *(f"    {h} {c};" for h, c in hosts.items()), "}"]
            return data, lines
        lines = [f"{name}: {counted[name]} bases" for name in names]
        return data, [*lines, *(f"{host} {cell}" for host, cell in hosts.items())]
