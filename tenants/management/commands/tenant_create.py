from argparse import ArgumentParser
from typing import Any

from tenants.commands import JsonCommand
from tenants.links import absolute
from tenants.provisioning import create_tenant


class Command(JsonCommand):
    help = "Make a centre or a training base: row, schema, host, site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--type", choices=["centre", "base"], required=True)
        parser.add_argument("--slug", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--uscc", required=True, help="Unified Social Credit Code, 18")
        parser.add_argument("--division", required=True, help="administrative division code")
        parser.add_argument("--host", default="", help="default: SLUG.localhost")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        made = create_tenant(
            options["type"],
            options["slug"],
            options["name"],
            options["uscc"],
            options["division"],
            options["host"],
        )
        url = absolute(made)
        data = {
            "slug": made.slug,
            "type": made.type,
            "schema": made.schema_name,
            "issuer_code": made.issuer_code,
            "url": url,
        }
        return data, [f"{made.name}: {url}"]
