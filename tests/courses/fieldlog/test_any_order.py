"""The same facts in any order, twice, in any batches and read at any moment say the same."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from courses.fieldlog.models import Device, FieldEvent, Reading, SessionLog, VillagePlace
from courses.fieldlog.services.enrol import revoke
from courses.fieldlog.services.project import digest, read_pending, rebuild
from courses.models import Attendance
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.courses.fieldlog.told import ARRIVAL, PEOPLE, Told, World, deliver, stories
from tests.story import a_class, ids

EXAMPLES = int(os.environ.get("FIELD_EXAMPLES", "6"))
PHASES = [Phase.generate]


@pytest.fixture
def world(line):
    """Three phones and two classes of the same people, on the same days."""
    phones = [line.enrol(all_classes=True) for _ in range(3)]
    with inside("north"):
        classes = [a_class(code, PEOPLE) for code in ("T-01", "T-02")]
        village = classes[0].village
        VillagePlace.objects.create(village=village, lat=42.9, lon=129.5, said_by="村部")
        sessions = [each for found in classes for each in found.sessions.order_by("number")]
        return World(
            phones,
            sessions,
            {
                n: list(each.training_class.enrolments.order_by("pk").values_list("pk", flat=True))
                for n, each in enumerate(sessions)
            },
            ids(PEOPLE + 1),
            User.objects.get(username="clerk"),
        )


class Away(Exception):
    """Ends a delivery: all that it wrote is rolled back."""


def afresh(work):
    found = None
    try:
        with transaction.atomic():
            found = work()
            raise Away
    except Away:
        return found


def projection():
    """For people who look why two digests differ."""
    return (
        list(Reading.objects.order_by("event__hash").values_list("kind", "fault", "chain_wrong")),
        list(SessionLog.objects.order_by("session").values_list("session", "flags", "review")),
        list(
            Attendance.objects.order_by("session", "enrolment").values_list(
                "session", "enrolment", "mark", "minutes", "why"
            )
        ),
    )


@pytest.mark.more_examples
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=PHASES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    story=stories,
    random=st.randoms(use_true_random=False),
    lost=st.one_of(st.none(), st.integers(0, 2)),
)
def test_any_order_any_batches_and_any_moment_of_reading_give_one_projection(
    world, story, random, lost
):
    for n, phone in enumerate(world.phones):
        phone.events, phone.contact, phone.pack = [], None, ""
        phone.now = ARRIVAL - timedelta(days=9, hours=n)
    told = Told(world).tell(story)

    def one(read_between, pieces):
        """What a delivery comes to, from nothing; the log is made anew from itself as well."""
        revoke_after = random.randint(0, len(told.wire))
        for n, _ in enumerate(deliver(told, random, pieces)):
            if lost is not None and n == revoke_after:
                _revoke(world, lost)
            if read_between and random.random() < 0.5:
                read_pending()
        if lost is not None:
            _revoke(world, lost)
        read_pending()
        assert FieldEvent.objects.filter(seq__gt=0).count() == len(told.wire)
        seen = projection(), digest()
        if read_between:
            again = rebuild(), projection()
            assert seen == again[::-1]
        return seen

    with inside("north"):
        assert afresh(lambda: one(False, 100)) == afresh(lambda: one(True, 4))


def _revoke(world, lost):
    device = Device.objects.get(uuid=world.phones[lost].uuid)
    revoke(device, world.clerk, "手机丢失", ARRIVAL - timedelta(days=8, hours=23, minutes=30))
