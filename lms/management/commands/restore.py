from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connections

from lms import database
from lms.backup import restore
from lms.embedded import EmbeddedError
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Put a backup in the place of the embedded database; what stood there is kept beside it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if not database.is_embedded():
            raise CommandError(
                "真实数据库请用它自己的恢复工具 / a real server is restored with its own tools"
            )
        connections.close_all()
        try:
            files = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)]
            kept = restore(database.server(), options["folder"], files)
        except (EmbeddedError, OSError) as error:
            raise CommandError(str(error)) from error
        return {"kept": str(kept or "")}, [f"已恢复 / restored; {kept or ''}"]
