"""Write down that somebody with a name checked a certificate: `note`, the only writer.

Whoever adds a way to check says so once, `kind("employer", _("登记的用人单位"))`, and calls `note` for every
certificate that it answered for. Nothing is noted of an answer "no match": whoever guesses numbers
would else appear before people whom he never heard of.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.register.checks.models import Check
from certificates.register.models import RegisterEntry, Scan

#: Way of checking -> how the holder reads it.
TITLES: dict[str, Any] = {}
COUNT = (
    f"INSERT INTO public.{Check._meta.db_table} AS c (code, tenant_id, kind, name, hour, times) "
    "VALUES (%s, %s, %s, %s, %s, 1) "
    "ON CONFLICT (code, kind, name, hour) DO UPDATE SET times = c.times + 1"
)


def kind(name: str, title: Any) -> str:
    """Register a way of checking, called `title` (a lazy translation). Raises ValueError the second time."""
    if name in TITLES:
        raise ValueError(f"the kind of check {name} is registered twice")
    TITLES[name] = title
    return name


API = kind("api", _("接口核验"))
SHARED_LINK = kind("share", _("打开了您的分享链接"))


@transaction.atomic
def note(entries: Iterable[RegisterEntry], kind: str, name: str) -> None:
    """One more check of each by `name`. Raises KeyError for a kind that nobody registered.

    Certificates of a base that is on its way to another cell are passed over: what is counted of them
    travels with the base, and is not changed while it is packed.
    """
    TITLES[kind]
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    rows = sorted({(e.code, e.tenant_id) for e in entries if not e.tenant.moving})
    with connection.cursor() as cursor:
        for (
            code,
            tenant,
        ) in rows:  # in order: two lists with the same certificates end in no deadlock
            cursor.execute(COUNT, [code, tenant, kind, name[:80], hour])


def times_of(code: str) -> tuple[list[dict[str, Any]], list[tuple[datetime, int]]]:
    """(named checks: at, title, name, times; scans without a name: hour, times), the newest first."""
    named = [
        {"at": c.hour, "title": TITLES.get(c.kind, c.kind), "name": c.name, "times": c.times}
        for c in Check.objects.filter(code=code)[:LISTED]
    ]
    scans = Scan.objects.filter(code=code).order_by("-hour")[:LISTED]
    return named, [(scan.hour, scan.times) for scan in scans]


LISTED = 200
