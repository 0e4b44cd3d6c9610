"""A page that is sent twice counts once; one that was refused may be sent again."""

import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from courses.notices.models import NoticeTemplate, OptOut
from tenants.staff.models import User
from tests.cast import base

PATH = "/desk/notices/opt-outs/"


@pytest.fixture
def manager(visit):
    found = visit("north", "manager")
    found.handler.enforce_csrf_checks = True
    return found


def token(browser, path=PATH):
    page = browser.get(path).content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def templates():
    with tenant_context(base("north")):
        return NoticeTemplate.objects.count()


def test_a_double_click_is_led_where_the_first_was_led(manager):
    path = "/desk/notices/templates/new/"
    form = {"name": "开班", "text": "{姓名}", "in_use": "on"}
    form |= {"csrfmiddlewaretoken": token(manager, path)}
    first, second = manager.post(path, form), manager.post(path, form)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert templates() == 1
    assert "没有重复办理" in manager.get(second["Location"]).content.decode()


def test_the_same_words_on_a_new_page_count_again(manager):
    form = {"phone": "13800000000", "said": "来电话"}
    for _ in range(2):
        manager.post(PATH, form | {"csrfmiddlewaretoken": token(manager)})
        with tenant_context(base("north")):
            assert OptOut.objects.count() == 1
            OptOut.objects.all().delete()


def test_a_page_that_was_refused_may_be_sent_again(manager):
    form = {"phone": "x", "said": "来电话", "csrfmiddlewaretoken": token(manager)}
    for _ in range(2):
        answer = manager.post(PATH, form)
        assert answer.status_code == 200
        assert "请填写电话号码" in answer.content.decode()


def test_other_words_on_the_same_page_count(manager):
    path = "/desk/notices/templates/new/"
    form = {"text": "{姓名}", "in_use": "on", "csrfmiddlewaretoken": token(manager, path)}
    manager.post(path, form | {"name": "一"})
    manager.post(path, form | {"name": "二"})
    assert templates() == 2


def test_a_sign_in_is_never_answered_from_memory(visit):
    browser = visit("north")
    form = {"username": "trainer", "password": "a-long-test-password"}
    form |= {"csrfmiddlewaretoken": token(browser, "/login/")}
    assert browser.post("/login/", form).status_code == 302
    other = Client(HTTP_HOST="north.localhost")
    other.cookies["csrftoken"] = browser.cookies["csrftoken"].value
    answer = other.post("/login/", form)
    assert answer.cookies.get("sessionid"), "this one came in by itself"


def test_the_second_of_two_at_the_same_moment_waits_for_the_first(committed, monkeypatch):
    """On two connections: the first is still at it when the second comes."""
    from courses.notices import services

    browser = Client(HTTP_HOST="north.localhost")
    with tenant_context(base("north")):
        browser.force_login(User.objects.get(username="manager"))
    form = {"phone": "13800000000", "said": "x", "csrfmiddlewaretoken": token(browser)}
    inside, go, right, calls = threading.Event(), threading.Event(), services.opt_out, []

    def slow(*args):
        calls.append(args)
        inside.set()
        go.wait(5)
        return right(*args)

    monkeypatch.setattr(services, "opt_out", slow)
    answers = []

    def send():
        answers.append(browser.post(PATH, form))
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    threads[0].start()
    assert inside.wait(5)
    threads[1].start()
    threads[1].join(0.5)
    assert threads[1].is_alive(), "it waits"
    go.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [302, 302]
    assert len(calls) == 1
