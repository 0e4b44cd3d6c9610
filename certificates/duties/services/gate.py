"""What the past certificates of a trade say of its next class."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from certificates.duties import rules
from certificates.duties.models import GateException, OpeningCheck
from certificates.models import Certificate, FollowUp, Outcome
from certificates.rules import Destination
from certificates.services.outcomes import histories
from courses.directory.models import RuleSet
from courses.extensions import Judged, OpeningRule
from courses.models import TrainingClass
from courses.services.classes import rule_set_on
from tenants.models import Trade
from tenants.verdict import Verdict

#: An exception is for the time until things are put right, not for good.
LONGEST_EXCEPTION = 366  # days
#: What a certificate proves itself with: much, and not asked for here.
HEAVY = ("claims", "evidence", "token", "plugins", "enrolment__photo")


@dataclass(frozen=True)
class Past:
    """One certificate of the trade that counts, or whose duty is overdue."""

    certificate: Certificate
    issued_on: date
    counts: bool
    known: Destination
    outcome: Outcome | None
    overdue: int


@dataclass(frozen=True)
class Asked:
    """A trade's past on one day: the rule set's terms, everybody, and what follows."""

    terms: rules.Terms
    people: list[Past]
    verdicts: list[Verdict]


def terms_of(rule_set: RuleSet) -> rules.Terms:
    return rules.Terms(
        mode=rule_set.gate,
        known_percent=rule_set.gate_known_percent,
        employed_percent=rule_set.gate_employed_percent,
        after_days=rule_set.gate_after_days,
        window_days=rule_set.gate_window_days,
        source=str(rule_set),
    )


def ask(trade: Trade, on: date, lock: bool = False) -> Asked:
    """Ask the trade's certificates on the day `on`. With `lock` nothing of them changes until the
    transaction ends: the rows are locked in the order in which outcomes lock them.
    """
    terms = terms_of(rule_set_on(on))
    if terms.mode == "off":
        return Asked(terms, [], [])
    certificates = list(_of_trade(trade, on, terms, lock))
    first = _first_issue(certificates)
    late = _overdue(certificates, on)
    asked = [c for c in certificates if rules.counts(first[c.pk], on, terms) or c.pk in late]
    said = histories(asked)
    people = [
        Past(
            c,
            first[c.pk],
            rules.counts(first[c.pk], on, terms),
            said[c.pk].known,
            said[c.pk].counts,
            late.get(c.pk, 0),
        )
        for c in asked
    ]
    values = [past.known.value for past in people if past.counts]
    return Asked(terms, people, rules.gate(values, sum(late.values()), terms))


def _of_trade(trade: Trade, on: date, terms: rules.Terms, lock: bool) -> QuerySet[Certificate]:
    """Those that may count or be overdue: the first version is never younger than the last."""
    open_duties = FollowUp.objects.filter(done_on__isnull=True, due_on__lt=on)
    found = Certificate.objects.filter(
        Q(issued_on__gte=on - timedelta(days=terms.window_days))
        | Q(pk__in=open_duties.values("certificate")),
        enrolment__training_class__project__trade=trade,
        status=Certificate.Status.VALID,
    )
    if lock:
        found = found.select_for_update(of=("self",))
    return found.select_related("enrolment__training_class").defer(*HEAVY).order_by("pk")


def _first_issue(certificates: list[Certificate]) -> dict[int, date]:
    """The day of the first version: a correction makes nobody's certificate younger."""
    enrolments = {c.enrolment_id for c in certificates if c.replaces_id}
    versions = Certificate.objects.filter(enrolment_id__in=enrolments).only(
        "replaces_id", "issued_on"
    )
    older = {c.pk: c for c in versions}
    found = {}
    for certificate in certificates:
        version = certificate
        while version.replaces_id:
            version = older[version.replaces_id]
        found[certificate.pk] = version.issued_on
    return found


def _overdue(certificates: list[Certificate], on: date) -> dict[int, int]:
    """Open duties by certificate that are past their day, and past the next call if one was set."""
    found: dict[int, int] = {}
    duties = FollowUp.objects.filter(
        certificate__in=certificates, done_on__isnull=True, due_on__lt=on
    ).filter(Q(next_call_on__isnull=True) | Q(next_call_on__lt=on))
    for key in duties.values_list("certificate_id", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def exceptions_for(trade: Trade, code: str, on: date) -> QuerySet[GateException]:
    """Exceptions that let the class with this code open on that day; the newest first."""
    mine = GateException.objects.filter(trade=trade)
    return mine.filter(Q(until__gte=on) | (Q(class_code__iexact=code) & ~Q(class_code="")))


def _judge(trade: Trade, code: str, on: date, lock: bool) -> Judged:
    asked = ask(trade, on, lock)
    refuses = asked.terms.mode == RuleSet.Gate.REFUSE
    exception = None
    if any(not verdict.ok for verdict in asked.verdicts):
        exception = exceptions_for(trade, code, on).first()
    try:
        link = reverse("gate_names", args=[trade.code])
    except NoReverseMatch:  # no request: a command, a test
        link = f"/desk/gate/{trade.code}/"
    return Judged(
        verdicts=tuple(asked.verdicts),
        refuses=refuses and exception is None,
        note=_note(exception) if exception else ("", ""),
        link=link,
        kept=(asked.terms.mode, exception),
    )


def _note(exception: GateException) -> tuple[str, str]:
    when = f"{timezone.localtime(exception.at):%Y-%m-%d}"
    return (
        f"服务中心 {exception.officer} {when} 批准例外：{exception.reason}",
        f"exception by {exception.officer} of the centre, {when}: {exception.reason}",
    )


def _keep(opened: TrainingClass, judged: Judged) -> None:
    mode, exception = judged.kept
    if mode != "off":
        OpeningCheck.objects.create(
            training_class=opened,
            mode=mode,
            verdicts=[verdict.as_json() for verdict in judged.verdicts],
            exception=exception,
        )


def _kept(opened: TrainingClass) -> Judged | None:
    checks = OpeningCheck.objects.select_related("exception")
    found = checks.filter(training_class=opened).first()
    if found is None:
        return None
    return Judged(
        verdicts=tuple(Verdict(**verdict) for verdict in found.verdicts),
        note=_note(found.exception) if found.exception else ("", ""),
    )


RULE = OpeningRule("gate", _judge, _keep, _kept)


@transaction.atomic
def grant_exception(
    trade: Trade, reason: str, officer: str, account: str, until: date | None, class_code: str
) -> GateException:
    """Write an exception into the base that is the current tenant. Raises ValidationError."""
    faults = {}
    today, class_code = timezone.localdate(), class_code.strip()
    if not reason.strip():
        faults["reason"] = "请写明理由 / give the reason"
    if bool(until) == bool(class_code):
        faults["until"] = (
            "请填写截止日期或班次代码，二者选一 / give a last day or the code of one class, not both"
        )
    elif until and not 0 <= (until - today).days <= LONGEST_EXCEPTION:
        faults["until"] = "截止日期应在今天起一年之内 / the last day lies within a year from today"
    elif class_code and TrainingClass.objects.filter(code__iexact=class_code).exists():
        faults["class_code"] = "这个班已经开了 / that class is open already"
    if faults:
        raise ValidationError(faults)
    return GateException.objects.create(
        trade=trade,
        until=until,
        class_code=class_code[:40],
        reason=reason.strip()[:400],
        officer=officer[:60],
        account=account[:150],
    )
