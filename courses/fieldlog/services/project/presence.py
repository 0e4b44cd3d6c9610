"""Nobody is in two places at once, at two bases either: what each base says of that, without a name.

Rows of `directory.Presence` are derived from marks: written when a mark counts, removed when it does
not any more. A base learns that there is a clash, never with whom; the centre sees both.
"""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

from courses.directory.models import Doubt, Presence
from courses.fieldlog.models import SessionLog
from courses.fieldlog.rules.settle import ELSEWHERE
from courses.fieldlog.services.project.claims import Spoken, span_of
from courses.models import Attendance, Enrolment, VillageSession
from courses.services.identity import presence_digest
from tenants import crypto
from tenants.current import current_tenant

TOKEN = "presence/token"
Span = tuple[datetime, datetime]


def digests_of(enrolments: Collection[int]) -> dict[int, bytes]:
    """The presence digest of each enrolment's person."""
    rows = Enrolment.objects.filter(pk__in=enrolments).select_related("trainee")
    return {row.pk: presence_digest(row.trainee) for row in rows.defer("photo")}


def clashes_elsewhere(spoken: Spoken, persons: dict[int, bytes]) -> dict[int, list[str]]:
    """By enrolment: a token for each presence of the same person at another base meanwhile.

    Another time, person or session there is another token, so that a decision holds for just what
    was known when it was made.
    """
    start, end = spoken.span
    enrolments: dict[bytes, int] = {digest: pk for pk, digest in persons.items()}
    rows = Presence.objects.filter(
        person__in=list(enrolments), starts_at__lt=end, ends_at__gt=start
    ).exclude(tenant_id=current_tenant().pk)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("tenant"):
        times = f"{row.starts_at.isoformat()} {row.ends_at.isoformat()}"
        text = f"{row.tenant.uuid} {row.session} {times}"
        token = crypto.keyed_digest(text, TOKEN, bytes(row.person)).hex()[:32]
        found.setdefault(enrolments[bytes(row.person)], []).append(f"{ELSEWHERE}{token}")
    return {pk: sorted(tokens) for pk, tokens in found.items()}


def write(session: VillageSession, span: Span, wanted: Collection[bytes]) -> None:
    """Make the session's presences those of `wanted`: everybody who was marked as present, disputed
    or not. If a clash took them away, the other base's clash would go as well.
    """
    tenant = current_tenant()
    mine = Presence.objects.filter(tenant_id=tenant.pk, session=session.pk)
    standing = {bytes(row.person): (row.starts_at, row.ends_at) for row in mine}
    gone = [person for person in standing if person not in wanted]
    news = [person for person in wanted if standing.get(person) != span]
    if not gone and not news:
        return
    _doubt(tenant.pk, {p: standing[p] for p in [*gone, *news] if p in standing})
    mine.filter(person__in=gone).delete()
    Presence.objects.bulk_create(
        [
            Presence(
                tenant_id=tenant.pk,
                session=session.pk,
                label=str(session),
                person=person,
                starts_at=span[0],
                ends_at=span[1],
            )
            for person in sorted(news)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "session", "person"],
        update_fields=["starts_at", "ends_at", "label"],
    )
    _doubt(tenant.pk, dict.fromkeys(news, span))


def renew() -> None:
    """Write all presences of this base from its marks as they stand: after it was put back or moved."""
    logs = SessionLog.objects.select_related("session__training_class")
    for log in logs:
        rows = Attendance.objects.filter(session=log.session_id, said_minutes__gt=0)
        persons = digests_of(list(rows.values_list("enrolment_id", flat=True)))
        span = span_of(log.session, log.opened_at, log.closed_at)
        write(log.session, span, set(persons.values()))
    forget(logs.values_list("session_id", flat=True))


def _doubt(tenant: int, spans: Mapping[bytes, Span]) -> None:
    """Ask the bases that have the same persons at those times to settle these sessions anew."""
    found = {
        (row.tenant_id, row.session)
        for start, end in set(spans.values())
        for row in Presence.objects.filter(
            person__in=[person for person, span in spans.items() if span == (start, end)],
            starts_at__lt=end,
            ends_at__gt=start,
        ).exclude(tenant_id=tenant)
    }
    Doubt.objects.bulk_create(
        [Doubt(tenant_id=other, session=session) for other, session in sorted(found)],
        ignore_conflicts=True,
    )


def take_doubts() -> set[int]:
    """Sessions of this base that must be settled anew; they are no longer in doubt after it."""
    mine = Doubt.objects.filter(tenant_id=current_tenant().pk)
    rows = dict(mine.values_list("pk", "session"))
    mine.filter(pk__in=rows).delete()
    return set(rows.values())


def in_doubt() -> bool:
    return Doubt.objects.filter(tenant_id=current_tenant().pk).exists()


def missed(sessions: Collection[int]) -> set[int]:
    """Of the sessions, those that have a clash which their marks do not name.

    Two bases that read at the same moment do not see each other's rows; whoever commits last looks
    once more, and sees.
    """
    tenant = current_tenant()
    found = set()
    mine = Presence.objects.filter(tenant_id=tenant.pk, session__in=sessions)
    named = {
        session
        for session, claims in Attendance.objects.filter(session__in=sessions).values_list(
            "session_id", "claims"
        )
        if any(each.startswith(ELSEWHERE) for each in claims)
    }
    for session in set(sessions) - named:
        rows = list(mine.filter(session=session))
        if not rows:
            continue
        others = Presence.objects.filter(
            person__in=[row.person for row in rows],
            starts_at__lt=rows[0].ends_at,
            ends_at__gt=rows[0].starts_at,
        )
        if others.exclude(tenant_id=tenant.pk).exists():
            found.add(session)
    return found


def forget(sessions: Collection[int]) -> None:
    """Remove the presences of all sessions of this base but these."""
    mine = Presence.objects.filter(tenant_id=current_tenant().pk).exclude(session__in=sessions)
    for row in mine:
        _doubt(row.tenant_id, {bytes(row.person): (row.starts_at, row.ends_at)})
    mine.delete()


def digest_rows() -> list[list[object]]:
    """This base's presences, for the digest of the projection."""
    rows = Presence.objects.filter(tenant_id=current_tenant().pk).order_by("session", "person")
    return [
        [row.session, hashlib.sha256(bytes(row.person)).hexdigest(), row.starts_at, row.ends_at]
        for row in rows
    ]
