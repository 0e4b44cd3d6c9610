"""Nobody sees a resident ID without a reason, and the look is written down before it happens."""

import io
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from courses.models import RosterImport, Trainee
from courses.services import seen
from tenants.append_only import FrozenRow
from tenants.looks.models import Look
from tenants.looks.services import Reason
from tenants.looks.shared.models import BaseLook
from tenants.staff.models import User
from tests.cast import base
from tests.story import a_class, ids

ROOT = Path(__file__).parents[2]
WHY = {"why": "subsidy", "text": "核对补贴名单"}


@pytest.fixture(scope="module")
def a_class_of_two(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return a_class(people=2)


@pytest.fixture
def person(a_class_of_two, db):
    with tenant_context(base("north")):
        return Trainee.objects.order_by("pk").first()


def test_the_number_is_shown_after_a_reason_and_at_no_address(visit, person):
    clerk, [number, _] = visit("north", "clerk"), ids(2)
    path = f"/desk/trainees/{person.pk}/"
    assert number not in clerk.get(path).content.decode()
    asked = clerk.get(f"{path}id/")
    assert number not in asked.content.decode()
    shown = clerk.post(f"{path}id/", WHY)
    assert number in shown.content.decode()
    assert shown["Cache-Control"] == "private, no-store"
    assert number not in clerk.get(f"{path}id/").content.decode()
    with tenant_context(base("north")):
        look = Look.objects.get()
        assert (look.by.username, look.key, look.people, look.text) == (
            "clerk", person.pk, 1, "核对补贴名单",
        )  # fmt: skip
    [copy] = BaseLook.objects.all()
    assert (copy.tenant.slug, copy.number, copy.why) == ("north", look.pk, "subsidy")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"why": "subsidy", "text": " "},
        {"why": "", "text": "核对"},
        {"why": "x", "text": "核对"},
    ],
)
def test_without_a_reason_nothing_is_shown_and_nothing_written(visit, person, said):
    number = ids(2)[0]
    answer = visit("north", "clerk").post(f"/desk/trainees/{person.pk}/id/", said)
    assert number not in answer.content.decode()
    with tenant_context(base("north")):
        assert not Look.objects.exists()


@pytest.mark.parametrize("role", ["trainer", "examiner", ""])
def test_who_may_see_no_number_sees_none(visit, person, role):
    answer = visit("north", role).post(f"/desk/trainees/{person.pk}/id/", WHY)
    assert answer.status_code in (302, 403)
    assert ids(2)[0] not in answer.content.decode()


def test_a_look_is_recorded_first_and_a_failure_shows_nothing(north):
    trainee = a_class("T-09", people=1, seed=9).enrolments.get().trainee
    clerk = User.objects.get(username="clerk")
    with pytest.raises(ValidationError):
        seen.resident_id(trainee, Reason("subsidy", ""), clerk)
    with pytest.raises(PermissionError):
        seen.resident_id(trainee, Reason("subsidy", "核对"), User.objects.get(username="trainer"))
    assert not Look.objects.exists()
    assert seen.resident_id(trainee, Reason("subsidy", "核对"), clerk) == ids(1, seed=9)[0]


def test_a_look_is_never_changed(north):
    trainee = a_class("T-09", people=1, seed=9).enrolments.get().trainee
    clerk = User.objects.get(username="clerk")
    seen.resident_id(trainee, Reason("audit", "审计"), clerk)
    with pytest.raises(FrozenRow):
        Look.objects.update(text="别的")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM looks_look")


def test_the_marked_roster_asks_for_a_reason_too(visit, person):
    clerk = visit("north", "clerk")
    with tenant_context(base("north")):
        kept = RosterImport.objects.get()
    path = f"/desk/imports/{kept.pk}/marked/"
    assert not clerk.get(path).headers["Content-Type"].startswith("application")
    book = load_workbook(io.BytesIO(clerk.post(path, WHY).content))
    assert ids(2)[0] in str(list(book.active.values))
    with tenant_context(base("north")):
        assert [(look.what, look.people) for look in Look.objects.all()] == [("roster", 2)]


def test_manager_and_centre_read_the_list_and_only_the_base_reads_the_name(visit, person):
    visit("north", "clerk").post(f"/desk/trainees/{person.pk}/id/", WHY)
    manager, director = visit("north", "manager"), visit("centre", "director")
    page = manager.get("/desk/looks/").content.decode()
    assert person.name in page
    assert "核对补贴名单" in page
    seen_there = director.get("/desk/looks/?why=subsidy").content.decode()
    assert "核对补贴名单" in seen_there
    assert person.name not in seen_there
    book = load_workbook(io.BytesIO(director.get("/desk/looks/?format=xlsx").content))
    assert book.active.max_row == 2
    assert visit("north", "clerk").get("/desk/looks/").status_code == 403
    assert person.name not in visit("south", "manager").get("/desk/looks/").content.decode()


def test_the_history_of_a_trainee_and_a_class_names_who_did_what(visit, person):
    visit("north", "clerk").post(f"/desk/trainees/{person.pk}/id/", WHY)
    manager = visit("north", "manager")
    for path in (f"/desk/trainees/{person.pk}/", "/desk/classes/T-01/history/"):
        page = manager.get(path).content.decode()
        assert "核对补贴名单" in page, path
        assert "报名" in page, path
        book = load_workbook(io.BytesIO(manager.get(f"{path}?format=xlsx").content))
        assert book.active.max_row > 2


#: Where an ID is opened, and why nobody gets to see it there.
OPENED = {
    "courses/applying/services/decide.py": "into the class that somebody has applied for",
    "courses/services/identity.py": "the service itself: ages and digests",
    "courses/services/seen.py": "after the look was recorded",
    "courses/services/walk_ins.py": "into a sealed roster of one row",
}


def test_no_other_place_opens_a_resident_id():
    opening = re.compile(r"\bopen_id\(|\bopen_sealed\(|id_sealed\).*decode|marked_workbook\(")
    found = set()
    for app in ("lms", "tenants", "courses", "certificates"):
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "lms/plugin" not in str(path) and opening.search(text):
                found.add(str(path.relative_to(ROOT)))
    assert found == {*OPENED, "courses/services/roster.py"}, (
        "route it through courses.services.seen"
    )
