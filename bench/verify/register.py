"""Fill the public register: every row is signed and has its page, as if it had been issued today."""

import json
import os
import random
import secrets
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from bench.verify.caller import ODD
from certificates.claims import Claims
from certificates.register import documents
from certificates.register.models import Document, RegisterEntry
from certificates.services.keys import signing_key
from certificates.token import new_code, sign_token
from certificates.views.verify import _plain
from tenants.models import Tenant

KNOWN = 200_000  # codes that the caller draws from: more than any cache of a few seconds holds


@dataclass(frozen=True)
class Filled:
    rows: int
    revoked: int
    megabytes: int
    seconds: int


def fill(rows: int) -> tuple[Callable[[random.Random], tuple[str, int]], Filled]:
    """A function that draws (code, status of the answer), and what was filled in."""
    began = time.monotonic()
    base = Tenant.objects.get(slug="dunhua")
    centre = Tenant.objects.get(pk=base.centre_id)
    one = RegisterEntry.objects.filter(tenant=base, status="valid").select_related("key").first()
    assert one is not None
    gone = RegisterEntry.objects.filter(tenant=base, status="revoked").first()
    assert gone is not None
    with tenant_context(base):
        key, private = signing_key(one.key.year)
    with tenant_context(centre):
        pages = {entry.status: _plain(entry.code, centre) for entry in (one, gone)}
    claims = {entry.status: Claims.from_json(entry.claims) for entry in (one, gone)}
    known: list[str] = []
    revoked = 0

    def made() -> Iterator[tuple[list[Any], list[Any]]]:
        nonlocal revoked
        today = timezone.localdate()
        for n in range(rows):
            is_gone = n % 100 == 0
            revoked += is_gone
            status = "revoked" if is_gone else "valid"
            like = gone if is_gone else one
            place = (2 + n // 100_000, n % 100_000)
            said = replace(
                claims[status], code=new_code(), number=f"{base.issuer_code}-2026-B{n:07}"
            )
            token = sign_token(said, key.kid, private, place)
            if len(known) < KNOWN and random.random() < 1.5 * KNOWN / rows:
                known.append(said.code)
            page = pages[status].replace(like.code, said.code).replace(like.number, said.number)
            entry = [
                *(said.code, said.number, base.pk, key.pk, secrets.token_bytes(32), "bench"),
                *(json.dumps(said.as_json()), token, like.photo, status, like.issued_on),
                *(like.revoked_on, like.revoke_code, like.reason, "", *place),
            ]
            content = zlib.compress(page.encode(), 1)
            yield entry, [said.code, base.pk, documents.version(), today, content]

    megabytes = _copy(made())
    if not known:
        raise RuntimeError("a register of nothing")

    def draw(dice: random.Random) -> tuple[str, int]:
        if dice.random() < 0.05:
            code = f"{dice.getrandbits(100):020X}"[-20:].replace("I", "1")
            return (code if dice.random() < 0.5 else ODD + code[1:]), 404
        return dice.choice(known), 200

    return draw, Filled(rows, revoked, megabytes, round(time.monotonic() - began))


def _copy(rows: Iterator[tuple[list[Any], list[Any]]]) -> int:
    """Write by COPY, a part at a time; megabytes that both tables take then."""
    conf = settings.DATABASES["default"]
    entry, page = RegisterEntry._meta.db_table, Document._meta.db_table
    columns = (
        "code, number, tenant_id, key_id, person, project_key, claims, token, photo, status,"
        " issued_on, revoked_on, revoke_code, reason, superseded_by, status_list, status_index"
    )
    with psycopg.connect(
        host=conf["HOST"], port=conf["PORT"] or None, user=conf["USER"], dbname=conf["NAME"],
        password=conf.get("PASSWORD") or os.environ.get("PGPASSWORD"),
    ) as link:  # fmt: skip
        while part := list(islice(rows, 20_000)):
            with link.cursor() as cursor:
                with cursor.copy(f"COPY public.{entry} ({columns}) FROM STDIN") as copy:
                    for row, _ in part:
                        copy.write_row(row)
                with cursor.copy(
                    f"COPY public.{page} (code, tenant_id, version, day, content) FROM STDIN"
                ) as copy:
                    for _, row in part:
                        copy.write_row(row)
            link.commit()
        size = link.execute(
            "SELECT pg_total_relation_size(%s::regclass) + pg_total_relation_size(%s::regclass)",
            [f"public.{entry}", f"public.{page}"],
        ).fetchone()
    connection.close()
    with psycopg.connect(
        host=conf["HOST"], port=conf["PORT"] or None, user=conf["USER"], dbname=conf["NAME"],
        password=conf.get("PASSWORD"), autocommit=True,
    ) as link:  # fmt: skip
        link.execute(f"VACUUM ANALYZE public.{entry}")
        link.execute(f"VACUUM ANALYZE public.{page}")
    return int(size[0]) // 2**20 if size else 0
