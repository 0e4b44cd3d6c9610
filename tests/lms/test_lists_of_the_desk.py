"""Each list of the desk: what it finds, what is done to many of its rows, and the history of a record."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from certificates.duties.services.calls import callers
from certificates.models import FollowUp
from certificates.services.issue import issue_class
from courses.models import Enrolment, Trainee
from courses.notices.audiences import chosen_value, label_of, people_of
from courses.notices.services import write_template
from tenants.jobs.models import JobRun
from tenants.lists.history import HISTORIES
from tenants.outbox.services import OUTBOX
from tenants.staff.models import User
from tests.counting import statements
from tests.courses.applying_story import an_open_class
from tests.story import a_class, finished

BASE_LISTS = (
    *("classes/", "trainees/", "applications/?state=", "proposals/?state=", "requests/"),
    *("assessments/", "appeals/", "external/", "calls/", "claims/?state=", "notices/"),
    *("notices/opt-outs/", "messages/", "devices/", "paper/", "review/", "revocations/?state="),
    *("discrepancies/", "looks/"),
)
CENTRE_LISTS = ("/desk/requests/?state=all", "/desk/dossiers/", "/desk/looks/", "/staff/")


def names(answer):
    return [row[0] for row in load_workbook(io.BytesIO(answer.content)).active.values][1:]


@pytest.mark.parametrize("path", [*(f"/desk/{each}" for each in BASE_LISTS), "/staff/"])
def test_every_list_of_a_base_sorts_by_every_heading_prints_and_exports(visit, north, path):
    finished(people=2)
    _opens(visit("north", "manager"), path)


@pytest.mark.parametrize("path", CENTRE_LISTS)
def test_every_list_of_the_centre_does_too(visit, path):
    _opens(visit("centre", "director"), path)


def _opens(browser, path):
    glue = "&" if "?" in path else "?"
    page = browser.get(path)
    assert page.status_code == 200
    desk_list = page.context["asked"].list
    assert ('id="q"' in page.content.decode()) == bool(desk_list.search), "where to type it"
    every = ",".join(column.key for column in desk_list.columns)
    for column in desk_list.columns:
        if column.sort:
            for way in ("", "-"):
                asked = f"{path}{glue}sort={way}{column.key}&columns={every}"
                assert browser.get(asked).status_code == 200, asked
    for more in (f"q=x1&columns={every}", "format=print", f"format=xlsx&columns={every}"):
        assert browser.get(f"{path}{glue}{more}").status_code == 200, more
    for name in desk_list.filters:
        field = page.context["asked"].filters.form.fields[name]
        values = [str(code) for code, _title in getattr(field, "choices", [])] or ["2026-01-05"]
        for value in values:
            assert browser.get(f"{path}{glue}{name}={value}").status_code == 200, (name, value)


def test_a_trainee_is_found_by_initials_last_four_telephone_and_certificate(visit, north):
    found = finished(people=3)
    [paper, *_rest] = issue_class(found, None).certificates
    one = paper.trainee
    Trainee.objects.filter(pk=one.pk).update(name="张晓梅", phone="13812345678")
    browser = visit("north", "clerk")
    for typed in ("zxm", "ZX", "晓梅", one.id_last4, "12345678", paper.number):
        answer = browser.get("/desk/trainees/", {"q": typed, "format": "xlsx"})
        assert "张晓梅" in names(answer), typed
    assert names(browser.get("/desk/trainees/?q=zzz&format=xlsx")) == []
    assert len(names(browser.get("/desk/trainees/?certificate=yes&format=xlsx"))) == 3
    assert names(browser.get("/desk/trainees/?certificate=no&format=xlsx")) == []
    assert visit("north", "trainer").get("/desk/trainees/").status_code == 403


def test_all_trainees_cost_the_same_however_many_there_are(visit, north):
    finished(people=2)
    browser = visit("north", "clerk")
    few = statements(lambda: browser.get("/desk/trainees/"))
    a_class("T-02", people=25, seed=9)
    assert statements(lambda: browser.get("/desk/trainees/")) == few


def test_people_of_a_class_leave_together_and_who_may_not_says_why(visit, north):
    found = a_class(people=3)
    one, two, _three = found.enrolments.order_by("pk")
    browser, address = visit("north", "clerk"), f"/desk/classes/{found.code}/people/"
    browser.post(f"/desk/enrolments/{two.pk}/leave/", {
        "withdraw": "1", "why": "work", "words": "", "on": str(timezone.localdate()),
    })  # fmt: skip
    sent = {"do": "act", "act": "withdraw", "one": [one.pk, two.pk]}
    page = browser.post(address, sent).content.decode()
    assert "共 2 条：" in page and one.trainee.name in page and 'name="why"' in page
    assert Enrolment.objects.get(pk=one.pk).state == "enrolled", "the page only asks"
    wrong = browser.post(address, sent | {"sure": "1", "why": "", "on": "x"}).content.decode()
    assert wrong.count("errorlist") == 2
    said = {"sure": "1", "why": "work", "words": "", "on": str(timezone.localdate())}
    page = browser.post(address, sent | said, follow=True).content.decode()
    assert "退班：已办理 1 条。" in page and f"{two.trainee.name} {two.trainee.id_last4}：" in page
    assert Enrolment.objects.get(pk=one.pk).state == "withdrawn"
    history = browser.get(f"/desk/history/enrolment/{one.pk}/").content.decode()
    assert "外出务工" in history and "<del>在班</del>" in history and "教务员甲" in history


def test_people_of_another_class_are_not_moved_by_this_ones_page(visit, north):
    found, other = a_class("T-01", 2), a_class("T-02", 2, seed=5)
    stranger = other.enrolments.first()
    sent = {"do": "act", "act": "withdraw", "one": stranger.pk, "sure": "1", "why": "work"}
    sent |= {"on": str(timezone.localdate())}
    page = visit("north", "clerk").post(f"/desk/classes/{found.code}/people/", sent, follow=True)
    assert "有 1 条已不在名单里" in page.content.decode()
    assert Enrolment.objects.get(pk=stranger.pk).state == "enrolled"


def test_people_who_are_ticked_are_moved_to_another_class(visit, north):
    found = a_class(people=2)
    goal = an_open_class("O-09", days=30)
    browser, address = visit("north", "clerk"), f"/desk/classes/{found.code}/people/"
    sent = {"do": "act", "act": "transfer", "all": "1"}
    assert "O-09" in browser.post(address, sent).content.decode()
    keys = [each.pk for each in found.enrolments.all()]
    said = {"do": "act", "act": "transfer", "one": keys, "sure": "1", "words": "换时间"}
    browser.post(address, said | {"goal": goal.pk})
    assert goal.enrolments.on_roll().count() == 2


def test_who_is_ticked_gets_a_notice_after_it_was_looked_at(visit, north):
    a_class(people=3)
    for n, each in enumerate(Trainee.objects.order_by("pk")):
        Trainee.objects.filter(pk=each.pk).update(phone=f"1380000000{n}")
    write_template_for_all()
    browser = visit("north", "clerk")
    chosen = list(Trainee.objects.order_by("pk").values_list("pk", flat=True))[:2]
    answer = browser.post("/desk/trainees/", {"do": "act", "act": "notice", "one": chosen})
    page = browser.get(answer.url).content.decode()
    assert "选中的 2 人" in page
    to = chosen_value(chosen)
    assert [person.trainee.pk for person in people_of(to)] == chosen
    assert "2" in label_of(to)
    from courses.notices.models import NoticeTemplate

    asked = {"to": to, "template": NoticeTemplate.objects.get().pk, "channel": OUTBOX}
    assert "选中 2 人" in browser.get("/desk/notices/new/", asked).content.decode()


def write_template_for_all():
    from courses.notices.models import NoticeTemplate

    by = User.objects.get(username="manager")
    write_template(NoticeTemplate(), "都来", "{姓名}您好，{基地}", True, by)


@pytest.mark.parametrize("to", ["chosen:", "chosen:²", "chosen:a b", "chosen:" + "z" * 40, "x:1"])
def test_a_list_of_chosen_people_that_is_none_is_said(visit, north, to):
    answer = visit("north", "clerk").get("/desk/notices/new/", {"to": to, "template": "1"})
    assert answer.status_code == 200 and "errorlist" in answer.content.decode()


def test_calls_are_given_out_in_bulk_and_whoever_is_out_of_sight_says_so(visit, north):
    found = finished(people=2, days_ago=100)
    for each in issue_class(found, None).certificates:
        FollowUp.objects.filter(certificate=each).update(due_on=timezone.localdate())
    people = list(Trainee.objects.order_by("pk"))
    from tenants.models import Division

    Trainee.objects.filter(pk=people[0].pk).update(
        village=Division.objects.filter(level="village", code__startswith="222403").first()
    )
    Trainee.objects.filter(pk=people[1].pk).update(village=None)
    liaison = callers().get(username="liaison")
    sent = {"do": "act", "act": "assign", "one": [p.pk for p in people], "sure": "1"}
    page = visit("north", "clerk").post("/desk/calls/", sent | {"to": liaison.pk}, follow=True)
    said = page.content.decode()
    assert "分配：已办理 1 条。" in said and "不在该联络员所辖的村" in said
    given = FollowUp.objects.filter(assigned_to=liaison)
    assert {duty.certificate.trainee_id for duty in given} == {people[0].pk}


def test_certificates_of_many_classes_are_printed_by_jobs(visit, north):
    done, without = finished("T-01", people=1), a_class("T-02", people=1, seed=7)
    issue_class(done, None)
    sent = {"do": "act", "act": "zip", "one": [done.pk, without.pk]}
    browser = visit("north", "clerk")
    assert "T-02" in browser.post("/desk/classes/", sent).content.decode()
    assert not JobRun.objects.filter(kind="certificates.print").exists()
    page = browser.post("/desk/classes/", sent | {"sure": "1"}, follow=True).content.decode()
    assert "已办理 1 条" in page and "T-02：本班还没有有效证书" in page


def test_every_kind_of_record_has_a_history_for_whoever_may_see_it(visit, north):
    found = finished(people=1)
    [paper] = issue_class(found, None).certificates
    manager = visit("north", "manager")
    rows = {
        "class": found.pk, "trainee": paper.trainee_id, "certificate": paper.pk,
        "session": found.sessions.first().pk, "enrolment": paper.enrolment_id,
        "staff": User.objects.get(username="clerk").pk, "calls": paper.trainee_id,
    }  # fmt: skip
    for kind in HISTORIES:
        address = reverse("record_history", args=[kind, rows.get(kind, 999_999)])
        expected = {200} if kind in rows else {404, 403}
        assert manager.get(address).status_code in expected, kind
        if kind in rows:
            assert visit("south", "manager").get(address).status_code in (404, 200)
        assert visit("north", "liaison").get(address).status_code in (403, 404, 200)
    assert "签发" in manager.get(f"/desk/history/certificate/{paper.pk}/").content.decode()


def test_a_liaison_reads_the_calls_of_the_own_villages_alone(visit, north):
    found = finished(people=1, days_ago=100)
    [paper] = issue_class(found, None).certificates
    FollowUp.objects.filter(certificate=paper).update(
        due_on=timezone.localdate() - timedelta(days=1)
    )
    Trainee.objects.filter(pk=paper.trainee_id).update(village=None)
    assert (
        visit("north", "liaison").get(f"/desk/history/calls/{paper.trainee_id}/").status_code == 404
    )
