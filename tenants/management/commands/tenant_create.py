from argparse import ArgumentParser
from typing import Any

from django_tenants.utils import tenant_context

from tenants.commands import JsonCommand
from tenants.links import absolute
from tenants.provisioning import create_tenant
from tenants.staff.services import make_manager


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

        parser.add_argument("--manager", default="", help="also make this person's account")

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
        data: dict[str, Any] = {
            "slug": made.slug,
            "type": made.type,
            "schema": made.schema_name,
            "issuer_code": made.issuer_code,
            "url": url,
        }
        lines = [f"{made.name}: {url}"]
        if options["manager"]:
            with tenant_context(made):
                data["password"] = make_manager(options["manager"])
            lines.append(f"{options['manager']} / {data['password']}")
        return data, lines
