"""Where each trainee of the base stands in the chain."""

from dataclasses import dataclass

from certificates import rules
from certificates.models import Certificate, Outcome
from certificates.services.evidence import cases_of
from certificates.services.outcomes import histories
from courses.models import Enrolment, TrainingClass

STEPS = (
    *("enrolled", "trained", "qualified", "certified"),
    *("employed", "unknown", "unemployed", "studying", "not_seeking"),
)


@dataclass(frozen=True)
class Place:
    """Where one trainee of a class stands in the chain."""

    enrolment: Enrolment
    steps: frozenset[str]
    certificate: Certificate | None
    known: rules.Destination
    outcome: Outcome | None


def places() -> list[Place]:
    """Every enrolment of the base with the steps it has reached.

    Each step needs the one before: whoever is certified was trained and qualified at issue, and
    the frozen certificate says so even when a mark is corrected later.
    """
    certificates = {
        c.enrolment_id: c for c in Certificate.objects.filter(status=Certificate.Status.VALID)
    }
    said = histories(certificates.values())
    found = []
    for training_class in TrainingClass.objects.select_related("project__trade", "rule_set"):
        for case in cases_of(training_class, ask_plugins=False):
            certificate = certificates.get(case.enrolment.pk)
            history = said[certificate.pk] if certificate else None
            steps = _steps(
                all(v.ok for v in case.trained), all(v.ok for v in case.qualified), certificate
            )
            if history:
                steps.add(rules.employed(history.known).value)
            found.append(
                Place(
                    case.enrolment,
                    frozenset(steps),
                    certificate,
                    history.known if history else rules.Destination(),
                    history.counts if history else None,
                )
            )
    return found


def _steps(trained: bool, qualified: bool, certificate: Certificate | None) -> set[str]:
    reached = rules.stage(trained, qualified, certificate is not None)
    order = ["enrolled", "trained", "qualified", "certified"]
    return set(order[: order.index(reached) + 1])


def funnel(found: list[Place]) -> dict[str, int]:
    """How many enrolments reached each step of STEPS."""
    return {step: sum(step in place.steps for place in found) for step in STEPS}
