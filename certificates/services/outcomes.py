"""Outcomes of certificates, and the funnel that they end."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates import rules
from certificates.models import Certificate, FollowUp, Outcome
from certificates.services.evidence import cases_of
from courses.models import Enrolment, TrainingClass
from tenants.staff.models import User

#: Whoever was at work before the training may say so; a slip of the year is refused.
LONGEST_AT_WORK = timedelta(days=40 * 366)
STEPS = ("enrolled", "trained", "qualified", "certified", "employed", "unknown", "unemployed")


@transaction.atomic
def record_outcome(
    certificate: Certificate,
    *,
    kind: str,
    evidence: str,
    by: User,
    employer: str = "",
    started_on: date | None = None,
    note: str = "",
) -> Outcome:
    """Append an outcome and close the follow-up duty. Raises ValidationError with what to do."""
    faults = {}
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if certificate.status == Certificate.Status.SUPERSEDED:
        raise ValidationError(
            "证书已换发，请在新版本上登记 / the certificate is superseded: record it at the new version"
        )
    if certificate.status != Certificate.Status.VALID:
        raise ValidationError("证书已撤销，不能登记去向 / the certificate is revoked")
    if kind != Outcome.Kind.UNEMPLOYED and started_on is None:
        faults["started_on"] = "请填写起始日期 / give the start date"
    if kind in ("local", "outward", "overseas") and not employer.strip():
        faults["employer"] = "请填写用人单位 / name the employer"
    if started_on and started_on > timezone.localdate():
        faults["started_on"] = "起始日期不能晚于今天 / the start date lies in the future"
    if started_on and started_on < certificate.issued_on - LONGEST_AT_WORK:
        faults["started_on"] = "请核对起始年份 / check the year of the start"
    if faults:
        raise ValidationError(faults)
    outcome = Outcome(
        certificate=certificate,
        kind=kind,
        employer=employer.strip(),
        started_on=started_on,
        evidence=evidence,
        note=note.strip(),
        recorded_by=by,
    )
    outcome.full_clean()
    outcome.save()
    FollowUp.objects.filter(certificate=certificate, done_on__isnull=True).update(
        done_on=timezone.localdate()
    )
    return outcome


@dataclass(frozen=True)
class Place:
    """Where one trainee of a class stands in the chain."""

    enrolment: Enrolment
    steps: frozenset[str]
    certificate: Certificate | None
    outcome: Outcome | None


def latest_outcomes(certificates: list[Certificate]) -> dict[int, Outcome]:
    rows = Outcome.objects.filter(certificate__in=certificates).order_by("id")
    return {row.certificate_id: row for row in rows}


def places() -> list[Place]:
    """Every enrolment of the base with the steps it has reached.

    Each step needs the one before: whoever is certified was trained and qualified at issue, and
    the frozen certificate says so even when a mark is corrected later.
    """
    certificates = {
        c.enrolment_id: c for c in Certificate.objects.filter(status=Certificate.Status.VALID)
    }
    outcomes = latest_outcomes(list(certificates.values()))
    found = []
    for training_class in TrainingClass.objects.select_related("project__trade", "rule_set"):
        for case in cases_of(training_class, ask_plugins=False):
            certificate = certificates.get(case.enrolment.pk)
            outcome = outcomes.get(certificate.pk) if certificate else None
            steps = _steps(
                all(v.ok for v in case.trained), all(v.ok for v in case.qualified), certificate
            )
            if certificate:
                steps.add(_employment(outcome))
            found.append(Place(case.enrolment, frozenset(steps), certificate, outcome))
    return found


def _steps(trained: bool, qualified: bool, certificate: Certificate | None) -> set[str]:
    reached = rules.stage(trained, qualified, certificate is not None)
    order = ["enrolled", "trained", "qualified", "certified"]
    return set(order[: order.index(reached) + 1])


def _employment(outcome: Outcome | None) -> str:
    known = None
    if outcome is not None:
        known = rules.Destination(outcome.kind, outcome.evidence, outcome.started_on)
    return rules.employed(known).value


def funnel(found: list[Place]) -> dict[str, int]:
    """How many enrolments reached each step of STEPS."""
    return {step: sum(step in place.steps for place in found) for step in STEPS}
