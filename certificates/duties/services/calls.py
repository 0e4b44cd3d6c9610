"""Whom to call today, and what came of a call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from certificates.duties import rules
from certificates.duties.models import Call, Result
from certificates.models import Certificate, FollowUp, Outcome
from certificates.rules.employment import VALUES, WORK
from certificates.services.outcomes import Facts, histories, record_outcome
from courses.models import Trainee
from tenants.staff.models import User

#: Everything stays as it is on record.
SAME = "same"
#: What is said once more of a job that goes on.
STAYS = (
    *("kind", "employer", "employer_uscc", "employer_trade", "place_code", "job"),
    *("started_on", "full_time", "contract", "wage"),
)
#: Neither claims and evidence of a certificate nor the photo are read for a list of names.
HEAVY = tuple(
    f"certificate__{name}"
    for name in ("claims", "evidence", "token", "plugins", "enrolment__photo")
)
WHOLE_LIST = "certificates.view_certificate"


def tel(phone: str) -> str:
    """For a link that dials: digits and a leading plus."""
    return "".join(sign for sign in phone if sign.isascii() and (sign.isdigit() or sign == "+"))


@dataclass(frozen=True)
class Filter:
    """Of the call list; empty is everybody. `mine` is the account that duties are assigned to."""

    state: str = ""
    trade: str = ""
    training_class: str = ""
    village: str = ""
    mine: int | None = None


@dataclass(frozen=True)
class ToCall:
    """A line of the call list."""

    line: rules.Line
    trainee: Trainee
    duties: list[FollowUp]
    last: Call | None

    @property
    def tel(self) -> str:
        return tel(self.trainee.phone)

    @property
    def assigned(self) -> list[str]:
        return sorted({str(d.assigned_to) for d in self.duties if d.assigned_to})


@dataclass(frozen=True)
class Said:
    """What came of a call. `kind` is a kind of outcome, or `same`; empty when nobody was reached.
    The end of the job on record (`ended_on`, `end_reason`) is asked when it is another one now.
    """

    result: str
    who: str = ""
    kind: str = ""
    employer: str = ""
    place_code: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    end_reason: str = ""
    next_call_on: date | None = None
    note: str = ""


def open_duties(user: User) -> QuerySet[FollowUp]:
    """The duties in this person's sight: all of the base for whoever may see its certificates, those of
    the own villages for a liaison; none for a liaison without villages.
    """
    found = FollowUp.objects.filter(done_on__isnull=True, certificate__status="valid")
    if user.has_perm(WHOLE_LIST):
        return found
    if not user.has_perm("duties.call_people") or not user.division_prefix:
        return found.none()
    return found.filter(certificate__trainee__village__code__startswith=user.division_prefix)


def call_list(user: User, asked: Filter, today: date) -> list[ToCall]:
    """One line a person, whoever waits longest first; at most a week ahead unless `later` is asked."""
    duties = open_duties(user).select_related(
        "assigned_to", "certificate__trainee__village__parent", "certificate__enrolment"
    )
    duties = duties.select_related("certificate__enrolment__training_class").defer(*HEAVY)
    if asked.state != "later":
        duties = duties.filter(due_on__lte=today + timedelta(days=rules.SOON))
    if asked.trade:
        duties = duties.filter(
            certificate__enrolment__training_class__project__trade__code=asked.trade
        )
    if asked.training_class:
        duties = duties.filter(certificate__enrolment__training_class__code=asked.training_class)
    if asked.village:
        duties = duties.filter(certificate__trainee__village__code=asked.village)
    if asked.mine is not None:
        duties = duties.filter(assigned_to=asked.mine)
    rows = {duty.pk: duty for duty in duties}
    lines = _lines(rows.values(), today)
    if asked.state:
        lines = [line for line in lines if line.state == asked.state]
    last = _last_calls([line.person for line in lines])
    return [
        ToCall(
            line,
            rows[line.duties[0].key].certificate.trainee,
            [rows[duty.key] for duty in line.duties],
            last.get(line.person),
        )
        for line in lines
    ]


def _lines(duties: Iterable[FollowUp], today: date) -> list[rules.Line]:
    return rules.folded(
        (rules.Duty(d.pk, d.certificate.trainee_id, d.due_on, d.next_call_on) for d in duties),
        today,
    )


def _last_calls(people: list[int]) -> dict[int, Call]:
    calls = Call.objects.filter(trainee_id__in=people).order_by("trainee_id", "-id")
    return {call.trainee_id: call for call in calls.distinct("trainee_id").select_related("by")}


def to_call(user: User, today: date) -> list[rules.Line]:
    """Who is to be called within a week, and who should have been: without names, in one query."""
    duties = open_duties(user).filter(due_on__lte=today + timedelta(days=rules.SOON))
    rows = duties.select_related("certificate").only(
        "due_on", "next_call_on", "certificate__trainee_id"
    )
    return _lines(rows, today)


def in_numbers(user: User, today: date) -> dict[str, int]:
    """People by state, for the list of calls."""
    counted = {"overdue": 0, "today": 0, "soon": 0, "later": 0}
    for line in to_call(user, today):
        counted[line.state] += 1
    return counted


def callers() -> QuerySet[User]:
    """Accounts to which duties can be assigned."""
    return (
        User.objects.filter(is_active=True, groups__permissions__codename="call_people")
        .distinct()
        .order_by("display_name", "pk")
    )


@transaction.atomic
def assign(people: Iterable[int], to: User | None, by: User) -> int:
    """Give every open duty of these people to an account, or to nobody; how many duties. Raises
    ValidationError for an account that may not call, or that does not see one of these people.
    """
    duties = open_duties(by).filter(certificate__trainee_id__in=set(people))
    if to is not None:
        if not callers().filter(pk=to.pk).exists():
            raise ValidationError("这个账号不能打回访电话 / this account may not call people")
        if duties.exclude(pk__in=open_duties(to).values("pk")).exists():
            raise ValidationError(
                "有的人不在该联络员所辖的村，请分开分配"
                " / some of these people live outside the liaison's villages: assign them to another"
            )
    return FollowUp.objects.filter(pk__in=list(duties.values_list("pk", flat=True))).update(
        assigned_to=to
    )


def misses(trainee: Trainee) -> int:
    """Calls in a row, the last ones, that reached nobody."""
    count = 0
    for result in trainee.calls.order_by("-id").values_list("result", flat=True)[:10]:
        if result == Result.REACHED:
            break
        count += 1
    return count


@transaction.atomic
def record_call(trainee: Trainee, said: Said, by: User) -> Call:
    """Write down a call. Knowledge becomes an outcome of each certificate that the call was for, with the
    evidence of a call, and closes their duties; anything else leaves them open until the next call.

    Raises ValidationError, and then nothing is written.
    """
    # As outcomes do: first everything that the person holds.
    list(Certificate.objects.select_for_update().filter(trainee=trainee).order_by("pk"))
    duties = list(
        open_duties(by)
        .filter(certificate__trainee=trainee)
        .select_related("certificate")
        .order_by("due_on", "pk")
    )
    if not duties:
        raise ValidationError("此人没有待办的回访 / nothing is open for this person")
    today = timezone.localdate()
    asked = [d for d in duties if d.due_on <= today + timedelta(days=rules.SOON)] or duties[:1]
    outcome = None
    if said.result == Result.REACHED and said.kind in (*VALUES, SAME):
        outcome = _told({duty.certificate for duty in asked}, said, by)
    day = None if outcome else _next_day(trainee, said, today)
    call = Call(
        trainee=trainee,
        result=said.result,
        who=said.who if said.result == Result.REACHED else "",
        outcome=outcome,
        next_call_on=day,
        note=said.note.strip(),
        by=by,
    )
    call.full_clean(exclude=["outcome", "next_call_on"])
    call.save()
    if day:
        FollowUp.objects.filter(pk__in=[d.pk for d in asked]).update(next_call_on=day)
    return call


def _next_day(trainee: Trainee, said: Said, today: date) -> date:
    missed = said.result != Result.REACHED
    proposed = rules.next_call(said.result, False, misses(trainee) + missed, today)
    day = said.next_call_on or proposed
    assert day is not None  # knowledge has no next day, and does not come here
    if fault := rules.fault_of_next_call(day, today):
        raise ValidationError({"next_call_on": fault})
    return day


def _told(certificates: set[Certificate], said: Said, by: User) -> Outcome:
    """Record what was told with each certificate, where a job is on record first: it ends before another
    one begins. Returns the first outcome.
    """
    on_record = {pk: history.counts for pk, history in histories(certificates).items()}
    first = next((row for row in on_record.values() if row), None)
    written = []
    for certificate in sorted(certificates, key=lambda c: (on_record[c.pk] is None, c.pk)):
        row = on_record[certificate.pk]
        if said.kind == SAME:
            facts = _same(row or first)
        else:
            facts = _facts(said, row)
        written.append(record_outcome(certificate, facts, by=by))
    return written[0]


def _same(row: Outcome | None) -> Facts:
    if row is None:
        raise ValidationError("还没有登记过去向，请选择一种 / nothing is on record: choose a kind")
    said = {name: getattr(row, name) for name in STAYS}
    return Facts(evidence="liaison_call", **said)


def _facts(said: Said, row: Outcome | None) -> Facts:
    """Another job, or none: the one on record has ended, if it was one."""
    ends = row if row is not None and row.kind in WORK else None
    works = said.kind in WORK
    return Facts(
        kind=said.kind,
        evidence="liaison_call",
        employer=said.employer if works else "",
        place_code=said.place_code if works else "",
        started_on=said.started_on if works else None,
        note=said.note,
        ends=ends,
        ended_on=said.ended_on if ends else None,
        end_reason=said.end_reason if ends else "",
    )
