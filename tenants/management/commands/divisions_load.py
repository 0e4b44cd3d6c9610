from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from tenants.commands import JsonCommand
from tenants.models import Division
from tenants.provisioning import load_divisions


class Command(JsonCommand):
    help = "Load administrative divisions from a CSV of code,name,level,parent_code. Idempotent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        before = Division.objects.count()
        try:
            read = load_divisions(options["file"])
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise CommandError(
                f"读不了区划文件：{error}；须为 UTF-8 的 CSV，列为 code,name,level,parent_code"
                f" / cannot read the divisions: {error}; a UTF-8 CSV with those columns is wanted"
            ) from error
        made = Division.objects.count() - before
        return {"rows": read, "new": made}, [f"{read} rows, {made} new"]
