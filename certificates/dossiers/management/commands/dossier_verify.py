"""Check a dossier file: `manage.py dossier_verify FILE`; exit 1 when it is not good."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from certificates.dossiers.services.verify import LARGEST, verify
from tenants.commands import JsonCommand, Refused


class Command(JsonCommand):
    help = "Compare a dossier (Excel or PDF) with what its base has registered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        try:
            with Path(options["file"]).open("rb") as file:
                found = verify(file.read(LARGEST + 1))
        except OSError as error:
            raise CommandError(f"打不开文件：{error} / cannot open the file") from error
        row = found.registered
        data = {
            "ok": found.ok,
            "digest": found.digest,
            "base": row.tenant.name if row else "",
            "class": row.class_code if row else "",
            "number": row.number if row else 0,
            "findings": [{"ok": ok, "zh": zh, "en": en} for ok, zh, en in found.findings],
        }
        lines = [f"{'✓' if ok else '✕'} {zh} / {en}" for ok, zh, en in found.findings]
        if row:
            lines.insert(0, f"{row.tenant.name} · {row.class_code} v{row.number}")
        if not found.ok:
            raise Refused("\n".join(lines), data)
        return data, lines
