from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from certificates.register.models import IssuerKey, RegisterEntry
from certificates.services import keys
from tenants.commands import JsonCommand


class Command(JsonCommand):
    help = "List signing keys; retire one, or give one up that somebody else may have."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--retire", metavar="KID", help="the next signature makes a new key")
        what.add_argument("--compromised", metavar="KID")
        parser.add_argument("--since", type=date.fromisoformat, help="first day in doubt")
        parser.add_argument("--reason", default="")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        if kid := options["retire"] or options["compromised"]:
            return _end(kid, options)
        rows = IssuerKey.objects.select_related("tenant").order_by(
            "tenant", "use", "year", "serial"
        )
        found = [_said(row) for row in rows]
        return {"keys": found}, [_line(row) for row in found]


def _end(kid: str, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    key = IssuerKey.objects.select_related("tenant").filter(kid=kid).first()
    if key is None:
        raise CommandError(f"没有密钥 {kid} / there is no key {kid}")
    if options["compromised"] and not options["since"]:
        raise CommandError(
            "请给出 --since（疑似泄露的第一天）/ give --since, the first day in doubt"
        )
    with tenant_context(key.tenant):
        if options["retire"]:
            key = keys.retire(kid, options["reason"])
        else:
            key = keys.compromise(kid, options["since"], options["reason"])
    data: dict[str, Any] = _said(key)
    lines = [_line(data)]
    if key.compromised_on:
        doubtful = RegisterEntry.objects.filter(key=key, issued_on__gte=key.compromised_on)
        data["in_doubt"] = list(doubtful.order_by("pk").values_list("number", flat=True))
        lines.append(
            f"{len(data['in_doubt'])} 份证书不再能确认，请逐份核对后撤销或换发"
            f" / certificates that cannot be confirmed any more: check each, revoke or correct it"
        )
        lines += [f"  {number}" for number in data["in_doubt"]]
    return data, lines


def _said(key: IssuerKey) -> dict[str, Any]:
    return {
        "kid": key.kid,
        "tenant": key.tenant.slug,
        "use": key.use,
        "made": key.created_at,
        "retired": key.retired_at,
        "compromised_on": key.compromised_on,
        "reason": key.reason,
    }


def _line(said: dict[str, Any]) -> str:
    state = "在用 / in use"
    if said["compromised_on"]:
        state = f"自 {said['compromised_on']} 起泄露 / compromised since: {said['reason']}"
    elif said["retired"]:
        state = f"{said['retired']:%Y-%m-%d} 停用 / retired: {said['reason']}"
    return f"{said['kid']:<24} {said['tenant']:<16} {said['use']:<12} {state}"
