"""Nobody is in two places at once, at two bases either: what each base says of that, without a name.

Rows of `directory.Presence` are derived from marks, and from whose phones were there to teach: written
when a mark counts, removed when it does not any more. A trainer is known to other bases only where the
base has been told who the account is. A base learns that there is a clash, never with whom; the centre sees both.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from courses.directory.models import Doubt, Presence
from courses.fieldlog.models import Reading, SessionLog, TrainerIdentity
from courses.fieldlog.rules.settle import ELSEWHERE
from courses.fieldlog.services.project.beside import TAUGHT
from courses.fieldlog.services.project.claims import span_of
from courses.models import Attendance, Enrolment, VillageSession
from courses.services.identity import presence_digest, presence_digest_of
from tenants import crypto
from tenants.current import current_tenant

TOKEN = "presence/token"
Span = tuple[datetime, datetime]


def digests_of(enrolments: Collection[int]) -> dict[int, bytes]:
    """The presence digest of each enrolment's person."""
    rows = Enrolment.objects.filter(pk__in=enrolments).select_related("trainee")
    return {row.pk: presence_digest(row.trainee) for row in rows.defer("photo")}


def trainers_of(session: int) -> dict[int, bytes]:
    """The presence digest of everybody whose phone was there to teach, by the account."""
    taught = Reading.objects.filter(TAUGHT, session=session, fault="")
    rows = TrainerIdentity.objects.filter(trainer__in=taught.values("event__device__trainer"))
    return {row.trainer_id: presence_digest_of(bytes(row.id_sealed)) for row in rows}


@dataclass(frozen=True)
class Clashes:
    """By enrolment, or account, the tokens of its clashes; and the other base's session behind each."""

    tokens: dict[int, list[str]]
    others: dict[str, tuple[int, int]]  # (tenant, session)


def clashes_elsewhere(span: Span, persons: Mapping[int, bytes]) -> Clashes:
    """A token for each presence at another base within the span, of persons by enrolment or account.

    Another time, person or session there is another token, so that a decision holds for just what
    was known when it was made.
    """
    start, end = span
    enrolments: dict[bytes, int] = {digest: pk for pk, digest in persons.items()}
    rows = Presence.objects.filter(
        person__in=list(enrolments), starts_at__lt=end, ends_at__gt=start
    ).exclude(tenant_id=current_tenant().pk)
    found: dict[int, list[str]] = {}
    others: dict[str, tuple[int, int]] = {}
    for row in rows.select_related("tenant"):
        times = f"{row.starts_at.isoformat()} {row.ends_at.isoformat()}"
        text = f"{row.tenant.uuid} {row.session} {times}"
        token = ELSEWHERE + crypto.keyed_digest(text, TOKEN, bytes(row.person)).hex()[:32]
        found.setdefault(enrolments[bytes(row.person)], []).append(token)
        others[token] = (row.tenant_id, row.session)
    return Clashes({pk: sorted(tokens) for pk, tokens in found.items()}, others)


def named_in(session: int) -> dict[int, list[str]]:
    """By enrolment the tokens that the session's marks name as they stand."""
    rows = Attendance.objects.filter(session=session).values_list("enrolment_id", "claims")
    named = {pk: sorted(c for c in claims if c.startswith(ELSEWHERE)) for pk, claims in rows}
    return {pk: tokens for pk, tokens in named.items() if tokens}


def named(session: int) -> set[str]:
    """All the tokens that the session names as it stands, of trainees and trainers."""
    found = {token for tokens in named_in(session).values() for token in tokens}
    logs = SessionLog.objects.filter(session=session)
    for tokens in logs.values_list("trainers_elsewhere", flat=True):
        found |= set(tokens)
    return found


def answer(clashes: Clashes, before: Collection[str]) -> None:
    """Ask the other bases of clashes that were not named before: of two that wrote at the same
    moment, one has not seen the other's row.
    """
    _ask({where for token, where in clashes.others.items() if token not in before})


def there(trainees: Iterable[bytes], trainers: Iterable[bytes]) -> dict[bytes, bool]:
    """Who was there, and whether to teach. Whoever was marked as present in a class of their own is a
    trainee.
    """
    return dict.fromkeys(trainers, True) | dict.fromkeys(trainees, False)


def write(session: VillageSession, span: Span, wanted: Mapping[bytes, bool]) -> None:
    """Make the session's presences those of `wanted`, as `there` gives it: everybody who taught or was
    marked as present, disputed or not. If a clash took them away, the other base's clash would go as
    well.
    """
    tenant = current_tenant()
    mine = Presence.objects.filter(tenant_id=tenant.pk, session=session.pk)
    rows = {bytes(row.person): row for row in mine}
    standing = {person: (row.starts_at, row.ends_at) for person, row in rows.items()}
    gone = [person for person in standing if person not in wanted]
    news = [
        person
        for person, teaches in wanted.items()
        if standing.get(person) != span or rows[person].teaches != teaches
    ]
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
                teaches=wanted[person],
            )
            for person in sorted(news)
        ],
        update_conflicts=True,
        unique_fields=["tenant", "session", "person"],
        update_fields=["starts_at", "ends_at", "label", "teaches"],
    )
    _doubt(tenant.pk, dict.fromkeys(news, span))
    # Another base may be writing now, and neither of us sees the other's rows. Whoever commits last
    # looks once more, and this row makes sure that the look is not forgotten.
    _ask({(tenant.pk, session.pk)})


def renew() -> None:
    """Write all presences of this base from its marks as they stand: after it was put back or moved."""
    logs = SessionLog.objects.select_related("session__training_class")
    for log in logs:
        rows = Attendance.objects.filter(session=log.session_id, said_minutes__gt=0)
        persons = digests_of(list(rows.values_list("enrolment_id", flat=True)))
        span = span_of(log.session, log.opened_at, log.closed_at)
        write(log.session, span, there(persons.values(), trainers_of(log.session_id).values()))
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
    _ask(found)


def _ask(sessions: Collection[tuple[int, int]]) -> None:
    Doubt.objects.bulk_create(
        [Doubt(tenant_id=tenant, session=session) for tenant, session in sorted(sessions)]
    )


def take_doubts() -> set[int]:
    """Sessions of this base that must be settled anew, since their marks name other clashes than
    there are. What was in doubt is so no longer, when the transaction ends.
    """
    mine = Doubt.objects.filter(tenant_id=current_tenant().pk)
    rows = dict(mine.values_list("pk", "session"))
    mine.filter(pk__in=rows).delete()
    return differing(set(rows.values()))


def in_doubt() -> bool:
    return Doubt.objects.filter(tenant_id=current_tenant().pk).exists()


def differing(sessions: Collection[int]) -> set[int]:
    """Of the sessions, those whose marks name other clashes with other bases than there are: person
    by person, since a session that names one may have another that it does not.
    """
    logs = SessionLog.objects.filter(session__in=sessions).select_related("session")
    found = set()
    for log in logs:
        rows = Attendance.objects.filter(session=log.session_id, said_minutes__gt=0)
        persons = digests_of(list(rows.values_list("enrolment_id", flat=True)))
        span = span_of(log.session, log.opened_at, log.closed_at)
        taught = clashes_elsewhere(span, trainers_of(log.session_id))
        if (
            clashes_elsewhere(span, persons).tokens != named_in(log.session_id)
            or sorted(taught.others) != log.trainers_elsewhere
        ):
            found.add(log.session_id)
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
        [
            *(row.session, hashlib.sha256(bytes(row.person)).hexdigest()),
            *(row.starts_at, row.ends_at, row.teaches),
        ]
        for row in rows
    ]
