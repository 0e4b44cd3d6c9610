from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.commands import JsonCommand
from tenants.plugins.purge import purge


class Command(JsonCommand):
    help = (
        "Remove a plugin's tables and rows from every schema, for good; it must be off everywhere."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name")
        parser.add_argument("--yes", action="store_true", help="without it nothing is removed")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        found = purge(options["name"], really=options["yes"])
        lines = [f"{schema}: {', '.join(tables)}" for schema, tables in found.items()]
        if not options["yes"]:
            raise CommandError(
                "\n".join(
                    [*lines, "什么也没有删除；确定要删请加 --yes / nothing was removed; add --yes"]
                )
            )
        return {"removed": found}, lines
