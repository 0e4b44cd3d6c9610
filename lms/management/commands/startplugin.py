from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings

from lms.plugin.starting import make
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Make the distribution of a new plugin, with tests that pass."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("name", help="also its app label and the first part of its addresses")
        parser.add_argument(
            "--folder", type=Path, help="where it is made; else trainbase-NAME beside this project"
        )

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        name = options["name"]
        beside = settings.ROOT.parent / f"trainbase-{name.replace('_', '-')}"
        folder = options["folder"] or beside
        files = make(name, folder)
        return {"name": name, "folder": str(folder), "files": [str(path) for path in files]}, [
            f"做好了 / made: {folder}",
            "下一步见 / next: README.md",
        ]
