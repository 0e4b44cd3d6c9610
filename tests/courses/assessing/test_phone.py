"""The examinee's pages, as a browser without scripts asks for them."""

import re
from copy import deepcopy

import pytest
from django.test import Client

from courses.assessing.models import Appeal, Question
from courses.assessing.services import hold
from courses.assessing.services.bank import keep_picture
from courses.assessing.services.standing import result_of
from courses.models import Trainee
from lms.plugin.testing import inside
from tests.courses.assessing.scene import a_sitting, closed, right, user
from tests.isolation.conftest import picture
from tests.story import a_class


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), inside("north"):
        return a_sitting(a_class(people=3))


@pytest.fixture
def theory(made, north):
    return deepcopy(made)


def last4(attempt):
    return attempt.enrolment.trainee.id_last4


def come_in(browser, sitting, attempt, **more):
    data = {"code": sitting.code, "last4": last4(attempt)} | more
    return browser.post("/exam/", data)


def fields(page):
    """Name and kept letter of what is checked on the paper."""
    return re.findall(r'name="(q\d+)" value="(\w)" checked', page.content.decode())


def test_an_examinee_comes_in_answers_saves_and_hands_in(theory, visit):
    browser, attempt = visit("north"), theory.attempts.first()
    assert browser.get(f"/exam/?code={theory.code}").status_code == 200
    assert come_in(browser, theory, attempt).url == "/exam/paper/"
    begin = browser.get("/exam/paper/").content.decode()
    assert attempt.enrolment.trainee.name in begin
    assert "30 分钟" in begin
    browser.post("/exam/paper/", {"act": "begin"})
    paper = browser.get("/exam/paper/")
    assert paper.content.decode().count("<fieldset") == 10
    assert fields(paper) == []
    attempt.refresh_from_db()
    answers = right(attempt)
    some = dict(list(answers.items())[:4])
    browser.post("/exam/paper/", {"act": "save"} | {f"q{k}": list(v) for k, v in some.items()})
    kept = fields(browser.get("/exam/paper/"))
    assert sorted(kept) == sorted((f"q{k}", letter) for k, v in some.items() for letter in v)
    check = browser.post(
        "/exam/paper/", {"act": "check"} | {f"q{k}": list(v) for k, v in some.items()}
    )
    assert "还有 6 题没有答" in check.content.decode()
    browser.post("/exam/paper/", {"act": "save"} | {f"q{k}": list(v) for k, v in answers.items()})
    browser.post("/exam/paper/", {"act": "hand_in"})
    after = browser.get("/exam/paper/").content.decode()
    assert "已交卷" in after
    assert "100.0" not in after, "not published yet"
    assert result_of(attempt).score == 100
    browser.post("/exam/paper/", {"act": "save"} | {f"q{k}": "B" for k in answers})
    assert result_of(attempt).score == 100


def test_after_the_phone_has_died_another_phone_goes_on(theory, visit):
    lost, attempt = visit("north"), theory.attempts.first()
    come_in(lost, theory, attempt)
    lost.post("/exam/paper/", {"act": "begin"})
    answers = right(attempt)
    key, value = next(iter(answers.items()))
    lost.post("/exam/paper/", {"act": "save", f"q{key}": list(value)})
    found = visit("north")
    come_in(found, theory, attempt)
    assert (f"q{key}", value[0]) in fields(found.get("/exam/paper/"))
    late = lost.post("/exam/paper/", {"act": "save"})
    assert late.status_code == 409
    assert "另一部手机" in late.content.decode()
    assert (f"q{key}", value[0]) in fields(found.get("/exam/paper/"))


def test_the_script_hears_what_was_saved_and_how_long_is_left(theory, visit):
    browser, attempt = visit("north"), theory.attempts.first()
    come_in(browser, theory, attempt)
    browser.post("/exam/paper/", {"act": "begin"})
    key, value = next(iter(right(attempt).items()))
    told = browser.post(
        "/exam/paper/", {f"q{key}": list(value)}, headers={"X-Requested-With": "exam"}
    ).json()
    assert told["answered"] == 1
    assert 1790 <= told["left"] <= 1800
    assert told["over"] is False


def test_the_result_is_shown_when_the_sitting_is_closed_and_can_be_appealed_once(theory, visit):
    browser, attempt = visit("north"), theory.attempts.first()
    come_in(browser, theory, attempt)
    browser.post("/exam/paper/", {"act": "begin"})
    browser.post("/exam/paper/", {"act": "hand_in"})
    assert browser.get("/exam/appeal/").status_code == 302, "nothing to appeal yet"
    closed(theory)
    page = browser.get("/exam/paper/").content.decode()
    assert "不及格" in page
    assert browser.get("/exam/appeal/").status_code == 200
    browser.post("/exam/appeal/", {"text": "我做完了"})
    assert Appeal.objects.get().by is None
    assert "我做完了" in browser.get("/exam/paper/").content.decode()
    browser.post("/exam/appeal/", {"text": "再来一次"})
    assert Appeal.objects.count() == 1


def test_two_with_the_same_last_four_are_told_apart_by_name(theory, visit):
    one, two, _three = theory.attempts.all()
    Trainee.objects.filter(pk=two.enrolment.trainee_id).update(id_last4=last4(one))
    browser = visit("north")
    page = come_in(browser, theory, one)
    assert "请再填姓名" in page.content.decode()
    come_in(browser, theory, one, name=two.enrolment.trainee.name)
    assert two.enrolment.trainee.name in browser.get("/exam/paper/").content.decode()


def test_nobody_comes_in_by_guessing(theory, visit):
    browser = visit("north")
    for n in range(31):
        answer = browser.post("/exam/", {"code": theory.code, "last4": f"{n:04}"})
    assert answer.status_code == 429
    assert come_in(browser, theory, theory.attempts.first()).status_code == 429, "not even right"


def test_a_code_that_is_not_open_says_no_more_than_a_wrong_one(north, visit):
    planned = a_sitting(a_class("T-02"), opened=False)
    browser = visit("north")
    shut = come_in(browser, planned, planned.attempts.first()).content.decode()
    wrong = browser.post("/exam/", {"code": "ZZZZZZ", "last4": "1234"}).content.decode()
    for page in (shut, wrong):
        assert "考号或证件后四位不对" in page


def test_full_width_and_small_letters_of_the_code_are_the_code(theory, visit):
    attempt = theory.attempts.first()
    typed = f" {theory.code[:3].lower()} {theory.code[3:]} "
    assert come_in(visit("north"), theory, attempt, code=typed).status_code == 302


def test_without_the_token_nothing_is_taken(theory):
    browser = Client(HTTP_HOST="north.localhost", enforce_csrf_checks=True)
    assert come_in(browser, theory, theory.attempts.first()).status_code == 403


def test_a_stranger_is_led_to_the_door(theory, visit):
    for path in ("/exam/paper/", "/exam/appeal/"):
        assert visit("north").get(path).url == "/exam/"


def test_another_bases_phone_session_is_worth_nothing(theory, visit):
    browser = visit("north")
    said = {"code": theory.code, "last4": last4(theory.attempts.first())}
    assert browser.post("/exam/", said).url == "/exam/paper/"
    browser.defaults["HTTP_HOST"] = "south.localhost"
    assert browser.get("/exam/paper/").url == "/exam/"
    assert "考号或证件后四位不对" in browser.post("/exam/", said).content.decode()


def test_one_phone_serves_the_next_person(theory, visit):
    browser = visit("north")
    one, two, _three = theory.attempts.all()
    come_in(browser, theory, one)
    assert browser.post("/exam/leave/").url == f"/exam/?code={theory.code}"
    assert browser.get("/exam/paper/").url == "/exam/"
    come_in(browser, theory, two)
    assert two.enrolment.trainee.name in browser.get("/exam/paper/").content.decode()


def test_a_picture_is_shown_to_who_sits_and_to_nobody_else(north, visit):
    from tests.courses.assessing.scene import a_bank, a_blueprint

    a_bank(each=4)
    a_blueprint()
    Question.objects.update(picture=keep_picture(picture().read()), picture_alt="一台机器")
    made = a_sitting(a_class("T-02"))
    path = f"/exam/pictures/{Question.objects.first().picture_id}.jpg"
    browser = visit("north")
    assert browser.get(path).status_code == 302
    come_in(browser, made, made.attempts.first())
    assert browser.get(path).status_code == 404, "not begun"
    browser.post("/exam/paper/", {"act": "begin"})
    assert browser.get(path)["Content-Type"] == "image/jpeg"
    assert 'alt="一台机器"' in browser.get("/exam/paper/").content.decode()


def test_strange_answers_are_passed_over(theory, visit):
    browser, attempt = visit("north"), theory.attempts.first()
    come_in(browser, theory, attempt)
    browser.post("/exam/paper/", {"act": "begin"})
    asked = list(theory.questions.values_list("pk", flat=True))
    for word in ("Z", "A" * 10_000, "<script>", "\u202e", "＝1", "' OR 1=1"):
        sent = browser.post("/exam/paper/", {"act": "save"} | {f"q{pk}": word for pk in asked})
        assert sent.status_code == 302
    assert set(attempt.answers.values_list("chosen", flat=True)) <= {"", "A"}


def test_the_examiner_sees_how_far_everybody_is(theory, visit):
    browser, attempt = visit("north"), theory.attempts.first()
    come_in(browser, theory, attempt)
    browser.post("/exam/paper/", {"act": "begin"})
    key, value = next(iter(right(attempt).items()))
    browser.post("/exam/paper/", {"act": "save", f"q{key}": list(value)})
    page = visit("north", "examiner").get(f"/desk/sittings/{theory.pk}/?close=1").content.decode()
    assert "已答 1/10，剩 30 分钟" in page
    assert theory.shown_code in page
    assert "2 人没有结果" in page


def test_the_examiner_holds_it_by_the_pages(north, visit):
    one = a_class("T-02", people=2)
    made = a_sitting(one, opened=False)
    examiner = visit("north", "examiner")
    address = f"/desk/sittings/{made.pk}/"
    examiner.post(f"{address}act/", {"act": "open"})
    first, second = made.attempts.all()
    person = f"{address}people/{first.pk}/"
    examiner.post(person, {"act": "absent"})
    assert "缺考" in examiner.get(person).content.decode()
    examiner.post(person, {"act": "late"})
    browser = visit("north")
    come_in(browser, made, second)
    browser.post("/exam/paper/", {"act": "begin"})
    examiner.post(f"{address}people/{second.pk}/", {"act": "take_in"})
    assert "已交卷" in browser.get("/exam/paper/").content.decode()
    refused = examiner.post(f"{address}people/{second.pk}/", {"act": "void", "reason": ""})
    assert "请写明作废原因" in refused.content.decode()
    examiner.post(f"{address}act/", {"act": "close", "absent": "0"})
    made.refresh_from_db()
    assert made.state == "open", "one has no result"
    examiner.post(f"{address}act/", {"act": "close", "absent": "1"})
    made.refresh_from_db()
    assert made.state == "closed"
    assert hold.unfinished(made) == []
    assert user("examiner")


def test_a_clerk_plans_by_the_pages_and_the_class_shows_where_everybody_stands(north, visit):
    from courses.assessing.models import Blueprint, Sitting
    from tests.courses.assessing.scene import a_bank, a_blueprint

    one = a_class("T-02", people=3)
    a_bank()
    a_blueprint()
    clerk = visit("north", "clerk")
    address = f"/desk/classes/{one.code}/assessment/"
    assert clerk.get(address).status_code == 200
    assert "考评人不得是本班教师" in clerk.get(f"{address}theory/").content.decode()
    people = list(one.enrolments.values_list("pk", flat=True))[:2]
    data = {
        "held_on": str(one.ends_on), "how": "phone", "blueprint": Blueprint.objects.latest("pk").pk,
        "examiners": [user("examiner").pk], "people": people, "minutes": "", "seed": "",
    }  # fmt: skip
    sent = clerk.post(f"{address}theory/", data)
    made = Sitting.objects.latest("pk")
    assert sent.url == f"/desk/sittings/{made.pk}/"
    assert made.attempts.count() == 2
    again = clerk.post(f"{address}theory/", data | {"blueprint": ""})
    assert "请选本项目的组卷方案" in again.content.decode()
    assert clerk.get(f"{address}?format=xlsx")["Content-Type"].endswith("sheet")
    assert clerk.get(f"{address}practice/").status_code == 200
    assert clerk.get(f"{address}dancing/").status_code == 404
    assert clerk.get("/desk/assessments/?mine=1&state=open").status_code == 200
    assert visit("north", "trainer").get(address).status_code == 403
