"""The pages of waiting list, withdrawal and transfer."""

import io

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from courses.intake.services.places import set_places, withdraw
from courses.models import Enrolment
from tests.cast import base
from tests.courses.intake.people import a_new_class, filled
from tests.story import a_class, taught

TODAY = timezone.localdate()


@pytest.fixture
def people(db):
    with tenant_context(base("north")):
        opened = a_new_class()
        set_places(opened, 2, None)
        a_new_class("N-02", starts_in=60)
        return [each.pk for each in filled(opened, 4)]


def state_of(pk):
    with tenant_context(base("north")):
        return Enrolment.objects.get(pk=pk).state


def test_a_clerk_withdraws_somebody_and_is_told_who_moved_up(visit, people):
    browser = visit("north", "clerk")
    page = browser.get("/desk/classes/N-01/").content.decode()
    assert "候补与变动 2" in page
    assert page.count("/leave/") == 2
    address = f"/desk/enrolments/{people[0]}/leave/"
    assert "以前的考勤保留" in browser.get(address).content.decode()
    refused = browser.post(
        address, {"withdraw": "1", "why": "other", "words": "", "on": str(TODAY)}
    )
    assert "须写明原因" in refused.content.decode()
    form = {"withdraw": "1", "why": "work", "words": "=1+1", "on": str(TODAY)}
    done = browser.post(address, form, follow=True).content.decode()
    assert "学员1 已退班" in done
    assert "候补递补入班：学员3" in done
    assert "外出务工" in done
    book = load_workbook(io.BytesIO(browser.get("/desk/classes/N-01/intake/?format=xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    [formula] = [cell for cell in cells if cell.value == "=1+1"]
    assert (formula.data_type, formula.quotePrefix) == ("s", True)


def test_a_clerk_transfers_somebody(visit, people):
    browser = visit("north", "clerk")
    with tenant_context(base("north")):
        goal = Enrolment.objects.get(pk=people[0]).training_class
        other = type(goal).objects.get(code="N-02").pk
    form = {"transfer": "1", "goal": other, "words": "离家近"}
    page = browser.post(f"/desk/enrolments/{people[0]}/leave/", form, follow=True).content.decode()
    assert "学员1 已转到 N-02" in page
    assert state_of(people[0]) == "transferred"
    with tenant_context(base("north")):
        trainee = Enrolment.objects.get(pk=people[0]).trainee_id
    told = browser.get(f"/desk/trainees/{trainee}/").content.decode()
    assert "名单变动：已转班" in told


def test_a_clerk_admits_takes_back_and_sets_places(visit, people):
    browser = visit("north", "clerk")
    full = browser.post(f"/desk/enrolments/{people[2]}/back/", {"words": ""})
    assert "没有空余名额" in full.content.decode()
    page = browser.post("/desk/classes/N-01/places/", {"places": "3"}, follow=True).content.decode()
    assert "候补递补入班：学员3" in page
    for odd in ("", "0", "-1", "²", "1e9", "99999999999999999999"):
        answer = browser.post("/desk/classes/N-01/places/", {"places": odd}, follow=True)
        assert "名额应是" in answer.content.decode()
    with tenant_context(base("north")):
        withdraw(Enrolment.objects.get(pk=people[0]), "family", "", TODAY, None)
    assert state_of(people[3]) == "enrolled"
    back = browser.post(f"/desk/enrolments/{people[0]}/back/", {"words": "回来了"}, follow=True)
    assert "学员1 已列入候补" in back.content.decode()


def test_who_only_looks_sees_no_button_and_may_do_nothing(visit, people):
    trainer = visit("north", "trainer")
    assert "退班或转班" not in trainer.get("/desk/classes/N-01/").content.decode()
    for address in (f"/desk/enrolments/{people[0]}/leave/", f"/desk/enrolments/{people[2]}/back/"):
        assert trainer.get(address).status_code in (302, 403)
        assert visit("south", "clerk").get(address).status_code == 404
    assert trainer.post("/desk/classes/N-01/places/", {"places": 9}).status_code in (302, 403)
    assert state_of(people[0]) == "enrolled"


@pytest.mark.parametrize(
    "text", ["😀" * 100, "x" * 10_000, "\u202e", "<script>", "' OR 1=1 --", "＝1"]
)
def test_odd_words_are_kept_as_words_or_refused(visit, people, text):
    form = {"withdraw": "1", "why": "other", "words": text, "on": str(TODAY)}
    browser = visit("north", "clerk")
    answer = browser.post(f"/desk/enrolments/{people[0]}/leave/", form, follow=True)
    assert answer.status_code == 200
    assert b"<script>' " not in answer.content
    assert "<script>，" not in answer.content.decode()


def test_marks_of_who_has_left_stand_in_no_count_of_who_is_there(visit, db):
    with tenant_context(base("north")):
        one = a_class("T-09", people=3)
        taught(one)
        withdraw(one.enrolments.first(), "work", "", TODAY, None)
    page = visit("north", "clerk").get("/desk/classes/T-09/").content.decode()
    assert "2 / 2" in page and "3 / 2" not in page
