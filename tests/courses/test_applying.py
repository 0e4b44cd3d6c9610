"""A stranger applies on a phone: checked, kept sealed, followed by a number, told kindly, never told of others."""

import logging
import re

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django_tenants.utils import tenant_context

from courses.applying.models import ApplicationStep, ConsentText, CourseApplication
from courses.applying.services import apply as door
from courses.applying.services import decide
from courses.applying.services.consents import in_force, write_consent
from courses.services.identity import open_sealed
from tenants.outbox.models import Message
from tenants.staff.models import User
from tests.cast import base
from tests.courses.applying_story import an_open_class, applied, form_of, sent, village
from tests.story import ids

State = CourseApplication.State


@pytest.fixture
def one(db):
    with tenant_context(base("north")):
        found = an_open_class()
    cache.clear()
    return found


def form(one, seed=1, **changes):
    with tenant_context(base("north")):
        return form_of(one, seed, **changes)


def kept():
    with tenant_context(base("north")):
        return list(CourseApplication.objects.order_by("pk"))


def test_whoever_applies_gets_a_number_and_sees_where_it_stands(visit, one):
    browser = visit("north")
    assert "O-01" in browser.get("/join/class/O-01/").content.decode()
    page = browser.post("/join/", form(one), follow=True)
    [made] = kept()
    text = page.content.decode()
    assert page.redirect_chain == [("/join/mine/", 302)]
    assert made.number in text and "待审核" in text
    assert made.training_class_id == one.pk and made.consent.version == 1
    assert page["Cache-Control"] == "private, no-store"


def test_the_id_is_sealed_and_stands_on_no_page_and_in_no_address(visit, one, caplog):
    caplog.set_level(logging.DEBUG)
    browser, said = visit("north"), form(one)
    page = browser.post("/join/", said, follow=True)
    [made] = kept()
    number = said["resident_id"]
    with tenant_context(base("north")):
        assert open_sealed(bytes(made.id_sealed)) == number
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT r::text FROM "{base("north").schema_name}".applying_courseapplication r'
        )
        assert number not in cursor.fetchone()[0]
    desk = visit("north", "clerk")
    for answer in (
        page,
        desk.get("/desk/applications/"),
        desk.get(f"/desk/applications/{made.pk}/"),
    ):
        assert number not in answer.content.decode()
    assert number not in str(page.redirect_chain) and number not in caplog.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("resident_id", "110105194912310029", "校验码"),
        ("resident_id", "12345", "18 位"),
        ("name", "123", "姓名"),
        ("phone", "12", "手机号"),
        ("village", "没有的村", "没有找到这个村"),
        ("wish", "class:NO-SUCH", "wish"),
        ("consent", "", "打勾"),
    ],
)
def test_a_fault_is_named_at_its_field_and_what_was_typed_stays(visit, one, field, typed, said):
    page = visit("north").post("/join/", form(one) | {field: typed, "village_code": ""})
    text = page.content.decode()
    assert page.status_code == 200 and said in text and "还没有提交" in text
    assert "13800000001" in text or field == "phone"
    assert kept() == []


@pytest.mark.parametrize(
    "text", ["😀" * 50, "\u202e", "' OR 1=1 --", "<script>x</script>", "x" * 10_000]
)
@pytest.mark.parametrize(
    "field", ["name", "resident_id", "phone", "village", "note", "ticket", "consent_version"]
)
def test_odd_input_is_answered(visit, one, field, text):
    page = visit("north").post("/join/", form(one) | {field: text})
    assert page.status_code in (200, 302, 400)
    assert b"<script>x" not in page.content


def test_a_village_is_found_in_three_taps_without_a_script(visit, one):
    browser, said = visit("north"), form(one) | {"village": "", "village_code": ""}
    here = village(5)
    for code in (here.code[:6], here.code[:9], here.code):
        page = browser.post("/join/", said | {"at": code}).content.decode()
        assert said["name"] in page and said["resident_id"] in page, "nothing typed is lost"
        assert "errorlist" not in page
    assert f'value="{here.parent.name} {here.name}"' in page and f'value="{here.code}"' in page
    assert kept() == []
    names = browser.get(f"/join/places/{here.code[:9]}.json").json()
    assert here.name in [each["name"] for each in names["choices"]]
    assert browser.get("/join/places/999999.json").status_code == 404


def test_the_same_form_sent_twice_is_one_application(visit, one):
    browser, said = visit("north"), form(one)
    for _ in range(2):
        browser.post("/join/", said)
    assert len(kept()) == 1


def test_a_stranger_with_somebodys_id_learns_nothing_and_the_holder_is_told(visit, one):
    first = form(one)
    visit("north").post("/join/", first)
    fresh = visit("north").post("/join/", form(one, 2), follow=True).content.decode()
    stranger = visit("north")
    again = form(one, 1, name="李四", phone="13900000009")
    page = stranger.post("/join/", again, follow=True).content.decode()
    a, b, c = kept()
    assert (b.repeats, c.repeats) == (None, a)

    def bare(text, made):
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        return re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d", "", text.replace(made.number, ""))

    assert bare(page, c) == bare(fresh, b), "the two answers are the same but for the number"
    assert a.number not in page
    with tenant_context(base("north")):
        [told] = Message.objects.filter(subject="重复报名")
        assert (told.to, first["resident_id"] in told.text) == (first["phone"], False)
        decide.refuse([a.pk], User.objects.get(username="clerk"), "名额已满")
    later = stranger.get("/join/mine/").content.decode()
    assert "待审核" in later and "名额已满" not in later


def test_whoever_asks_twice_from_the_same_telephone_is_led_to_the_first(visit, one):
    browser = visit("north")
    browser.post("/join/", form(one))
    page = browser.post("/join/", form(one), follow=True).content.decode()
    first, second = kept()
    assert second.repeats == first
    assert first.number in page and "两次合在一起" in page


def test_the_holder_is_told_once_a_day(north):
    one = an_open_class()
    first = applied(one)
    for number in range(4):
        assert applied(one, phone=f"1390000000{number}").repeats == first
    assert Message.objects.filter(subject="重复报名").count() == 1
    assert first.steps.filter(kind=ApplicationStep.Kind.REPEATED).count() == 4


def test_a_number_is_followed_with_four_characters_and_both_wrongs_look_alike(visit, one):
    visit("north").post("/join/", form(one))
    [made] = kept()
    browser = visit("north")
    wrong = "0000" if made.id_last4 != "0000" else "1111"
    a = browser.post("/join/status/", {"number": made.number, "last4": wrong})
    b = browser.post("/join/status/", {"number": "ABCDEFGHJKMN", "last4": made.id_last4})
    assert a.status_code == b.status_code == 403
    typed = {
        "number": f" {made.number[:4].lower()}-{made.number[4:]} ",
        "last4": made.id_last4.lower(),
    }
    page = browser.post("/join/status/", typed, follow=True)
    assert "待审核" in page.content.decode()
    assert made.number not in str(page.redirect_chain)
    browser.post("/join/leave/")
    assert browser.get("/join/mine/").status_code == 302


def test_guesses_are_counted(visit, one):
    browser = visit("north")
    for _ in range(20):
        browser.post("/join/status/", {"number": "ABCDEFGHJKMN", "last4": "0000"})
    visit("north").post("/join/", form(one))
    [made] = kept()
    answer = browser.post("/join/status/", {"number": made.number, "last4": made.id_last4})
    assert answer.status_code == 429


def test_one_id_is_not_sent_without_end(visit, one):
    browser = visit("north")
    answers = [browser.post("/join/", form(one)).status_code for _ in range(7)]
    assert answers == [302] * 6 + [429]


def test_a_form_of_another_site_is_refused(one):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, HTTP_HOST="north.localhost")
    assert browser.post("/join/", form(one)).status_code == 403
    assert kept() == []


def test_an_applicant_takes_it_back_and_may_apply_anew(visit, one):
    browser = visit("north")
    browser.post("/join/", form(one))
    assert "已撤回" in browser.post("/join/withdraw/", follow=True).content.decode()
    browser.post("/join/", form(one))
    assert [a.state for a in kept()] == ["withdrawn", "new"] and kept()[1].repeats is None


def test_what_is_decided_is_not_taken_back(north):
    one = an_open_class()
    made = applied(one)
    decide.accept([made.pk], one, User.objects.get(username="clerk"))
    with pytest.raises(ValidationError, match="call the base"):
        door.withdraw(made)


def test_two_at_once_leave_one_that_stands(north, monkeypatch):
    first, calls = applied(), []

    def blind(made):
        calls.append(made)
        return None if len(calls) == 1 else first

    monkeypatch.setattr(door, "_standing", blind)
    assert door.apply(sent()).repeats == first


def test_the_text_of_consent_has_versions_and_an_old_one_is_shown_anew(visit, one):
    said = form(one)
    with tenant_context(base("north")):
        assert not ConsentText.objects.exists()
        write_consent("application", "新的告知内容", User.objects.get(username="manager"))
    page = visit("north").post("/join/", said).content.decode()
    assert "告知书刚刚更新" in page and "新的告知内容" in page and kept() == []
    visit("north").post("/join/", said | {"consent_version": "2"})
    with tenant_context(base("north")):
        assert CourseApplication.objects.get().consent.text == "新的告知内容"
        assert [text.version for text in ConsentText.objects.all()] == [1, 2]
        with pytest.raises(ValidationError, match="nothing has changed"):
            write_consent("application", in_force("application").text, User.objects.first())


def test_another_base_knows_nothing_of_it(visit, one):
    visit("north").post("/join/", form(one))
    [made] = kept()
    answer = visit("south").post("/join/status/", {"number": made.number, "last4": made.id_last4})
    assert answer.status_code == 403
    with tenant_context(base("south")):
        an_open_class()
        assert applied().repeats is None
        other = bytes(CourseApplication.objects.get().id_digest)
    assert other != bytes(made.id_digest), "digests of two bases cannot be compared"
    assert ids(1)[0][-4:] == made.id_last4
