"""Where each trainee of the base stands in the chain."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from certificates import rules
from certificates.figures.rules.counts import STEPS
from certificates.models import Certificate, Outcome
from certificates.services.outcomes import histories
from certificates.services.progress import progress_of
from courses.models import Enrolment, TrainingClass

__all__ = ["STEPS", "Place", "funnel", "places"]


@dataclass(frozen=True)
class Place:
    """Where one trainee of a class stands in the chain. `certified_on` is the day of the first version
    of the certificate.
    """

    enrolment: Enrolment
    steps: frozenset[str]
    certificate: Certificate | None
    known: rules.Destination
    outcome: Outcome | None
    certified_on: date | None = None

    @property
    def reached(self) -> str:
        """The farthest step of the chain."""
        return next(step for step in reversed(STEPS[:4]) if step in self.steps)


def places(enrolments: Collection[int] | None = None) -> list[Place]:
    """Every enrolment of the base that counts, or those of the given that do, with the steps it has
    reached. Who gave up the class stays enrolled and gets no farther.

    Each step needs the one before: whoever is certified was trained and qualified at issue, and
    the frozen certificate says so even when a mark is corrected later. Plugins are not asked.
    """
    rows = Enrolment.objects.counted().defer("photo").select_related("trainee")
    held = Certificate.objects.filter(status=Certificate.Status.VALID)
    if enrolments is not None:
        rows, held = rows.filter(pk__in=enrolments), held.filter(enrolment__in=enrolments)
    certificates = {c.enrolment_id: c for c in held}
    said, since = histories(certificates.values()), _first_days(certificates)
    found = []
    ordered = rows.order_by("-training_class__starts_on", "training_class__code", "id")
    every = list(ordered.prefetch_related("trainee__village"))
    classes = _classes({row.training_class_id for row in every})
    for key, group in groupby(every, key=lambda row: row.training_class_id):
        people, training_class = list(group), classes[key]
        come = progress_of(training_class, [p.pk for p in people if p.pk not in certificates])
        for enrolment in people:
            enrolment.training_class = training_class  # one object, however many people
            certificate = certificates.get(enrolment.pk)
            history = said[certificate.pk] if certificate else None
            reached = come.get(enrolment.pk, (True, True))
            if enrolment.state != Enrolment.State.ENROLLED:
                reached = (False, False)
            steps = _steps(*reached, certificate)
            if history:
                steps.add(rules.employed(history.known).value)
            found.append(
                Place(
                    enrolment,
                    frozenset(steps),
                    certificate,
                    history.known if history else rules.Destination(),
                    history.counts if history else None,
                    since.get(enrolment.pk),
                )
            )
    return found


def _classes(keys: set[int]) -> dict[int, TrainingClass]:
    rows = TrainingClass.objects.select_related(
        "project__trade", "rule_set", "village", "programme"
    )
    return rows.in_bulk(list(keys))


def _first_days(certificates: dict[int, Certificate]) -> dict[int, date]:
    """By enrolment the day on which the first version of its certificate was issued."""
    again = [pk for pk, certificate in certificates.items() if certificate.replaces_id]
    rows = Certificate.objects.filter(enrolment__in=again)
    before = {
        pk: (older, day) for pk, older, day in rows.values_list("pk", "replaces", "issued_on")
    }
    found = {}
    for pk, certificate in certificates.items():
        older, day = certificate.replaces_id, certificate.issued_on
        while older is not None:
            older, day = before[older]
        found[pk] = day
    return found


def _steps(trained: bool, qualified: bool, certificate: Certificate | None) -> set[str]:
    reached = rules.stage(trained, qualified, certificate is not None)
    return set(STEPS[: STEPS.index(reached) + 1])


def funnel(found: list[Place]) -> dict[str, int]:
    """How many enrolments reached each step of STEPS."""
    return {step: sum(step in place.steps for place in found) for step in STEPS}
