"""The demo shows calls that are done, due and overdue, and one discrepancy."""

import random

import pytest
from django.utils import timezone

from certificates.duties.models import Call, SampleCheck
from certificates.duties.services import gate
from certificates.duties.services.calls import in_numbers
from certificates.models import FollowUp
from courses.directory.models import RuleSet
from lms.demo.duties import follow_up
from tenants.models import Trade
from tenants.staff.models import User
from tests.certificates.duties.scene import certified, told

TODAY = timezone.localdate()


@pytest.mark.parametrize("diligent", [True, False])
def test_one_base_is_warned_before_its_next_class_and_the_other_is_not(north, diligent):
    RuleSet.objects.update(gate_after_days=30)
    found = certified(people=10, days_ago=45)
    clerk = User.objects.get(username="clerk")
    for certificate in found[: 9 if diligent else 6]:
        told(certificate, by=clerk)
    follow_up(random.Random(1), diligent)
    numbers = in_numbers(clerk, TODAY)
    assert Call.objects.exists()
    assert FollowUp.objects.filter(done_on__isnull=False).exists()
    assert numbers["today"] and numbers["soon"]
    assert bool(numbers["overdue"]) is not diligent
    assert SampleCheck.objects.exclude(differences=[]).count() == 1
    asked = gate.ask(Trade.objects.get(code="sewing"), TODAY)
    assert all(verdict.ok for verdict in asked.verdicts) is diligent
