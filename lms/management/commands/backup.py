from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from lms import database
from lms.backup import backup
from lms.embedded import EmbeddedError
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Copy the embedded database and all files to a folder; replaces the copy before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if not database.is_embedded():
            raise CommandError(
                "真实数据库请用它自己的备份工具 / a real server is backed up with its own tools"
            )
        try:
            files = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_ROOT)]
            backup(database.server(), options["folder"], files)
        except (EmbeddedError, OSError) as error:
            raise CommandError(str(error)) from error
        folder = str(options["folder"].absolute())
        return {"folder": folder}, [folder, "密钥不在其中，请另存 / the keys are not in it"]
