"""A centre that demands approval, and a request of north's as it goes along."""

from datetime import date, time, timedelta

from django.utils import timezone

from courses.models import Project
from courses.planning.services import proposals
from courses.planning.services.decide import decide
from courses.planning.services.opening import open_from
from courses.requests.facts import Facts, Planned
from courses.requests.models import OpeningPolicy
from courses.requests.services.steps import By
from lms.plugin.testing import tenant_of
from tenants.models import Division
from tenants.staff.models import User
from tests.cast import NORTH_COUNTY
from tests.story import ids, workbook

TODAY = timezone.localdate()
OFFICER = By("李科长", "officer")
DOCUMENT = "测劳培〔2026〕8号"


def demanded(**more):
    facts = {"effective_from": date(2026, 1, 1), "document": DOCUMENT} | more
    return OpeningPolicy.objects.create(centre=tenant_of("centre"), **facts)


def villages():
    found = Division.objects.filter(level="village", code__startswith=NORTH_COUNTY)
    return list(found.select_related("parent")[:4])


def facts(code="N-01", days=30, village=0, **more):
    """Four theory and four practice hours of sewing, on two mornings."""
    starts = TODAY + timedelta(days=days)
    where, trainer = villages()[village], User.objects.get(username="trainer")
    project = Project.objects.get(code="sewing")
    said = {
        "class_code": code, "project": "sewing", "project_name": project.name, "trade": "sewing",
        "village": where.code, "village_name": f"{where.parent.name} {where.name}",
        "place": "村部", "starts_on": starts, "ends_on": starts + timedelta(days=3),
        "trainer": trainer.pk, "trainer_name": str(trainer),
        "sessions": (
            Planned(starts, time(8, 30), "theory", 180),
            Planned(starts + timedelta(days=1), time(8, 30), "practice", 180),
        ),
        "resources": "缝纫机 10 台", "assessment": "最后一天考", "contact": "吴", "contact_phone": "0433-2",
    }  # fmt: skip
    return Facts(**said | more)


def with_people(said, people=3):
    roster = workbook([(f"学员{n}", number) for n, number in enumerate(ids(people), 1)])
    clerk = User.objects.get(username="clerk")
    return proposals.with_roster(said, proposals.check_roster(roster), clerk, TODAY)


def proposal(said=None, **more):
    clerk = User.objects.get(username="clerk")
    return proposals.write(with_people(said or facts(**more)), clerk)


def sent(**more):
    found = proposal(**more)
    request = proposals.send_on(found, User.objects.get(username="manager"))
    found.refresh_from_db()
    return found, request


def approved(**more):
    found, request = sent(**more)
    decide(request.number, "approve", OFFICER, version=1, document="批1")
    found.refresh_from_db()
    return found


def opened(**more):
    return open_from(approved(**more), User.objects.get(username="clerk"))
