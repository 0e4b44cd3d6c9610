"""What a person holds: certificates of all bases, and what bases have recorded of other bodies."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django_tenants.utils import tenant_context

from certificates.external.services import of_trainee
from certificates.jobs import PAPER
from certificates.models import Certificate
from certificates.register.elsewhere import Held, held_elsewhere
from certificates.register.models import RegisterEntry
from certificates.register.status import VALID, Answer, look_up
from certificates.services.papers import is_made, kept
from tenants.cells import is_here
from tenants.jobs.services import start


@dataclass(frozen=True)
class Recorded:
    """A certificate of another body, as `base` has written it down."""

    base: str
    kind: str
    title: str
    level: str
    number: str
    issuer: str
    issued_on: date
    expires_on: date | None
    address: str
    standing: str


@dataclass(frozen=True)
class Everything:
    """`answers` are those of this cell; `silent` are cells that did not answer."""

    answers: list[Answer]
    moved: list[Held]
    elsewhere: list[Held]
    silent: list[str]
    recorded: list[Recorded]


def entries_of(person: bytes) -> list[RegisterEntry]:
    rows = RegisterEntry.objects.filter(person=person).select_related("tenant")
    return list(rows.order_by("-issued_on", "-id"))


def everything_of(person: bytes) -> Everything:
    answers, moved = [], []
    entries = entries_of(person)
    for entry in entries:
        answer = look_up(entry.code)
        if answer.entry is None:
            moved.append(Held(entry.number, entry.claims.get("project_name", ""), answer.elsewhere))
        else:
            answers.append(answer)
    known = {entry.number for entry in entries}
    others, silent = held_elsewhere(person)
    return Everything(
        answers,
        moved,
        [held for held in others if held.number not in known],
        silent,
        recorded_of(entries),
    )


def recorded_of(entries: list[RegisterEntry]) -> list[Recorded]:
    """At the bases of this cell that have certified the person: no other base is asked."""
    found = []
    numbers: dict[int, RegisterEntry] = {entry.tenant_id: entry for entry in entries}
    for entry in numbers.values():
        if not is_here(entry.tenant) or entry.tenant.moving:
            continue
        with tenant_context(entry.tenant):
            certificate = Certificate.objects.filter(code=entry.code).select_related("trainee")
            for own in certificate:
                for row in of_trainee(own.trainee):
                    found.append(
                        Recorded(
                            entry.tenant.title,
                            row.kind.title,
                            row.title,
                            row.level,
                            row.number,
                            row.issuer,
                            row.issued_on,
                            row.expires_on,
                            row.address,
                            row.standing,
                        )
                    )
    return found


def may_download(answer: Answer) -> bool:
    """A paper that is revoked, superseded or in doubt is not handed out any more."""
    return answer.status == VALID and answer.entry is not None


def paper_of(entry: RegisterEntry) -> bytes | None:
    """The PDF from the private files of its base; None while a worker makes it.

    Raises PaperDamaged; LookupError when the base is on its way to another cell.
    """
    if not is_here(entry.tenant) or entry.tenant.moving:
        raise LookupError(entry.tenant.slug)
    with tenant_context(entry.tenant):
        certificate = Certificate.objects.get(code=entry.code)
        if is_made(certificate):
            return kept(certificate)
        back = reverse("certificate", args=[certificate.number], urlconf="lms.urls.base")
        start(PAPER, certificate.number, {"certificate": certificate.pk}, None, back)
        return None
