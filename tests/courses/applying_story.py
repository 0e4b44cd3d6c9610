"""What tests of applications begin with: an open class, and somebody who wants to learn."""

import uuid
from datetime import time, timedelta

from django.utils import timezone

from courses.applying.services.apply import Sent, apply
from courses.applying.services.consents import in_force
from courses.models import Project
from courses.services.classes import PlannedSession, open_class
from tenants.models import Division
from tenants.staff.models import User
from tests.story import ids


def village(number=0, county="222403"):
    rows = Division.objects.filter(level="village", code__startswith=county).order_by("code")
    return rows.select_related("parent__parent")[number]


def an_open_class(code="O-01", days=20, where=None, long=2):
    starts = timezone.localdate() + timedelta(days=days)
    return open_class(
        project=Project.objects.get(code="sewing"),
        code=code,
        starts_on=starts,
        ends_on=starts + timedelta(days=long - 1),
        village=where or village(),
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=[
            PlannedSession(starts, time(8, 30), "theory", 180),
            PlannedSession(starts + timedelta(days=long - 1), time(8, 30), "practice", 180),
        ],
        opened_on=timezone.localdate(),
    )


def sent(one=None, seed=1, **changes):
    facts = {
        "name": f"张三{'甲乙丙丁戊己'[seed % 6]}",
        "resident_id": ids(1, seed)[0],
        "phone": f"138000000{seed:02}",
        "village": village(1),
        "project": Project.objects.get(code="sewing"),
        "training_class": one,
        "consent_version": in_force("application").version,
        "ticket": uuid.uuid4(),
    }
    return Sent(**facts | changes)


def applied(one=None, seed=1, **changes):
    return apply(sent(one, seed, **changes))


def form_of(one, seed=1, **changes):
    """What the public form sends."""
    said = sent(one, seed)
    return {
        "wish": f"class:{one.code}" if one else "course:sewing",
        "name": said.name,
        "resident_id": said.resident_id,
        "phone": said.phone,
        "village": f"{said.village.parent.name} {said.village.name}",
        "village_code": said.village.code,
        "note": "",
        "consent": "on",
        "consent_version": str(said.consent_version),
        "ticket": str(said.ticket),
    } | changes
