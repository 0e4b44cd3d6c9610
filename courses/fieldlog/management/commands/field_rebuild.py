from argparse import ArgumentParser
from typing import Any

from django_tenants.utils import tenant_context

from courses.fieldlog.services.project import digest, read_pending, rebuild
from tenants.commands import JsonCommand, Refused, the_base


class Command(JsonCommand):
    help = "Drop what is read from the field log and read it anew; fails when that says other than before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", required=True)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        with tenant_context(the_base(options["base"])):
            read_pending()
            before = digest()
            after = rebuild(None if options["json"] else self._progress)
        data = {"before": before.hex(), "after": after.hex(), "same": before == after}
        if before != after:
            raise Refused(
                f"重建前后不同，有人改过整理结果；现在以日志为准"
                f" / {before.hex()} became {after.hex()}: somebody had written into what is read;"
                " it now says what the log says",
                data,
            )
        return data, [f"before {before.hex()}", f"after  {after.hex()}"]

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} / {total}")
