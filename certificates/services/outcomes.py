"""Write down what came of a certificate, and read what counts of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates import rules
from certificates.models import Certificate, FollowUp, Objection, Outcome
from certificates.rules.employment import HIRED, VALUES, WORK
from courses.moments import chain_moved
from courses.rules import PROVINCES
from tenants.provisioning import fault_of_uscc
from tenants.staff.models import User

#: Whoever was at work before the training may say so; a slip of the year is refused.
LONGEST_AT_WORK = timedelta(days=40 * 366)
DIVISION_DIGITS = (2, 4, 6, 9, 12)
Faults = dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What somebody says of a holder; fields as in `Outcome`. `replaces` and `ends` are rows of the same
    certificate: the one that this overrules for a `reason`, the job that was left on `ended_on`.
    """

    kind: str
    evidence: str
    employer: str = ""
    employer_uscc: str = ""
    employer_trade: str = ""
    place_code: str = ""
    job: str = ""
    started_on: date | None = None
    full_time: bool = True
    contract: str = ""
    wage: str = ""
    note: str = ""
    replaces: Outcome | None = None
    reason: str = ""
    ends: Outcome | None = None
    ended_on: date | None = None
    end_reason: str = ""


@dataclass(frozen=True)
class History:
    """Everything that was said of a certificate and of the versions before it, and what counts of it."""

    rows: list[Outcome] = field(default_factory=list)
    known: rules.Destination = field(default_factory=rules.Destination)

    @property
    def counts(self) -> Outcome | None:
        return next((row for row in self.rows if row.pk == self.known.key), None)

    @property
    def contested(self) -> list[Outcome]:
        return [row for row in self.rows if row.pk in self.known.contested]


@transaction.atomic
def record_outcome(
    certificate: Certificate, facts: Facts, by: User | None = None, said_by: str = ""
) -> Outcome:
    """Append what `by` (an account of the base) or `said_by` (somebody else) says; close the follow-up
    duty that is due when it is knowledge.

    Raises ValidationError with what to do: for a certificate that is not valid, for facts that cannot be.
    """
    # Of the person, not of the certificate alone: nobody has two full-time jobs.
    held = Certificate.objects.select_for_update().filter(trainee_id=certificate.trainee_id)
    locked = next(row for row in held.order_by("pk") if row.pk == certificate.pk)
    _refuse_invalid(locked)
    faults = _faults(facts, locked) | _faults_of_ends(facts, history_of(locked))
    if not faults:
        faults = _second_job(facts, locked)
    if faults:
        raise ValidationError(faults)
    values = {name: v.strip() if isinstance(v, str) else v for name, v in vars(facts).items()}
    early = facts.started_on is not None and facts.started_on < locked.issued_on
    outcome = Outcome(
        certificate=locked,
        **values,
        flags=["before_issue"] if early and facts.kind in WORK else [],
        recorded_by=by,
        said_by=said_by.strip()[:100],
    )
    outcome.full_clean()
    outcome.save()
    if facts.kind in VALUES:
        _close_duties(locked, outcome)
    chain_moved.send(None, enrolments={locked.enrolment_id})
    return outcome


def _refuse_invalid(certificate: Certificate) -> None:
    if certificate.status == Certificate.Status.SUPERSEDED:
        raise ValidationError(
            "证书已换发，请在新版本上登记 / the certificate is superseded: record it at the new version"
        )
    if certificate.status != Certificate.Status.VALID:
        raise ValidationError("证书已撤销，不能登记去向 / the certificate is revoked")


def _faults(facts: Facts, certificate: Certificate) -> Faults:
    """What is wrong with the facts by themselves, by field."""
    faults: Faults = {}
    start, today = facts.started_on, timezone.localdate()
    if facts.kind in WORK and start is None:
        faults["started_on"] = "请填写起始日期 / give the start date"
    if facts.kind in HIRED and not facts.employer.strip():
        faults["employer"] = "请填写用人单位 / name the employer"
    if facts.kind == Outcome.Kind.OUTWARD and not facts.place_code:
        faults["place_code"] = (
            "请填写就业地的区划代码 / give the division code of the place of work"
        )
    if facts.place_code and not is_division_code(facts.place_code):
        faults["place_code"] = (
            "区划代码应为 2、4、6、9 或 12 位数字，前两位是省份"
            " / a division code has 2, 4, 6, 9 or 12 digits and begins with its province"
        )
    if facts.employer_uscc and (fault := fault_of_uscc(facts.employer_uscc.strip())):
        faults["employer_uscc"] = fault
    if start and start > today:
        faults["started_on"] = "起始日期不能晚于今天 / the start date lies in the future"
    if start and start < certificate.issued_on - LONGEST_AT_WORK:
        faults["started_on"] = "请核对起始年份 / check the year of the start"
    return faults


def _faults_of_ends(facts: Facts, history: History) -> Faults:
    """What is wrong with what the facts do to earlier rows."""
    faults: Faults = {}
    known = {row.pk: row for row in history.rows}
    if facts.replaces is not None:
        if facts.replaces.pk not in known or known[facts.replaces.pk].replaced_by.exists():
            faults["replaces"] = (
                "这条记录已被更正，请刷新页面 / it was overruled already: load the page anew"
            )
        elif not facts.reason.strip():
            faults["reason"] = "请写明更正理由 / say why it is overruled"
    job = facts.ends
    if job is not None:
        if job.pk not in known or job.kind not in WORK or known[job.pk].ended_by.exists():
            faults["ends"] = (
                "这份工作已经结束，请刷新页面 / that job has ended already: load the page anew"
            )
        elif facts.ended_on is None or not facts.end_reason:
            faults["ended_on"] = "请填写离职日期和原因 / give the day and the reason of leaving"
        elif facts.ended_on > timezone.localdate():
            faults["ended_on"] = "离职日期不能晚于今天 / the day of leaving lies in the future"
        elif job.started_on and facts.ended_on < job.started_on:
            faults["ended_on"] = "离职日期不能早于起始日期 / nobody leaves before the first day"
    return faults


def _second_job(facts: Facts, certificate: Certificate) -> Faults:
    """Refuse a second full-time job of the person beside one that nobody has ended."""
    if facts.kind not in WORK or not facts.full_time:
        return {}
    mine = Certificate.objects.filter(
        trainee_id=certificate.trainee_id, status=Certificate.Status.VALID
    )
    gone = {row.pk for row in (facts.replaces, facts.ends) if row}
    for history in histories(list(mine)).values():
        job = history.counts
        if job is None or not history.known.full_time or job.pk in gone:
            continue
        same = job.employer_uscc or job.employer
        if same and same in (facts.employer_uscc.strip(), facts.employer.strip()):
            continue  # the same job, said once more
        again = job.kind == facts.kind or job.certificate.enrolment_id == certificate.enrolment_id
        if again and not same:
            continue  # work for oneself is told anew, not doubled
        return {
            "full_time": (
                f"已登记全日制工作“{job.employer or job.get_kind_display()}”，"
                "请先登记离职，或改为非全日制、更正原记录"
                f" / a full-time job is on record ({job.employer or job.kind}): end it first, overrule"
                " it, or say that this one is part-time"
            )
        }
    return {}


def is_division_code(text: str) -> bool:
    """2 to 12 digits of whole levels, in a province that exists."""
    return (
        text.isascii()
        and text.isdigit()
        and len(text) in DIVISION_DIGITS
        and (text[:2] in PROVINCES)
    )


def _close_duties(certificate: Certificate, outcome: Outcome) -> None:
    """Knowledge closes what is due, or else the next duty: it was asked early."""
    open_ones = FollowUp.objects.filter(certificate=certificate, done_on__isnull=True)
    today = timezone.localdate()
    due = [duty.pk for duty in open_ones.order_by("due_on") if duty.due_on <= today]
    if not due:
        due = list(open_ones.order_by("due_on").values_list("pk", flat=True)[:1])
    FollowUp.objects.filter(pk__in=due).update(done_on=today, outcome=outcome, next_call_on=None)


@transaction.atomic
def object_to(outcome: Outcome, text: str) -> Objection:
    """The holder says that it is not so; until it is decided the outcome counts as unknown."""
    if not text.strip():
        raise ValidationError("请写明哪里不对 / say what is wrong")
    certificate = Certificate.objects.select_for_update().get(pk=outcome.certificate_id)
    if outcome.objections.filter(state=Objection.State.OPEN).exists():
        raise ValidationError("已收到异议，正在核实 / an objection is being looked into already")
    made = Objection.objects.create(outcome=outcome, text=text.strip()[:400])
    chain_moved.send(None, enrolments={certificate.enrolment_id})
    return made


@transaction.atomic
def decide_objection(found: Objection, upheld: bool, by: User, note: str) -> Objection:
    """Close an objection. One that is upheld overrules the outcome: it counts as unknown from then on.

    Raises ValidationError without a note, or when it is decided already.
    """
    certificate = current_version(found.outcome.certificate)
    Certificate.objects.select_for_update().get(pk=certificate.pk)
    locked = Objection.objects.select_for_update().get(pk=found.pk)
    if locked.state != Objection.State.OPEN:
        raise ValidationError("这项异议已经办结，请刷新页面 / this has been decided already")
    if not note.strip():
        raise ValidationError("请写明核实的情况 / say what was found out")
    locked.state = Objection.State.UPHELD if upheld else Objection.State.REFUSED
    locked.decided_by, locked.decided_at, locked.note = by, timezone.now(), note.strip()[:200]
    locked.save(update_fields=["state", "decided_by", "decided_at", "note"])
    if upheld and not locked.outcome.replaced_by.exists():
        Outcome.objects.create(
            certificate=certificate,
            kind=Outcome.Kind.UNKNOWN,
            evidence=Outcome.Evidence.SELF_REPORTED,
            replaces=locked.outcome,
            reason=locked.note,
            recorded_by=by,
        )
    chain_moved.send(None, enrolments={certificate.enrolment_id})
    return locked


def current_version(certificate: Certificate) -> Certificate:
    """The newest version: of a superseded certificate the one that replaced it."""
    newer = Certificate.objects.filter(replaces=certificate).first()
    return current_version(newer) if newer else certificate


def history_of(certificate: Certificate) -> History:
    return histories([certificate])[certificate.pk]


def histories(certificates: Iterable[Certificate]) -> dict[int, History]:
    """The history of each certificate by its key, in a fixed number of queries.

    What was said of a superseded version is said of the newest one.
    """
    certificates = list(certificates)
    enrolments = {certificate.enrolment_id for certificate in certificates}
    before = dict(
        Certificate.objects.filter(enrolment_id__in=enrolments, replaces__isnull=False).values_list(
            "pk", "replaces_id"
        )
    )
    chain = {certificate.pk: _versions(certificate.pk, before) for certificate in certificates}
    wanted = {pk for versions in chain.values() for pk in versions}
    rows: dict[int, list[Outcome]] = {}
    said = Outcome.objects.filter(certificate_id__in=wanted)
    said = said.select_related("certificate", "recorded_by")
    for row in said.order_by("id"):
        rows.setdefault(row.certificate_id, []).append(row)
    open_ones = Objection.objects.filter(
        outcome__certificate_id__in=wanted, state=Objection.State.OPEN
    )
    objected = set(open_ones.values_list("outcome_id", flat=True))
    found = {}
    for pk, versions in chain.items():
        mine = sorted((row for v in versions for row in rows.get(v, [])), key=lambda row: row.pk)
        found[pk] = History(mine, _read(mine, objected))
    return found


def _versions(pk: int, before: dict[int, int]) -> list[int]:
    found = [pk]
    while found[-1] in before:
        found.append(before[found[-1]])
    return found


def _read(rows: list[Outcome], objected: set[int]) -> rules.Destination:
    said = [
        rules.Said(
            key=row.pk,
            kind=row.kind,
            evidence=row.evidence,
            started_on=row.started_on,
            over=frozenset(pk for pk in (row.replaces_id, row.ends_id) if pk),
            objected=row.pk in objected,
            full_time=row.full_time,
        )
        for row in rows
    ]
    return rules.destination_of(said, frozenset(row.ends_id for row in rows if row.ends_id))
