"""The front page says what is due today: per role, in words, each line with the way to do it."""

import re
from datetime import time, timedelta

import pytest
from django.urls import resolve, reverse
from django.utils import timezone, translation

from certificates.duties.services.calls import in_numbers
from certificates.models import FollowUp
from certificates.services.issue import issue_class
from certificates.services.revoke import allow_reissue, revoke
from courses.models import Trainee, TrainingClass
from courses.services.classes import PlannedSession, open_class
from lms.due import AT_BASE, AT_CENTRE, due_today
from lms.plugin.testing import inside
from tenants.due import Day, in_words
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tenants.staff.models import User
from tests.cast import two
from tests.certificates.duties.scene import villages
from tests.counting import statements
from tests.story import a_class, assessed, finished, taught

TODAY = timezone.localdate()


def due(role, slug="north"):
    """{key: (how many, how pressing)} of that person."""
    with inside(slug), translation.override("zh-hans"):
        user = User.objects.get(username=role)
        return {each.key: (each.count, each.said) for each in due_today(user, TODAY)}


def live_in_the_county():
    """So that the liaison is in charge of them."""
    Trainee.objects.update(village=villages()[0])


def something_of_much():
    """A class without any log, one to review, one to certify, one with calls that are late."""
    a_class("LATE-1", 2, seed=1, days_ago=9)
    taught(a_class("REVIEW-1", 2, seed=2, days_ago=12), reviewed=False)
    finished("ISSUE-1", 2, seed=3, days_ago=15)
    certified = finished("CALL-1", 2, seed=4, days_ago=60)
    live_in_the_county()
    issue_class(certified, None, on=TODAY - timedelta(days=50))
    FollowUp.objects.filter(certificate__enrolment__training_class=certified).update(
        due_on=TODAY - timedelta(days=3)
    )


def a_coming_class(code="NEXT-1", ahead=5):
    from courses.models import Project
    from tenants.models import Division

    day = TODAY + timedelta(days=ahead)
    return open_class(
        project=Project.objects.get(code="sewing"),
        code=code,
        starts_on=day,
        ends_on=day,
        village=Division.objects.filter(level="village", code__startswith="222403").first(),
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=[
            PlannedSession(day, time(8, 30), "theory", 180),
            PlannedSession(day, time(13, 30), "practice", 180),
        ],
        opened_on=TODAY,
    )


@pytest.mark.parametrize(
    ("what", "day", "zh", "en"),
    [
        (Day.BY, -3, "逾期 3 天", "3 days late"),
        (Day.BY, -1, "逾期 1 天", "1 day late"),
        (Day.BY, 0, "就在今天", "today"),
        (Day.BY, 1, "就在明天", "tomorrow"),
        (Day.BY, 12, "还有 12 天", "in 12 days"),
        (Day.SINCE, 0, "今天刚到", "came today"),
        (Day.SINCE, -1, "已等 1 天", "waiting for 1 day"),
        (Day.SINCE, -8, "已等 8 天", "waiting for 8 days"),
    ],
)
def test_how_pressing_it_is_is_said_in_words(what, day, zh, en):
    for language, said in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert in_words(what, TODAY + timedelta(days=day), TODAY) == said


def test_each_role_sees_its_own_work_and_nothing_else(north):
    something_of_much()
    late, review = "最急的逾期 9 天", "最急的已等 12 天"
    sessions, issue = ("sessions", (2, late)), ("certificates", (2, "最急的已等 14 天"))
    calls, reviews = ("calls_late", (2, "最急的逾期 3 天")), ("reviews", (2, review))
    assert due("clerk") == dict([sessions, issue, calls])
    assert due("manager") == dict([sessions, reviews, issue, calls])
    assert due("trainer") == {"own_sessions": (2, late)}
    assert due("examiner") == {}
    assert due("liaison") == {"calls_late": (2, "最急的逾期 3 天")}
    assert due("manager", "south") == {}, "another base"


def test_every_line_leads_to_a_page_that_its_reader_may_open(north, visit):
    something_of_much()
    for role in ("clerk", "manager", "trainer", "liaison"):
        browser = visit("north", role)
        lines = browser.get("/desk/").context["due"]
        assert lines
        for line in lines:
            assert browser.get(line.address).status_code == 200, (role, line)


def test_the_list_behind_certificates_names_each_class_with_as_many_people(north, visit):
    something_of_much()
    page = visit("north", "clerk").get("/desk/issue/")
    assert [(row["code"], row["people"]) for row in page.context["rows"]] == [("ISSUE-1", 2)]
    assert "/desk/classes/ISSUE-1/certificates/" in page.content.decode()
    assert visit("north", "clerk").get("/desk/issue/?format=xlsx").status_code == 200
    assert visit("north", "trainer").get("/desk/issue/").status_code == 403
    assert "ISSUE-1" not in visit("south", "clerk").get("/desk/issue/").content.decode()
    with inside("north"):
        issue_class(TrainingClass.objects.get(code="ISSUE-1"), None)
    assert "没有人在等证书" in visit("north", "clerk").get("/desk/issue/").content.decode()


def test_who_is_qualified_before_the_last_day_does_not_wait_yet(north):
    found = a_class("SOON-1", 1, seed=5, days_ago=9)
    taught(found)
    assessed(found)
    assert due("clerk")["certificates"][0] == 1
    found.enrolments.first().standing.__class__.objects.update(ended_on=TODAY + timedelta(days=1))
    assert "certificates" not in due("clerk")


def test_whoever_was_revoked_waits_only_once_a_manager_has_released_them(north):
    first, _ = issue_class(finished(people=2), None).certificates
    assert "certificates" not in due("clerk")
    revoke(first, "other", "误发", *two())
    assert "certificates" not in due("clerk")
    allow_reissue(first, User.objects.get(username="manager"), "已核对")
    assert due("clerk")["certificates"][0] == 1


def test_a_class_whose_day_has_come_waits_to_be_started_and_is_listed(north, visit):
    coming = a_coming_class()
    assert "classes_to_start" not in due("clerk")
    TrainingClass.objects.filter(pk=coming.pk).update(starts_on=TODAY)
    assert due("clerk")["classes_to_start"] == (1, "就在今天")
    page = visit("north", "clerk").get("/desk/classes/?state=due").content.decode()
    assert "NEXT-1" in page
    assert "classes_to_start" not in due("trainer")


def test_when_all_is_done_the_page_says_so_and_what_comes_next(north, visit):
    for role in ("clerk", "manager", "trainer", "examiner", "liaison"):
        page = visit("north", role).get("/desk/").content.decode()
        assert "今天要办的都办完了" in page, role
        assert "接下来" not in page
    a_coming_class()
    page = visit("north", "trainer").get("/desk/")
    assert page.context["coming"].on == TODAY + timedelta(days=5)
    assert "接下来" in page.content.decode() and "NEXT-1" in page.content.decode()
    assert visit("north", "clerk").get("/desk/").context["coming"].address.endswith("NEXT-1/")
    assert "接下来" not in visit("north", "liaison").get("/desk/").content.decode()
    assert "接下来" not in visit("south", "clerk").get("/desk/").content.decode()


def test_a_liaison_without_work_is_told_of_the_next_call(north, visit):
    certified = finished("CALL-1", 1, seed=4, days_ago=60)
    live_in_the_county()
    issue_class(certified, None, on=TODAY - timedelta(days=50))
    FollowUp.objects.update(due_on=TODAY + timedelta(days=2))
    assert in_numbers(User.objects.get(username="liaison"), TODAY)["soon"] == 1
    coming = visit("north", "liaison").get("/desk/").context["coming"]
    assert (coming.on, coming.address) == (TODAY + timedelta(days=2), "/desk/calls/")


def test_the_page_costs_the_same_whatever_waits(north, visit):
    a_class("LATE-0", 2, seed=9, days_ago=9)
    browser = visit("north", "manager")
    few = statements(lambda: browser.get("/desk/"))
    something_of_much()
    a_class("LATE-2", 4, seed=6, days_ago=9)
    finished("ISSUE-2", 3, seed=7, days_ago=15)
    many = statements(lambda: browser.get("/desk/"))
    assert many == few


def test_a_job_that_runs_is_found_again_with_how_far_it_is(north, visit):
    clerk = User.objects.get(username="clerk")
    run = start("certificates.issue", "T-01", {"class": 0}, clerk)
    JobRun.objects.filter(pk=run.pk).update(state="running", total=40, done=10)
    page = visit("north", "clerk").get("/desk/").content.decode()
    assert f'href="/desk/jobs/{run.pk}/"' in page
    assert re.search(r'<progress max="100" value="25"', page)
    JobRun.objects.filter(pk=run.pk).update(state="done", finished_at=timezone.now())
    page = visit("north", "clerk").get("/desk/").content.decode()
    assert f'href="/desk/jobs/{run.pk}/"' in page and "<progress" not in page
    assert f"/desk/jobs/{run.pk}/" not in visit("north", "manager").get("/desk/").content.decode()
    for role, slug in (("trainer", "north"), ("clerk", "south")):
        assert "/desk/jobs/" not in visit(slug, role).get("/desk/").content.decode()


@pytest.mark.parametrize(("kinds", "urls"), [(AT_BASE, "base"), (AT_CENTRE, "centre")])
def test_every_kind_has_a_name_of_its_own_a_way_and_a_right_that_exists(db, kinds, urls):
    from django.contrib.auth.models import Permission

    assert len({kind.key for kind in kinds}) == len(kinds)
    with inside("north"):
        known = {
            f"{each.content_type.app_label}.{each.codename}"
            for each in Permission.objects.select_related("content_type")
        }
    for kind in kinds:
        assert set(kind.permissions) <= known, kind.key
        assert resolve(reverse(kind.route, f"lms.urls.{urls}"), f"lms.urls.{urls}")


def test_the_centre_sees_what_it_has_to_decide_on_its_first_page(visit):
    from tenants.designations.models import TrainingBase

    browser = visit("centre", "director")
    assert "今天要办的都办完了" in browser.get("/admin/").content.decode()
    with inside("centre"):
        TrainingBase.objects.filter(tenant__slug="north").update(ends_on=TODAY + timedelta(days=9))
    assert due("director", "centre") == {"ending": (1, "还有 9 天")}
    page = browser.get("/admin/").content.decode()
    [address] = re.findall(r'href="(/admin/bases/\?[^"]+)"', page)
    listed = browser.get(address.replace("&amp;", "&")).context["object_list"]
    assert [each.name for each in listed] == ["测试基地north"]
    assert due("officer", "centre") == {}, "who decides nothing"
    assert "今天要办的" not in visit("north", "clerk").get("/admin/").content.decode()
