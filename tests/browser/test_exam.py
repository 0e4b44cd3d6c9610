"""An examination on phones of 390 pixels: examinees without scripts and with, and the examiner."""

import os
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_tenants.utils import tenant_context
from playwright.sync_api import expect

from courses.assessing.models import Answer, Attempt, Sitting
from courses.assessing.services.bank import keep_picture
from courses.assessing.services.standing import result_of
from courses.assessing.shared.models import AssessmentPolicy
from tests.browser.test_main_job import fits, sign_in
from tests.cast import base
from tests.courses.assessing.scene import a_bank, a_blueprint, a_practice, a_sitting, right
from tests.isolation.conftest import picture
from tests.story import a_class

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser
SLOW = 120_000  # milliseconds: a busy machine is no fault of a page


def sealed(page):
    """Nothing lies beside the screen, and axe has nothing to say (where scripts are on)."""
    assert fits(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def come_in(page, site, sitting, last4):
    page.set_default_timeout(SLOW)
    page.goto(site("north", f"/exam/?code={sitting.code}"))
    page.get_by_label("身份证最后四位").fill(last4)
    page.get_by_role("button", name="进入").click()


def choose(page, answers):
    for key, letters in answers.items():
        for letter in letters:
            page.locator(f"[name=q{key}][value={letter}]").check()


@pytest.fixture
def theory(committed):
    with tenant_context(base("north")):
        made = a_sitting(a_class(people=3))
        attempt = made.attempts.order_by("pk").first()
        yield made, attempt, attempt.enrolment.trainee.id_last4, right(attempt, wrong=1)


def test_an_examinee_sits_on_an_old_phone_without_scripts(theory, site, phone):
    made, attempt, last4, answers = theory
    come_in(phone, site, made, last4)
    assert fits(phone)
    phone.get_by_role("button", name="开始").click()
    assert fits(phone)
    some = dict(list(answers.items())[:5])
    choose(phone, some)
    phone.get_by_role("button", name="保存，接着做").click()
    assert "已答 5 / 10" in phone.inner_text(".bar")
    choose(phone, answers)
    phone.get_by_role("button", name="做完了，去交卷").click()
    assert "10 题都答了" in phone.inner_text("main")
    assert fits(phone)
    phone.get_by_role("button", name="确认交卷").click()
    assert "已交卷" in phone.inner_text("main")
    with tenant_context(base("north")):
        assert result_of(attempt).score == 90


def test_the_paper_saves_itself_and_goes_on_after_the_phone_has_died(theory, site, chromium):
    made, attempt, last4, answers = theory
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    come_in(page, site, made, last4)
    page.get_by_role("button", name="开始").click()
    some = dict(list(answers.items())[:6])
    choose(page, some)
    expect(page.locator("#saved")).to_have_text("已保存", timeout=SLOW)
    expect(page.locator("#answered")).to_have_text("6", timeout=SLOW)
    assert page.inner_text("#left").count(":") == 1
    sealed(page)
    context.close()  # the phone dies: nothing was tapped to save
    with tenant_context(base("north")):
        assert Answer.objects.filter(attempt=attempt).exclude(chosen="").count() == 6
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    come_in(page, site, made, last4)
    for key, letters in some.items():
        for letter in letters:
            assert page.locator(f"[name=q{key}][value={letter}]").is_checked()
    context.set_offline(True)
    choose(page, dict(list(answers.items())[6:8]))
    expect(page.locator("#saved")).to_contain_text("没有信号", timeout=SLOW)
    context.set_offline(False)
    expect(page.locator("#answered")).to_have_text("8", timeout=SLOW)
    with tenant_context(base("north")):
        Attempt.objects.filter(pk=attempt.pk).update(
            ends_at=attempt.sitting.opened_at - timedelta(hours=1)  # the grace is over too
        )
    choose(page, dict(list(answers.items())[8:9]))
    page.wait_for_selector("text=已交卷")
    with tenant_context(base("north")):
        assert result_of(attempt).score == 70, "8 answers, of which one is wrong"
    context.close()


def test_an_examiner_holds_a_sitting_and_scores_practice_on_a_phone(committed, site, phone):
    with tenant_context(base("north")):
        one = a_class(people=2)
        theory = a_sitting(one, opened=False)
        practice = a_practice(one)
        names = [e.trainee.name for e in one.enrolments.select_related("trainee").order_by("id")]
    phone.set_default_timeout(SLOW)
    sign_in(phone, site, "examiner")
    phone.goto(site("north", f"/desk/sittings/{theory.pk}/"))
    phone.get_by_role("button", name="开始这一场").click()
    assert theory.shown_code in phone.inner_text("main")
    assert fits(phone)
    phone.get_by_role("link", name=names[0]).click()
    phone.get_by_role("button", name="记缺考").click()
    phone.goto(site("north", f"/desk/sittings/{practice.pk}/"))
    for name in names:
        phone.get_by_role("link", name=name).click()
        assert fits(phone)
        for label, points in (("穿线", "38"), ("安全", "18"), ("成衣", "30")):
            phone.get_by_label(label).first.fill(points)
        if name == names[1]:
            phone.get_by_label("不合格").check()
        phone.get_by_role("button", name="提交评分").click()
    assert "86.0" in phone.inner_text("main")
    assert "59.0" in phone.inner_text("main"), "a critical item was failed"
    phone.get_by_role("link", name="结束这一场").click()
    phone.get_by_role("button", name="结束这一场，公布成绩").click()
    with tenant_context(base("north")):
        assert Sitting.objects.get(pk=practice.pk).state == "closed"


def test_every_page_of_an_examination_passes_axe_and_fits_a_phone(committed, site, chromium):
    with tenant_context(base("north")):
        one = a_class(people=3)
        AssessmentPolicy.objects.create(rule_set=one.rule_set, practice_examiners=1)
        for question in a_bank():
            question.picture, question.picture_alt = keep_picture(picture().read()), "一台机器"
            question.save()
        a_blueprint()
        theory = a_sitting(one)
        attempt = theory.attempts.order_by("pk").first()
        last4 = attempt.enrolment.trainee.id_last4
        practice = a_practice(one)
        person = practice.attempts.first()
    context = chromium.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN")
    page = context.new_page()
    faults = []

    def look(what):
        sealed(page)
        found = Axe().run(page).response["violations"]
        faults.extend((what, v["id"], v["nodes"][0]["html"][:120]) for v in found)

    come_in(page, site, theory, last4)
    look("begin")
    page.get_by_role("button", name="开始").click()
    look("paper")
    page.get_by_role("button", name="做完了，去交卷").click()
    look("check")
    page.get_by_role("button", name="确认交卷").click()
    look("after")
    page.goto(site("north", "/exam/"))
    look("door")
    sign_in(page, site, "examiner")
    for path in (
        "/desk/assessments/",
        f"/desk/classes/{one.code}/assessment/",
        f"/desk/sittings/{theory.pk}/",
        f"/desk/sittings/{theory.pk}/people/{attempt.pk}/",
        f"/desk/sittings/{practice.pk}/people/{person.pk}/",
        f"/desk/sittings/{theory.pk}/sheet/",
        "/desk/appeals/",
    ):
        page.goto(site("north", path))
        look(path)
    assert faults == []
    context.close()
