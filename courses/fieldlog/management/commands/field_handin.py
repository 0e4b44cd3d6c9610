from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from courses.fieldlog.services.handin import HandedIn, Outbox, hand_in, read_outbox
from courses.fieldlog.services.lag import publish
from tenants.cells import must_be_here
from tenants.commands import JsonCommand, Refused, the_base
from tenants.models import Domain, Tenant


class Command(JsonCommand):
    help = "Hand in the outbox file of a phone; safe to run twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--base", default="", help="a slug, when the base's host has changed")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        file, base = options["file"], options["base"]
        try:
            outbox = read_outbox(file.read_bytes())
        except OSError as error:
            raise CommandError(f"读不了文件 {file} / cannot read the file: {error}") from error
        with tenant_context(the_base(base) if base else _base_of(outbox)):
            done = hand_in(outbox)
            publish()
        data, lines = _as_data(done), _as_lines(done)
        if not done.good:
            raise Refused("\n".join([*lines, "有些内容没有收下 / some of it was not taken"]), data)
        return data, lines


def _base_of(outbox: Outbox) -> Tenant:
    host = outbox.base.encode("ascii", "ignore").decode().replace("\0", "")
    host = host.partition("//")[2] or host
    found = Domain.objects.filter(domain=host.partition(":")[0].partition("/")[0]).first()
    if found is None or found.tenant.type != Tenant.Type.BASE:
        raise CommandError(
            f"文件属于 {outbox.base[:80]!r}，这里没有这个基地；换了域名的请用 --base 指明"
            " / the file is for a base that is not here; name it with --base if its host has changed"
        )
    must_be_here(found.tenant)
    tenant: Tenant = found.tenant
    return tenant


def _as_data(done: HandedIn) -> dict[str, Any]:
    return {
        "events": [vars(each) for each in done.events],
        "blobs": done.blobs,
        "device": str(done.device.uuid) if done.device else None,
        "arrived": asdict(done.arrived) if done.arrived else None,
    }


def _as_lines(done: HandedIn) -> list[str]:
    counts = Counter(each.result for each in done.events)
    lines = [f"{result} {count}" for result, count in sorted(counts.items())]
    lines += [
        f"  {each.result} {each.reason} {each.hash[:12]}" for each in done.events if each.reason
    ]
    lines += [f"  {result} {name[:12]}" for name, result in done.blobs.items()]
    if done.arrived is None:
        return [*lines, "不认识这台手机 / the phone is unknown here"]
    found = done.arrived
    missing = ", ".join(f"{first}-{last}" for first, last in found.awaited) or "—"
    lost = [
        f"丢失 {each.first}-{each.last}：{each.reason} / lost {each.first}-{each.last}: {each.reason}"
        for each in found.lost
    ]
    files = len(found.missing_blobs)
    said = (
        f"送达到第 {found.contiguous} 号，缺 {missing}，缺照片 {files} / arrived up to"
        f" no. {found.contiguous}, missing {missing}, {files} files missing"
    )
    return [*lines, *lost, said]
