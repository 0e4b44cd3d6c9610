"""Where each trainee of the base stands in the chain."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import NamedTuple

from certificates import rules
from certificates.figures.rules.counts import STEPS
from certificates.models import Certificate, Outcome
from certificates.services.outcomes import histories
from certificates.services.progress import progress_of
from courses.models import Enrolment, TrainingClass

__all__ = ["STEPS", "Counted", "Place", "Reached", "classes_of", "funnel", "places", "reached_of"]


@dataclass(frozen=True)
class Reached:
    """How far an enrolment has come in the chain. `certified_on` is the day of the first version of the
    certificate.
    """

    steps: frozenset[str]
    certificate: Certificate | None = None
    known: rules.Destination = field(default_factory=rules.Destination)
    outcome: Outcome | None = None
    certified_on: date | None = None

    @property
    def farthest(self) -> str:
        """The farthest step of the chain."""
        return next(step for step in reversed(STEPS[:4]) if step in self.steps)


@dataclass(frozen=True)
class Place(Reached):
    """Where one trainee of a class stands in the chain."""

    enrolment: Enrolment = field(kw_only=True)


class Counted(NamedTuple):
    """What the steps of an enrolment rest on, besides what is known of it elsewhere."""

    pk: int
    state: str
    training_class: int


def places(enrolments: Collection[int] | None = None) -> list[Place]:
    """Every enrolment of the base that counts, or those of the given that do, with the steps it has
    reached. Who gave up the class stays enrolled and gets no farther.

    Each step needs the one before: whoever is certified was trained and qualified at issue, and
    the frozen certificate says so even when a mark is corrected later. Plugins are not asked.
    """
    rows = Enrolment.objects.counted().defer("photo").select_related("trainee")
    if enrolments is not None:
        rows = rows.filter(pk__any_of=enrolments)
    ordered = rows.order_by("-training_class__starts_on", "training_class__code", "id")
    every = list(ordered.prefetch_related("trainee__village"))
    classes = classes_of({row.training_class_id for row in every})
    counted = [Counted(each.pk, each.state, each.training_class_id) for each in every]
    reached = reached_of(counted, classes, enrolments)
    found = []
    for enrolment in every:
        enrolment.training_class = classes[enrolment.training_class_id]  # one, however many people
        found.append(Place(enrolment=enrolment, **vars(reached[enrolment.pk])))
    return found


def reached_of(
    people: Iterable[Counted],
    classes: Mapping[int, TrainingClass],
    enrolments: Collection[int] | None = None,
) -> dict[int, Reached]:
    """How far each of them has come. `enrolments` are all whose certificates may be among them."""
    held = Certificate.objects.filter(status=Certificate.Status.VALID)
    if enrolments is not None:
        held = held.filter(enrolment__any_of=enrolments)
    certificates = {c.enrolment_id: c for c in held}
    said, since = histories(certificates.values()), _first_days(certificates)
    groups: dict[int, list[Counted]] = {}
    for each in people:
        groups.setdefault(each.training_class, []).append(each)
    found = {}
    for key, group in groups.items():
        come = progress_of(classes[key], [p.pk for p in group if p.pk not in certificates])
        for each in group:
            certificate = certificates.get(each.pk)
            history = said[certificate.pk] if certificate else None
            reached = come.get(each.pk, (True, True))
            if each.state != Enrolment.State.ENROLLED:
                reached = (False, False)
            steps = _steps(*reached, certificate is not None)
            if certificate is None or history is None:
                found[each.pk] = Reached(steps)
                continue
            found[each.pk] = Reached(
                steps | {rules.employed(history.known).value},
                certificate,
                history.known,
                history.counts,
                since.get(each.pk),
            )
    return found


def classes_of(keys: set[int]) -> dict[int, TrainingClass]:
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


@cache
def _steps(trained: bool, qualified: bool, certified: bool) -> frozenset[str]:
    reached = rules.stage(trained, qualified, certified)
    return frozenset(STEPS[: STEPS.index(reached) + 1])


def funnel(found: list[Place]) -> dict[str, int]:
    """How many enrolments reached each step of STEPS."""
    return {step: sum(step in place.steps for place in found) for step in STEPS}
