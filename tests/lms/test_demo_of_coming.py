"""The demo's waiting list, withdrawals and transfer, made as people make them."""

from certificates.standing.services.rebuild import rebuild
from courses.intake.models import RememberedColumns
from courses.models import Enrolment
from lms.demo.coming import come_and_go, foreign_headings
from tenants.models import Division
from tests.courses.intake.people import a_new_class, filled
from tests.story import a_class


def test_the_demo_has_people_who_wait_left_and_moved_and_headings_that_were_explained(north):
    running = a_class("R-01", people=5)
    opened = a_new_class("S-2026-03")
    filled(opened, 6)
    villages = list(
        Division.objects.filter(level="village", code__startswith="222403")
        .select_related("parent")
        .order_by("code")[:60]
    )
    come_and_go(running, villages)
    states = Enrolment.objects.filter(training_class=opened).values_list("state", flat=True)
    found = {state: list(states).count(state) for state in set(states)}
    assert found["waiting"] >= 3
    assert found["transferred"] == found["withdrawn"] == 1
    assert running.enrolments.filter(state="withdrawn").count() == 2
    assert RememberedColumns.objects.get().sender.name == "官地镇人社所"
    assert rebuild(check=True).differences == []
    assert foreign_headings()[:2] == b"PK"
