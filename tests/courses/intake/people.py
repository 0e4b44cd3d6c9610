"""Classes that take people, and people who want to join."""

from datetime import time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from courses.intake.services.enter import Newcomer, enrol_people
from courses.models import Project
from courses.services.classes import PlannedSession, open_class
from tenants.designations.models import DesignatedTrade
from tenants.models import Division
from tenants.staff.models import User
from tests.story import ids


def a_new_class(code="N-01", starts_in=10, project="sewing"):
    """Open, nobody in it, beginning so many days from now."""
    starts = timezone.localdate() + timedelta(days=starts_in)
    return open_class(
        project=Project.objects.get(code=project),
        code=code,
        starts_on=starts,
        ends_on=starts + timedelta(days=1),
        village=Division.objects.filter(level="village", code__startswith="222403").first(),
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=[
            PlannedSession(starts, time(8, 30), "theory", 180),
            PlannedSession(starts + timedelta(days=1), time(8, 30), "practice", 180),
        ],
        opened_on=timezone.localdate(),
    )


def newcomers(count, seed=7):
    """Named 学员1, 学员2, ..."""
    return [Newcomer(f"学员{n}", number) for n, number in enumerate(ids(count, seed), 1)]


def filled(training_class, people, seed=7):
    """The enrolments of newcomers, in their order."""
    done = enrol_people(training_class, newcomers(people, seed), None)
    assert all(each.ok for each in done), [each.refusals for each in done]
    return [training_class.enrolments.get(pk=each.enrolment) for each in done]


def names(rows):
    return [row.trainee.name for row in rows]


def clerk():
    return User.objects.get(username="clerk")


def designated_places(people):
    """Decisions are never changed: in tests they are, past the guard of their model."""
    QuerySet(DesignatedTrade).update(places=people)
