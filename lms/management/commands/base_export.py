from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from lms.archive.write import write_base
from tenants.commands import JsonCommand, the_base


class Command(JsonCommand):
    help = "Write one base with its files into a ZIP that can be read without this program."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="operator", help="who asked for it, for the record")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        path = options["file"].absolute()
        try:
            manifest = write_base(the_base(options["slug"]), path, options["by"])
        except OSError as error:
            raise CommandError(f"写不了文件：{error} / cannot write the file: {error}") from error
        rows = sum(t["rows"] for t in manifest["tables"].values())
        data = {"file": str(path), "rows": rows, "files": len(manifest["files"])}
        return data, [f"{path}: {rows} rows, {len(manifest['files'])} files"]
