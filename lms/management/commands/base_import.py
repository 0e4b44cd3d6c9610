from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from lms.archive.read import read_base
from tenants.commands import JsonCommand
from tenants.links import absolute


class Command(JsonCommand):
    help = "Make a base from its export, in an installation that does not have it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--hold", action="store_true", help="serve nobody yet: base_move opens it"
        )

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        tenant, manifest = read_base(options["file"], options["hold"])
        rows = sum(t["rows"] for t in manifest["tables"].values())
        data = {"slug": tenant.slug, "url": absolute(tenant), "rows": rows}
        return data | {"files": len(manifest["files"])}, [f"{tenant.name}: {rows} rows"]
