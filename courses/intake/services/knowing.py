"""What the base, the register and the other bases know of people who want to join a class."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TypeVar

from courses.directory.models import RuleSet
from courses.extensions import certified_before
from courses.intake.rules import OFF, Facts, Judgement, Limits, judged
from courses.intake.shared.models import YearlyTraining
from courses.models import Enrolment, Trainee, TrainingClass
from courses.roster import Eligible, Known, KnownPerson
from courses.rules import age_on
from courses.services.identity import Person, base_digest, person_of

K = TypeVar("K")


def limits_of(rule_set: RuleSet) -> Limits:
    return Limits(
        source=str(rule_set),
        age_from=rule_set.age_from,
        age_to=rule_set.age_to,
        same_project=rule_set.same_project,
        overlap=rule_set.overlap,
        trainings_per_year=rule_set.trainings_per_year,
    )


def known_in(training_class: TrainingClass) -> Known:
    """Who of some IDs is on file at this base, and where in this class: two queries, however many."""

    def known(ids: Collection[str]) -> Mapping[str, KnownPerson]:
        digests = {base_digest(number): number for number in ids}
        people = Trainee.objects.filter(id_digest__in=list(digests))
        rows = dict(people.values_list("pk", "id_digest"))
        names = dict(people.values_list("pk", "name"))
        here = dict(
            Enrolment.objects.filter(
                training_class=training_class, trainee__in=list(rows)
            ).values_list("trainee_id", "state")
        )
        return {
            digests[bytes(digest)]: KnownPerson(
                names[pk],
                here.get(pk) == Enrolment.State.ENROLLED,
                here[pk] if here.get(pk, "enrolled") != Enrolment.State.ENROLLED else "",
            )
            for pk, digest in rows.items()
        }

    return known


def eligible_for(training_class: TrainingClass) -> Eligible:
    """What the rule set that the class has pinned says of people, by their resident ID."""
    return lambda ids: judge_persons(training_class, {each: person_of(each) for each in ids})


def judge_persons(training_class: TrainingClass, persons: Mapping[K, Person]) -> dict[K, Judgement]:
    """The same for people under whatever key: a fixed number of queries, however many they are."""
    limits = limits_of(training_class.rule_set)
    papers, unasked = _certified(training_class, limits, [p.register for p in persons.values()])
    beside = _beside(training_class, limits, [p.base for p in persons.values()])
    trainings = _trainings(training_class, limits, [p.year for p in persons.values()])
    day = training_class.starts_on
    return {
        key: judged(
            limits,
            Facts(
                age=age_on(person.born, day),
                certificate=papers.get(person.register, ""),
                beside=tuple(beside.get(person.base, ())),
                trainings=trainings[person.year],
                year=day.year,
                unasked=unasked,
            ),
        )
        for key, person in persons.items()
    }


def _certified(
    training_class: TrainingClass, limits: Limits, persons: list[bytes]
) -> tuple[dict[bytes, str], str]:
    found: dict[bytes, str] = {}
    unasked = ""
    for ask in certified_before if limits.same_project != OFF else []:
        said = ask(persons, training_class.project_key)
        found |= said.numbers
        unasked = said.unasked or unasked
    return found, unasked


def _beside(
    training_class: TrainingClass, limits: Limits, persons: list[bytes]
) -> dict[bytes, list[str]]:
    if limits.overlap == OFF:
        return {}
    rows = (
        Enrolment.objects.on_roll()
        .filter(
            trainee__id_digest__in=persons,
            training_class__starts_on__lte=training_class.ends_on,
            training_class__ends_on__gte=training_class.starts_on,
        )
        .exclude(training_class=training_class)
        .exclude(training_class__state=TrainingClass.State.FINISHED)
        .order_by("training_class__code")
        .values_list("trainee__id_digest", "training_class__code")
    )
    found: dict[bytes, list[str]] = {}
    for digest, code in rows:
        found.setdefault(bytes(digest), []).append(code)
    return found


def _trainings(
    training_class: TrainingClass, limits: Limits, persons: list[bytes]
) -> Counter[bytes]:
    if not limits.trainings_per_year:
        return Counter()
    rows = YearlyTraining.objects.filter(person__in=persons, year=training_class.starts_on.year)
    return Counter(bytes(person) for person in rows.values_list("person", flat=True))
