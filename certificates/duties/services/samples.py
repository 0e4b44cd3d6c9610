"""Sample checks: what the centre hears, what the base had said, and what it answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from certificates.duties import rules
from certificates.duties.models import (
    Call,
    Result,
    SampleAnswer,
    SampleCheck,
    SampledPerson,
    SampleLook,
)
from certificates.models import Certificate, FollowUp, Outcome
from certificates.rules.employment import HIRED, VALUES, WORK
from certificates.services.outcomes import (
    Facts,
    History,
    current_version,
    histories,
    history_of,
    is_division_code,
    record_outcome,
)
from tenants.staff.models import User


@dataclass(frozen=True)
class Heard:
    """What an officer heard; fields as in `SampleCheck`."""

    result: str
    kind: str = ""
    employer: str = ""
    place_code: str = ""
    started_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Sampled:
    """A sampled person as the centre's list shows it. Everything is read: it may leave the base's schema.

    `state`: `waiting` (the base has not said anything, and nothing is overdue), `ready`, `agrees`, `open`
    (a discrepancy without an answer), `answered`, `void` (revoked before anybody called). `check` is the
    call that reached somebody.
    """

    pk: int
    name: str
    number: str
    class_code: str
    course: str
    issued_on: date
    state: str
    attempts: int
    check: SampleCheck | None
    answer: SampleAnswer | None
    revoked: bool


def sampled(pk: int | None = None) -> list[Sampled]:
    """The sampled people of the base that is the current tenant, or the one with that key."""
    people = SampledPerson.objects.select_related(
        "certificate__enrolment__training_class", "draw"
    ).prefetch_related("checks__answer__by")
    if pk is not None:
        people = people.filter(pk=pk)
    rows = list(people)
    now = {row.pk: current_version(row.certificate) for row in rows}
    said = histories(now.values())
    late = _late(now.values())
    return [_sampled(row, now[row.pk], said[now[row.pk].pk], late) for row in rows]


def _sampled(
    row: SampledPerson, certificate: Certificate, history: History, late: set[int]
) -> Sampled:
    checks = list(row.checks.all())
    check = next((each for each in checks if each.result == Result.REACHED), None)
    answer = getattr(check, "answer", None) if check else None
    revoked = certificate.status == Certificate.Status.REVOKED
    if check:
        state = "answered" if answer else "open" if check.differences else "agrees"
    elif revoked:
        state = "void"
    else:
        state = "ready" if history.counts or certificate.pk in late else "waiting"
    training_class = row.certificate.enrolment.training_class
    return Sampled(
        pk=row.pk,
        name=certificate.holder_name,
        number=certificate.number,
        class_code=training_class.code,
        course=training_class.project_name,
        issued_on=row.certificate.issued_on,
        state=state,
        attempts=len(checks),
        check=check,
        answer=answer,
        revoked=revoked,
    )


def _late(certificates: Iterable[Certificate]) -> set[int]:
    duties = FollowUp.objects.filter(certificate__in=certificates, done_on__isnull=True)
    return set(duties.filter(due_on__lt=timezone.localdate()).values_list("certificate", flat=True))


@transaction.atomic
def look(pk: int, officer: str, account: str) -> str:
    """The phone number of a sampled person; that it was seen is written first. Raises ValidationError for
    somebody who is not to be called.
    """
    person = SampledPerson.objects.select_for_update().get(pk=pk)
    certificate = _callable(person)
    SampleLook.objects.create(person=person, officer=officer[:60], account=account[:150])
    return str(certificate.trainee.phone)


def _callable(person: SampledPerson) -> Certificate:
    found = sampled(person.pk)[0]
    if found.state == "void":
        raise ValidationError(
            "证书已撤销，不再抽查；系统会另抽一人"
            " / the certificate is revoked: somebody else is drawn instead"
        )
    if found.state == "waiting":
        raise ValidationError(
            "基地还没有登记去向，也没有逾期，请等一等"
            " / the base has not recorded an outcome, and nothing is overdue: wait"
        )
    if found.state != "ready":
        raise ValidationError("这个人已经抽查过 / this person has been called already")
    return current_version(person.certificate)


@transaction.atomic
def record_check(pk: int, heard: Heard, officer: str, account: str) -> SampleCheck:
    """Write what was heard, and beside it what the base had on record until now.

    Raises ValidationError: for whoever has recorded or called this person at the base, before the number
    was looked at, for somebody who is not to be called, and for facts that cannot be.
    """
    person = SampledPerson.objects.select_for_update().get(pk=pk)
    certificate = _callable(person)
    history = history_of(certificate)
    if any(rules.same_person(officer, name) for name in _recorders(certificate, history)):
        raise ValidationError(
            "您在基地登记或回访过此人，请由别人抽查"
            " / you have recorded or called this person at the base: somebody else checks"
        )
    if not person.looks.filter(account=account).exists():
        raise ValidationError("请先查看电话号码并打电话 / see the number and make the call first")
    if faults := _faults(heard):
        raise ValidationError(faults)
    reached = heard.result == Result.REACHED
    row = history.counts
    base = rules.Version(row.kind, row.employer, row.started_on) if row else None
    centre = rules.Version(heard.kind, heard.employer, heard.started_on)
    works = heard.kind in WORK
    check = SampleCheck(
        person=person,
        certificate=certificate,
        result=heard.result,
        kind=heard.kind if reached else "",
        employer=heard.employer.strip() if works else "",
        place_code=heard.place_code.strip() if works else "",
        started_on=heard.started_on if works else None,
        note=heard.note.strip(),
        outcome=row,
        base_kind=row.kind if row else "",
        base_employer=row.employer if row else "",
        base_started_on=row.started_on if row else None,
        base_by=str(row.recorded_by or row.said_by)[:100] if row else "",
        differences=list(rules.differences(base, centre)) if reached else [],
        officer=officer[:60],
        account=account[:150],
    )
    check.full_clean(exclude=["outcome", "base_started_on", "differences"])
    check.save()
    return check


def _recorders(certificate: Certificate, history: History) -> set[str]:
    names = {str(row.recorded_by or row.said_by) for row in history.rows}
    calls = Call.objects.filter(trainee_id=certificate.trainee_id).select_related("by")
    return names | {str(call.by) for call in calls}


def _faults(heard: Heard) -> dict[str, str]:
    faults: dict[str, str] = {}
    if heard.result != Result.REACHED:
        return faults
    if heard.kind not in VALUES:
        faults["kind"] = (
            "请选择去向；没有问出来的，结果选“拒绝回答”"
            " / choose an outcome; where you heard none the result is “refused”"
        )
    if heard.kind in HIRED and not heard.employer.strip():
        faults["employer"] = "请填写用人单位 / name the employer"
    if heard.kind in WORK and heard.started_on is None:
        faults["started_on"] = "请填写起始日期 / give the start date"
    if heard.started_on and heard.started_on > timezone.localdate():
        faults["started_on"] = "起始日期不能晚于今天 / the start date lies in the future"
    if heard.kind == Outcome.Kind.OUTWARD and not is_division_code(heard.place_code.strip()):
        faults["place_code"] = (
            "请填写就业地的区划代码 / give the division code of the place of work"
        )
    return faults


def open_discrepancies() -> QuerySet[SampleCheck]:
    """Discrepancies of this base that wait for an answer."""
    return SampleCheck.objects.exclude(differences=[]).filter(answer__isnull=True)


@transaction.atomic
def answer(check: SampleCheck, text: str, accept: bool, by: User) -> SampleAnswer:
    """Explain a discrepancy, and with `accept` take over what the centre heard: a new outcome that
    overrules the one on record, for the reason that is given. Raises ValidationError.
    """
    locked = SampleCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
    if not locked.differences or SampleAnswer.objects.filter(found=locked).exists():
        raise ValidationError("这一项已经答复或没有差异 / there is nothing to answer here any more")
    if not text.strip():
        raise ValidationError({"text": "请写明情况 / say what happened"})
    outcome = None
    if accept:
        certificate = current_version(locked.certificate)
        row = history_of(certificate).counts
        outcome = record_outcome(
            certificate,
            Facts(
                kind=locked.kind,
                evidence=Outcome.Evidence.LIAISON_CALL,
                employer=locked.employer,
                place_code=locked.place_code,
                started_on=locked.started_on,
                replaces=row,
                reason=text.strip()[:200] if row else "",
            ),
            by=by,
        )
    return SampleAnswer.objects.create(
        found=locked, text=text.strip()[:400], outcome=outcome, by=by
    )
