from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from certificates.models import Certificate
from certificates.register.status import look_up
from certificates.services.papers import paper
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "Write the PDF of a certificate, as it was made at its issue, to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("code")
        parser.add_argument("file", type=Path)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        answer = look_up(options["code"])
        if answer.entry is None:
            raise CommandError(f"没有证书 {options['code']} / no certificate {options['code']}")
        with tenant_context(answer.entry.tenant):
            content = paper(Certificate.objects.get(code=answer.entry.code))
        try:
            options["file"].write_bytes(content)
        except OSError as error:
            raise CommandError(f"写不了文件：{error} / cannot write the file: {error}") from error
        data = {"file": str(options["file"]), "bytes": len(content), "status": answer.status}
        return data, [f"{options['file']}: {len(content)} bytes"]
