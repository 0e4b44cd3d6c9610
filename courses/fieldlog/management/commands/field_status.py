from argparse import ArgumentParser
from typing import Any

from django.utils import timezone
from django_tenants.utils import tenant_context

from courses.fieldlog.rules.lag import Lag, ordered
from courses.fieldlog.services.lag import behind, publish
from tenants.commands import JsonCommand, the_base


class Command(JsonCommand):
    help = "How far a base's field log is behind, and publish the counts for the centre."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", required=True)

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        today = timezone.localdate()
        with tenant_context(the_base(options["base"])):
            found = behind()
            publish()
        rows = [
            found.base,
            *ordered(found.devices, "level", today),
            *ordered(found.villages, "level", today),
        ]
        data = {"rows": [vars(row) | {"level": row.level(today)} for row in rows]}
        return data, [_line(row, row.level(today)) for row in rows]


def _line(row: Lag, level: str) -> str:
    return (
        f"{level:<4} {row.scope:<7} {row.name}: {row.sessions} 课次无记录 / sessions without a log, "
        f"{'-' if row.silent is None else row.silent} 天 / days silent, {row.numbers} 条 / records, "
        f"{row.lost} 条丢失 / lost, "
        f"{row.blobs} 张 / files, {row.unread} 未读 / unread"
    )
