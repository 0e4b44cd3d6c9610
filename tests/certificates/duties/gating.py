"""A trade's next class before its gate."""

from datetime import time, timedelta

from django.utils import timezone

from certificates.duties.models import OpeningCheck
from certificates.models import FollowUp
from courses.directory.models import RuleSet
from courses.models import Project
from courses.services.classes import PlannedSession, open_class
from tenants.staff.models import User
from tests.certificates.duties.scene import villages

TODAY = timezone.localdate()


def rule_set(**terms):
    RuleSet.objects.update(**terms)


def opened(code="NEXT-01", on=TODAY):
    starts = on + timedelta(days=10)
    return open_class(
        project=Project.objects.get(code="sewing"),
        code=code,
        starts_on=starts,
        ends_on=starts + timedelta(days=1),
        village=villages()[0],
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=[
            PlannedSession(starts, time(8, 30), "theory", 180),
            PlannedSession(starts + timedelta(days=1), time(8, 30), "practice", 180),
        ],
        opened_on=on,
    )


def at_opening(code):
    return OpeningCheck.objects.get(training_class__code=code)


def done(certificates):
    """No duty of these is open, so that the shares alone decide."""
    for duty in FollowUp.objects.filter(certificate__in=certificates):
        duty.due_on = TODAY + timedelta(days=300)
        duty.save()
