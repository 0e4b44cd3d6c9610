"""Draw who is called again. Nobody chooses: the seed is made here, once, and stays on record."""

import secrets

from django.db import transaction

from certificates.duties import rules
from certificates.duties.models import Result, SampledPerson, SampleDraw
from certificates.models import Certificate
from courses.models import TrainingClass


@transaction.atomic
def draw(training_class: TrainingClass) -> SampleDraw | None:
    """Draw from the valid certificates of the class that nobody has drawn yet, until its share is full.

    Whoever was drawn and revoked before anybody called counts no more, and another one is drawn for
    them; a corrected certificate is the same person's. Nothing to draw gives None. Safe to run again.
    """
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    versions = {
        c.pk: c for c in Certificate.objects.filter(enrolment__training_class=training_class)
    }
    valid = [c for c in versions.values() if c.status == Certificate.Status.VALID]
    sampled = SampledPerson.objects.filter(draw__training_class=training_class)
    roots = {_root(versions, pk) for pk in sampled.values_list("certificate_id", flat=True)}
    heard = sampled.filter(checks__result=Result.REACHED).values_list("certificate_id", flat=True)
    stands = {_root(versions, c.pk) for c in valid} | {_root(versions, pk) for pk in heard}
    percent = training_class.rule_set.sample_percent
    wanted = rules.quota(percent, len(valid)) - len(roots & stands)
    free = {c.number: c for c in valid if _root(versions, c.pk) not in roots}
    if wanted <= 0 or not free:
        return None
    found = SampleDraw.objects.create(
        training_class=training_class,
        seed=secrets.token_hex(16),
        percent=percent,
        numbers=sorted(free),
        wanted=wanted,
        rules=str(training_class.rule_set)[:80],
    )
    SampledPerson.objects.bulk_create(
        SampledPerson(draw=found, certificate=free[number])
        for number in rules.drawn(found.seed, found.numbers, wanted)
    )
    return found


def _root(versions: dict[int, Certificate], pk: int) -> int:
    """The first version: a correction makes no other person."""
    before = versions[pk].replaces_id
    return _root(versions, before) if before else pk


def draw_missing() -> int:
    """Draw for every class of the base with certificates; how many draws there were."""
    certified = TrainingClass.objects.filter(enrolments__certificates__status="valid")
    return sum(1 for each in certified.select_related("rule_set").distinct() if draw(each))
