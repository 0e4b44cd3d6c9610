"""Calls, samples and the gate of a demo base: some done, some due, some overdue, one discrepancy."""

import random
from datetime import timedelta

from django.utils import timezone

from certificates.duties.models import SampledPerson
from certificates.duties.services import samples
from certificates.duties.services.calls import Filter, Said, assign, call_list, record_call
from certificates.duties.services.samples import Heard
from certificates.models import FollowUp
from certificates.rules.employment import WORK
from certificates.services.outcomes import Facts, current_version, history_of, record_outcome
from tenants.staff.models import User

OFFICER = {"officer": "李科长", "account": "officer"}


def follow_up(draw: random.Random, diligent: bool) -> None:
    """The diligent base has called whoever is overdue; at the other one somebody waits, and its next class
    of the trade opens with a warning.
    """
    clerk = User.objects.get(username="clerk")
    liaison = User.objects.get(username="liaison")
    today = timezone.localdate()
    waiting = call_list(clerk, Filter(state="overdue"), today)
    for each in waiting[: len(waiting) if diligent else len(waiting) // 3]:
        said = draw.choice(["no_answer", "no_answer", "told", "refused"])
        start = today - timedelta(days=draw.randrange(5, 25))
        record_call(
            each.trainee,
            Said("reached", who="self", kind="flexible", started_on=start)
            if said == "told"
            else Said(said),
            clerk,
        )
    # Some of the next duties come today and in the days after it.
    later = FollowUp.objects.filter(done_on__isnull=True, due_on__gt=today).order_by("pk")
    for days, duty in enumerate(later.filter(after_days=90)[:5]):
        duty.due_on = today + timedelta(days=days)
        duty.save(update_fields=["due_on"])
    coming = [each.trainee.pk for each in call_list(liaison, Filter(), today)]
    assign(coming[:3], liaison, clerk)
    _check(clerk)


def _check(clerk: User) -> None:
    """The centre has called everybody who was drawn; the first of them says otherwise."""
    for number, person in enumerate(SampledPerson.objects.order_by("pk")):
        certificate = current_version(person.certificate)
        if certificate.status != "valid":
            continue
        row = history_of(certificate).counts
        if row is None:
            facts = Facts(kind="unemployed", evidence="liaison_call")
            row = record_outcome(certificate, facts, by=clerk)
        samples.look(person.pk, **OFFICER)
        heard = Heard("reached", "not_seeking" if row.kind != "not_seeking" else "unemployed")
        if number:
            works = row.kind in WORK
            heard = Heard(
                "reached",
                row.kind,
                row.employer if works else "",
                row.place_code if works else "",
                row.started_on if works else None,
            )
        samples.record_check(person.pk, heard, **OFFICER)
