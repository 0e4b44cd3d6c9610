"""The desk decides: into a class by the rules of a roster, waiting, or refused with a reason that is told."""

import io
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from courses.applying.models import ClassProposal, CourseApplication
from courses.applying.services import decide
from courses.applying.services.apply import withdraw as take_back
from courses.applying.services.forget import applications_due
from courses.intake.services.places import set_places
from courses.intake.services.places import withdraw as withdraw_place
from courses.models import Trainee
from courses.retention.services import carry_out, plan
from tenants.outbox.models import Message
from tenants.staff.models import User
from tests.cast import base
from tests.courses.applying_story import an_open_class, applied, form_of, village

LIST = "/desk/applications/"


def clerk():
    return User.objects.get(username="clerk")


def fresh(made):
    return CourseApplication.objects.get(pk=made.pk)


def test_many_are_accepted_into_a_class_and_told(north):
    one = an_open_class()
    made = [applied(one, seed) for seed in range(1, 4)]
    done = decide.accept([a.pk for a in made], one, clerk())
    assert (len(done.decided), done.left) == (3, [])
    assert one.enrolments.count() == 3 == Trainee.objects.count()
    first = fresh(made[0])
    assert (first.state, first.placed_in, first.enrolment.trainee.name) == (
        "accepted",
        one,
        first.name,
    )
    assert first.enrolment.trainee.village == village(1)
    told = Message.objects.filter(subject="报名结果")
    assert told.count() == 3 and "已录取" in told.first().text
    assert first.enrolment.changes.get().state == "enrolled"


def test_whom_a_roster_refuses_is_left_with_the_reason(north):
    one = an_open_class()
    a, b = applied(one, 1), applied(one, 2)
    decide.accept([a.pk], one, clerk())
    CourseApplication.objects.filter(pk=a.pk).update(state="withdrawn", enrolment=None)
    again = applied(one, 1)
    done = decide.accept([again.pk, b.pk], one, clerk())
    assert [x.pk for x in done.decided] == [b.pk]
    assert "已在本班" in done.left[0][1] and fresh(again).state == "new"
    alone = decide.accept([again.pk], one, clerk())
    assert not alone.decided and one.enrolments.count() == 2


def test_when_the_class_is_full_the_rest_wait_and_are_accepted_when_they_move_up(north):
    one = an_open_class()
    set_places(one, 1, clerk())
    a, b, c = (applied(one, seed) for seed in (1, 2, 3))
    decide.accept([c.pk, b.pk, a.pk], one, clerk())
    assert [fresh(each).state for each in (a, b, c)] == ["accepted", "waiting", "waiting"]
    assert "候补" in Message.objects.latest("pk").text
    withdraw_place(fresh(a).enrolment, "work", "", timezone.localdate(), clerk())
    assert [fresh(each).state for each in (b, c)] == ["accepted", "waiting"]
    assert "已录取" in Message.objects.latest("pk").text
    assert fresh(b).steps.last().by is None


def test_who_is_refused_or_takes_it_back_stands_on_no_waiting_list(north):
    one = an_open_class()
    set_places(one, 1, clerk())
    a, b, c = (applied(one, seed) for seed in (1, 2, 3))
    decide.accept([a.pk, b.pk, c.pk], one, clerk())
    decide.refuse([b.pk], clerk(), "年龄不符")
    take_back(fresh(c))
    assert fresh(b).enrolment.state == fresh(c).enrolment.state == "withdrawn"
    assert fresh(a).enrolment.state == "enrolled"


def test_a_refusal_needs_a_reason_and_may_be_taken_up_again(north):
    one = an_open_class()
    made = applied(one)
    with pytest.raises(ValidationError, match="the applicant reads it"):
        decide.refuse([made.pk], clerk(), "  ")
    decide.refuse([made.pk], clerk(), "年龄不符")
    assert "年龄不符" in Message.objects.latest("pk").text
    newer = applied(one)
    assert newer.repeats is None
    done = decide.wait([made.pk], clerk())
    assert "另有一份" in done.left[0][1]


def test_the_second_clerk_is_told_that_it_was_decided(north):
    one = an_open_class()
    made = applied(one)
    decide.accept([made.pk], one, clerk())
    done = decide.refuse([made.pk], clerk(), "名额已满")
    assert not done.decided and "已录取" in done.left[0][1]
    repeat = applied(one, phone="13900000000")
    assert "重复提交" in decide.wait([repeat.pk], clerk()).left[0][1]


def test_the_list_filters_decides_in_bulk_and_goes_out_as_excel(visit, north):
    cache.clear()
    one = an_open_class()
    made = [applied(one, seed) for seed in range(1, 5)]
    applied(one, 1, phone="13900000000")
    browser = visit("north", "clerk")
    page = browser.get(LIST).content.decode()
    assert page.count('name="one"') == 4 and "又报 1 次" in page and 'value="accept"' not in page
    page = browser.get(f"{LIST}?project=sewing&state=open").content.decode()
    assert 'value="accept"' in page and "O-01" in page
    assert made[1].name in browser.get(f"{LIST}?q={made[1].number}").content.decode()
    assert made[1].name not in browser.get(f"{LIST}?state=refused").content.decode()
    keys = [a.pk for a in made[:2]]
    back = f"{LIST}?project=sewing"
    form = {"one": keys, "act": "accept", "into": "O-01", "back": back}
    answer = browser.post(f"{LIST}decide/", form)
    assert answer.url == back and one.enrolments.count() == 2
    browser.post(
        f"{LIST}decide/", {"one": made[2].pk, "act": "refuse", "reason": "", "back": "//x.cn"}
    )
    assert fresh(made[2]).state == "new"
    book = load_workbook(io.BytesIO(browser.get(f"{LIST}?state=&format=xlsx").content))
    assert book.active.max_row == 5
    page = browser.get(f"{LIST}{made[0].pk}/").content.decode()
    assert "录取" in page and "13900000000" in page


@pytest.mark.parametrize("role", ["trainer", "examiner", "liaison"])
def test_others_do_not_see_applications(visit, north, role):
    made = applied()
    browser = visit("north", role)
    for path in (LIST, f"{LIST}{made.pk}/", "/desk/proposals/", "/desk/consents/"):
        assert browser.get(path).status_code == 403
    assert browser.post(f"{LIST}decide/", {"one": made.pk, "act": "wait"}).status_code == 403


def proposal(**changes):
    day = timezone.localdate() + timedelta(days=30)
    there = village(3)
    form = form_of(None)
    return {
        "village": f"{there.parent.name} {there.name}", "village_code": there.code,
        "trade": "", "starts_on": str(day), "place": "村部活动室", "people": "18",
        "contact": "朴村长", "phone": "13700000001", "sender": "cadre", "note": "晚上也行",
        "consent": "on", "consent_version": "1", "ticket": form["ticket"],
    } | changes  # fmt: skip


def test_a_village_proposes_a_class_and_reads_the_answer(visit, north):
    from tenants.models import Trade

    cache.clear()
    trade = str(Trade.objects.get().pk)
    browser = visit("north")
    assert browser.get("/propose/").status_code == 200
    page = browser.post("/propose/", proposal(), follow=True)
    assert ClassProposal.objects.count() == 0 and "还没有提交" in page.content.decode()
    yesterday = str(timezone.localdate() - timedelta(days=1))
    page = browser.post("/propose/", proposal(trade=trade, starts_on=yesterday))
    assert "日期已经过了" in page.content.decode()
    form = proposal(trade=trade)
    for _ in range(2):
        page = browser.post("/propose/", form, follow=True)
    made = ClassProposal.objects.get()
    assert made.number in page.content.decode() and made.people == 18

    desk = visit("north", "clerk")
    assert "朴村长" in desk.get("/desk/proposals/").content.decode()
    one = an_open_class()
    address = f"/desk/proposals/{made.pk}/"
    assert desk.post(address, {"state": "agreed", "answer": ""}).status_code == 200
    desk.post(address, {"state": "agreed", "answer": "下周来看场地", "training_class": one.code})
    made.refresh_from_db()
    assert (made.state, made.training_class) == ("agreed", one)
    assert "下周来看场地" in Message.objects.latest("pk").text

    other = visit("north")
    assert (
        other.post("/propose/status/", {"number": made.number, "last4": "0000"}).status_code == 403
    )
    page = other.post("/propose/status/", {"number": made.number, "last4": "0001"}, follow=True)
    assert "下周来看场地" in page.content.decode()
    book = desk.get("/desk/proposals/?state=&format=xlsx")
    assert load_workbook(io.BytesIO(book.content)).active.max_row == 2


def test_a_liaison_sees_what_was_proposed_before(visit, north):
    from tenants.models import Trade

    cache.clear()
    browser = visit("north", "liaison")
    assert "村联络员甲" in browser.get("/propose/").content.decode()
    browser.post("/propose/", proposal(trade=str(Trade.objects.get().pk), sender="liaison"))
    made = ClassProposal.objects.get()
    assert made.entered_by.username == "liaison"
    assert "我提交过的" in browser.get("/propose/").content.decode()
    assert "申请到村办班" in browser.get("/desk/").content.decode()


def test_terms_are_written_at_the_class_and_shown_there(visit, north):
    an_open_class()
    browser = visit("north", "clerk")
    address = "/desk/classes/O-01/terms/"
    assert browser.get(address).status_code == 200
    form = {
        "lodging": "paid",
        "meals": "free",
        "bring": "身份证",
        "cost": "每晚 20 元",
    }
    assert browser.post(address, form).url == "/desk/classes/O-01/"
    page = browser.get("/desk/classes/O-01/").content.decode()
    assert "每晚 20 元" in page
    assert browser.post(address, form | {"lodging": "palace"}).status_code == 200
    assert visit("north", "trainer").get(address).status_code == 403


def test_the_desk_counts_what_waits(visit, north):
    applied()
    assert "<strong>1</strong> 报名待审核" in visit("north", "clerk").get("/desk/").content.decode()


def test_a_manager_writes_the_text_of_consent(visit, north):
    browser = visit("north", "manager")
    form = {"kind": "proposal", "text": "只用于联系办班。"}
    assert browser.post("/desk/consents/", form).status_code == 302
    page = browser.get("/desk/consents/").content.decode()
    assert "只用于联系办班。" in page and "第 2 版" in page
    assert visit("north", "clerk").get("/desk/consents/").status_code == 403


def test_an_application_that_came_to_nothing_goes_after_a_year(north):
    one = an_open_class()
    old, young = applied(one, 1), applied(one, 2)
    decide.refuse([old.pk], clerk(), "名额已满")
    then = timezone.now() - timedelta(days=370)
    CourseApplication.objects.filter(pk=old.pk).update(sent_at=then, decided_at=then)
    assert applications_due(set(), timezone.localdate()) == [old.pk]
    found = plan()
    assert found.counts["applications"] == 1 and old.name in str(found.names)
    carry_out(found.digest, clerk())
    gone = fresh(old)
    assert (gone.name, gone.phone, bytes(gone.id_sealed), gone.village) == ("—", "", b"", None)
    assert fresh(young).name == young.name
    with tenant_context(base("north")):
        assert "证号已清除" in decide.wait([old.pk], clerk()).left[0][1]
