"""The walk between base and centre through the pages, by who may do what."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.utils.translation import override
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from courses.models import TrainingClass
from courses.planning.models import Proposal
from courses.requests.models import ClassRequest, OpeningPolicy
from tenants.staff.models import User
from tests.cast import base
from tests.courses.planning.scene import DOCUMENT, TODAY, demanded, facts, opened, sent, villages
from tests.story import ids, workbook

pytestmark = pytest.mark.usefixtures("north")


def body(answer):
    return answer.content.decode()


def typed(**more):
    """What a clerk sends, with a roster."""
    said = facts()
    trainer = User.objects.get(username="trainer")
    roster = workbook([(f"学员{n}", number) for n, number in enumerate(ids(4), 1)])
    form = {
        "project": "1", "code": "N-01", "starts_on": said.starts_on, "ends_on": said.ends_on,
        "village": villages()[0].code, "place": "村部", "trainer": trainer.pk,
        "resources": "缝纫机", "assessment": "最后一天", "contact": "吴", "contact_phone": "0433",
        "roster": SimpleUploadedFile("r.xlsx", roster), "s-TOTAL_FORMS": "2",
        "s-INITIAL_FORMS": "0",
    }  # fmt: skip
    from courses.models import Project

    form["project"] = Project.objects.get(code="sewing").pk
    for number, planned in enumerate(said.sessions):
        form |= {
            f"s-{number}-held_on": planned.held_on, f"s-{number}-starts_at": "08:30",
            f"s-{number}-kind": planned.kind, f"s-{number}-minutes": planned.minutes,
        }  # fmt: skip
    return form | more


def test_a_clerk_asks_the_manager_sends_the_officer_approves_the_clerk_opens(visit):
    demanded()
    clerk, manager, officer = (
        visit("north", "clerk"), visit("north", "manager"), visit("centre", "officer")
    )  # fmt: skip
    answer = clerk.post("/desk/requests/new/", typed())
    assert answer.status_code == 302, body(answer)
    page = f"/desk/requests/{Proposal.objects.get().pk}/"
    assert "4 人合格" in body(clerk.get(page))
    assert clerk.post(f"{page}act/", {"act": "send"}).status_code == 403, "the manager sends"
    clerk.post(f"{page}act/", {"act": "ask"})
    assert Proposal.objects.get().state == "asked"
    manager.post(f"{page}act/", {"act": "send"})
    number = ClassRequest.objects.get().number
    there = f"/desk/requests/{number}/"
    assert number in body(officer.get("/desk/requests/"))
    assert "缝纫机" in body(officer.get(there))
    decided = officer.post(there, {"act": "approve", "version": 1, "document": "批 7"})
    assert decided.status_code == 302
    assert "已批准" in body(clerk.get(page)) and "批 7" in body(clerk.get(page))
    opened_at = clerk.post(f"{page}act/", {"act": "open"})
    assert opened_at["Location"] == "/desk/classes/N-01/"
    assert TrainingClass.objects.get().approval.document == "批 7"


def test_a_return_shows_its_remarks_and_an_empty_decision_says_what_is_missing(visit):
    found, request = sent()
    officer = visit("centre", "officer")
    there = f"/desk/requests/{request.number}/"
    assert "写明理由" in body(officer.post(there, {"act": "return", "version": 1}))
    officer.post(there, {"act": "return", "version": 1, "reason": "请写考评员"})
    clerk = visit("north", "clerk")
    assert "请写考评员" in body(clerk.get(f"/desk/requests/{found.pk}/"))
    assert "3 人合格" in body(clerk.get(f"/desk/requests/{found.pk}/edit/"))
    assert "已退回修改" in body(clerk.get("/desk/requests/"))


def test_an_officer_decides_nothing_without_the_second_factor(visit):
    _found, request = sent()
    there = f"/desk/requests/{request.number}/"
    officer = visit("centre", "officer")
    with tenant_context(base("centre")):
        user = User.objects.get(username="officer")
        user.authenticator_set.all().delete()
        assert not User.objects.get(pk=user.pk).has_perm("requests.decide_request")
    answer = officer.post(there, {"act": "approve", "version": 1})
    assert answer.status_code == 302
    assert "/second-factor/" in answer.url
    request.refresh_from_db()
    assert request.state == "sent"


def test_a_township_officer_reads_the_own_countys_requests_and_decides_none(visit):
    _found, request = sent()
    township = visit("centre", "township_officer")
    there = f"/desk/requests/{request.number}/"
    assert request.number in body(township.get("/desk/requests/"))
    assert township.post(there, {"act": "approve", "version": 1}).status_code == 403
    User.objects.none()
    assert visit("north", "clerk").get(there).status_code == 404


def test_a_dragged_session_of_an_approved_class_leads_to_the_form_of_a_change(visit):
    demanded()
    session = opened().sessions.get(number=1)
    clerk = visit("north", "clerk")
    said = {"day": str(facts().ends_on), "at": "14:00"}
    answer = clerk.post(f"/desk/calendar/sessions/{session.pk}/", said)
    form = clerk.get(answer["Location"])
    assert f'value="{facts().ends_on}"' in body(form)
    assert DOCUMENT in body(form)
    session.refresh_from_db()
    assert session.held_on == facts().starts_on
    sent_form = {
        "village": villages()[0].code, "place": "村部", "trainer": session.training_class.trainer_id,
        "starts_on": facts().starts_on, "ends_on": facts().ends_on, "reason": "村里办喜事",
        "seen": 0,
        "day1": facts().ends_on, "at1": "14:00",
        "day2": facts().sessions[1].held_on, "at2": "08:30",
    }  # fmt: skip
    made = clerk.post("/desk/classes/N-01/change/", sent_form)
    assert made["Location"].startswith("/desk/requests/"), body(made)
    change = Proposal.objects.get(kind="change")
    assert "村里办喜事" in body(clerk.get(made["Location"]))
    visit("north", "manager").post(f"/desk/requests/{change.pk}/act/", {"act": "send"})
    request = ClassRequest.objects.get(kind="change")
    officer = visit("centre", "officer")
    assert "第 1 次课" in body(officer.get(f"/desk/requests/{request.number}/"))
    officer.post(f"/desk/requests/{request.number}/", {"act": "approve", "version": 1})
    with tenant_context(base("north")):
        session.refresh_from_db()
        assert session.held_on == facts().ends_on
    assert request.number in body(clerk.get("/desk/classes/N-01/change/"))


def test_lists_go_to_excel_at_both_sides(visit):
    sent()
    for slug, role in (("north", "clerk"), ("centre", "officer")):
        answer = visit(slug, role).get("/desk/requests/?format=xlsx")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
        assert len(rows) == 2 and "N-01" in rows[1]


def test_the_director_writes_a_policy_and_edits_none(visit):
    director = visit("centre", "director")
    form = {
        "effective_from": TODAY, "document": "测劳培〔2027〕1号", "demands": "on",
        "days_before": 10, "change_days_before": 2, "day_from": "07:00", "day_to": "21:00",
    }  # fmt: skip
    assert director.post("/admin/opening-policies/new/", form).status_code == 302
    made = OpeningPolicy.objects.get()
    assert made.centre.slug == "centre"
    assert "2027" in body(director.get("/admin/opening-policies/"))
    assert director.get(f"/admin/opening-policies/edit/{made.pk}/").status_code == 404
    bad = director.post("/admin/opening-policies/new/", form | {"day_to": "06:00"})
    assert "结束时间要晚于" in body(bad)
    window = {"name": "冬闲", "name_en": "Winter", "starts": 20, "ends": 4}
    assert director.post("/admin/season-windows/new/", window).status_code == 302
    assert visit("north", "manager").get("/admin/opening-policies/").status_code in (302, 404)


def test_a_draft_is_dropped_and_what_is_typed_badly_is_said(visit):
    clerk = visit("north", "clerk")
    late = body(clerk.post("/desk/requests/new/", typed(ends_on="2020-01-01")))
    assert "结业日期不能早于开班日期" in late
    junk = SimpleUploadedFile("r.xlsx", b"no workbook")
    answer = clerk.post("/desk/requests/new/", typed(roster=junk))
    assert answer.status_code == 200 and "浏览器没有保留已选的花名册" in body(answer)
    filled = body(clerk.post("/desk/requests/new/", typed() | {"fill": "1"}))
    assert "s-0-held_on" in filled and "浏览器没有保留已选的花名册" in filled
    assert "浏览器没有保留" not in body(clerk.get("/desk/requests/new/"))
    clerk.post("/desk/requests/new/", typed())
    found = Proposal.objects.get()
    clerk.post(f"/desk/requests/{found.pk}/act/", {"act": "drop"})
    found.refresh_from_db()
    assert found.state == "dropped"
    assert clerk.post(f"/desk/requests/{found.pk}/act/", {"act": "x"}).status_code in (403, 404)


def test_what_is_missing_is_said_in_one_language(visit):
    clerk = visit("north", "clerk")
    demanded()
    form = typed()
    del form["roster"]
    clerk.post("/desk/requests/new/", form)
    with tenant_context(base("north")):
        page = f"/desk/requests/{Proposal.objects.get().pk}/"
    zh, en = "请先上传花名册核对", "upload the roster first"
    shown = body(clerk.get(page))
    assert zh in shown and en not in shown
    clerk.cookies["django_language"] = "en"
    with override("en"):  # what a request sets stays after it
        shown = body(clerk.get(page))
    assert en in shown and zh not in shown


def test_a_long_list_of_clashes_is_folded_up_and_nothing_of_it_is_lost():
    lines = [f"第 {n} 处" for n in range(1, 8)]
    with override("zh-hans"):
        page = render_to_string("planning/noted.html", {"against": lines})
    shown, folded = page.split("<details")
    assert all(line in shown for line in lines[:4])
    assert all(line in folded for line in lines[4:]) and "另有 3 处" in folded
    assert "<details" not in render_to_string("planning/noted.html", {"against": lines[:4]})
