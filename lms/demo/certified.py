"""How a class of the demo ends: scores, certificates, what came of them, and one that is revoked."""

import random
from datetime import timedelta
from decimal import Decimal

from certificates.models import Certificate, Outcome
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from certificates.services.revoke import revoke
from courses.models import TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores
from tenants.staff.models import User


def assess(training_class: TrainingClass, draw: random.Random) -> None:
    entries = {
        enrolment.pk: ScoreEntry(
            Decimal(draw.randrange(520, 980)) / 10, Decimal(draw.randrange(570, 990)) / 10
        )
        for enrolment in training_class.enrolments.on_roll()
    }
    examiner = User.objects.get(username="examiner")
    enter_scores(training_class, entries, training_class.ends_on, examiner)


def certify(training_class: TrainingClass, draw: random.Random, diligent: bool) -> None:
    """Issue, and write down what came of most of them; at a diligent base, of nearly all."""
    manager, clerk = User.objects.get(username="manager"), User.objects.get(username="clerk")
    issued_on = training_class.ends_on + timedelta(days=3)
    issued = issue_class(training_class, manager, on=issued_on).certificates
    kinds = ["local", "local", "outward", "outward", "self_employed", "flexible", "unemployed"]
    for certificate in issued[: len(issued) * (9 if diligent else 6) // 10]:
        kind = draw.choice(kinds)
        hired = kind in ("local", "outward")
        facts = Facts(
            kind=kind,
            employer=draw.choice(["示范服装厂", "示范酒店", "示范物业"]) if hired else "",
            place_code=draw.choice(["2101", "3205", "4403"]) if kind == "outward" else "",
            started_on=None if kind == "unemployed" else issued_on + timedelta(days=7),
            evidence=draw.choice(Outcome.Evidence.values),
        )
        record_outcome(certificate, facts, by=clerk)
    if issued:
        day = issued_on + timedelta(days=5)
        why = Certificate.Why.ISSUED_IN_ERROR
        revoke(issued[-1], why, "同一人重复报名，已收回", clerk, manager, day)
