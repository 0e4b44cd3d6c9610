"""What the base, the register and the other bases know of people who want to join a class."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import TypeVar

from courses.directory.models import RuleSet
from courses.extensions import certified_before
from courses.intake.rules import OFF, Facts, Judgement, Limits, judged
from courses.intake.shared.models import YearlyTraining
from courses.models import Enrolment, Trainee, TrainingClass
from courses.roster import KnownPerson
from courses.rules import age_on
from courses.services.identity import Person, person_of, persons_of

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


class Asked:
    """What is asked about people who want to join a class, by their resident ID, some hundred at a time.

    Each number is digested once: who they are is kept until the next are asked about.
    """

    def __init__(self, training_class: TrainingClass) -> None:
        self._class = training_class
        self._persons: dict[str, Person] = {}
        self._on_file: set[bytes] = set()

    def person(self, resident_id: str) -> Person:
        found = self._persons.get(resident_id)
        if found is None:
            found = self._persons[resident_id] = person_of(resident_id)
        return found

    def known(self, ids: Collection[str]) -> Mapping[str, KnownPerson]:
        """Who of them is on file at this base, and where in this class: two queries, however many."""
        self._persons = persons_of(ids)
        numbers = {person.base: number for number, person in self._persons.items()}
        people = Trainee.objects.filter(id_digest__any_of=numbers).order_by()
        rows = list(people.values_list("pk", "id_digest", "name"))
        self._on_file = {bytes(digest) for _, digest, _ in rows}
        here = self._places([pk for pk, _, _ in rows])
        return {
            numbers[bytes(digest)]: KnownPerson(
                name,
                here.get(pk) == Enrolment.State.ENROLLED,
                here[pk] if here.get(pk, "enrolled") != Enrolment.State.ENROLLED else "",
            )
            for pk, digest, name in rows
        }

    def _places(self, trainees: list[int]) -> dict[int, str]:
        if not trainees:
            return {}
        rows = Enrolment.objects.filter(training_class=self._class, trainee__any_of=trainees)
        return dict(rows.values_list("trainee_id", "state"))

    def eligible(self, ids: Collection[str]) -> Mapping[str, Judgement]:
        """What the rule set that the class has pinned says of those among whom `known` was asked."""
        persons = {each: self.person(each) for each in ids}
        return judge_persons(self._class, persons, self._on_file)


def judge_persons(
    training_class: TrainingClass,
    persons: Mapping[K, Person],
    on_file: Collection[bytes] | None = None,
) -> dict[K, Judgement]:
    """The same for people under whatever key: a fixed number of queries, however many they are.

    `on_file` are the digests of those among them who are on file at this base, where that is known.
    """
    limits = limits_of(training_class.rule_set)
    papers, unasked = _certified(training_class, limits, [p.register for p in persons.values()])
    here = [p.base for p in persons.values() if on_file is None or p.base in on_file]
    beside = _beside(training_class, limits, here)
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
    if limits.overlap == OFF or not persons:
        return {}
    rows = (
        Enrolment.objects.on_roll()
        .filter(
            trainee__id_digest__any_of=persons,
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
    rows = YearlyTraining.objects.filter(
        person__any_of=persons, year=training_class.starts_on.year
    ).order_by()
    return Counter(bytes(person) for person in rows.values_list("person", flat=True))
