"""Programs check lists with a key: within limits, each use counted, nothing told that was not sent."""

import io
import json
from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from certificates.checkapi import faults, services
from certificates.checkapi.models import ApiKey, ApiUse
from certificates.register.checks.models import Check
from certificates.register.checks.services import kind, note
from certificates.register.many import MOST
from certificates.register.models import RegisterEntry
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from tenants.models import Tenant
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import finished

HOST = "centre.localhost"
ASK = "/api/check/v1/certificates/check"


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=3), None).certificates


@pytest.fixture
def issued(made, db):
    return deepcopy(made)


def new_key(quota=100, name="延边示范电子厂"):
    with tenant_context(base("centre")):
        return services.make_key(
            name, "李经理 0433-9", quota, User.objects.get(username="director")
        )


def ask(plain, items, **more):
    headers = {"Authorization": f"Bearer {plain}"} if plain else {}
    body = items if isinstance(items, str) else json.dumps({"items": items})
    return Client(HTTP_HOST=HOST).post(
        ASK, body, content_type="application/json", headers=headers, **more
    )


def item(certificate, name=""):
    return {"number": certificate.number, "name": name or certificate.holder_name}


def uses():
    with tenant_context(base("centre")):
        return list(ApiUse.objects.order_by("id").values_list("asked", "matches", "outcome"))


def test_each_item_is_answered_in_order_and_the_use_is_counted(issued):
    good, gone, other = issued
    with tenant_context(base("north")):
        revoke(gone, "other", "误发", *two())
    _, plain = new_key()
    answer = ask(plain, [item(good), item(gone), item(other, "别人"), item(good, " ")]).json()
    assert [each["result"] for each in answer["results"]] == [
        *("valid", "revoked", "no_match", "no_name"),
    ]
    assert [each["match"] for each in answer["results"]] == [True, True, False, False]
    assert (answer["quota"]["used"], answer["quota"]["left"]) == (4, 96)
    assert uses() == [(4, 2, "answered")]


def test_nothing_comes_back_that_was_not_sent(issued):
    one, other = issued[:2]
    _, plain = new_key()
    said = ask(plain, [item(one, other.holder_name), item(one)]).content.decode()
    for hidden in (one.holder_name, one.code, one.claims["project_name"]):
        assert hidden not in said


def test_the_log_of_uses_holds_nothing_of_a_person(issued):
    _, plain = new_key()
    ask(plain, [item(issued[0])])
    with tenant_context(base("centre")):
        said = str(list(ApiUse.objects.values()))
    assert issued[0].holder_name not in said and issued[0].number not in said
    with tenant_context(base("centre")), pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE checkapi_apiuse SET asked = 0")


def test_the_holder_can_read_who_checked_a_match_and_nobody_else_who_guessed(issued):
    _, plain = new_key()
    for _ in range(2):
        ask(plain, [item(issued[0]), item(issued[1], "别人")])
    found = Check.objects.get()
    assert (found.code, found.name, found.kind) == (issued[0].code, "延边示范电子厂", "api")
    assert found.times == 2


def test_a_base_that_is_being_moved_gets_no_new_row(issued):
    entry = RegisterEntry.objects.select_related("tenant").get(code=issued[0].code)
    entry.tenant.moving = Tenant.Moving.WRITES
    note([entry], "api", "甲")
    assert not Check.objects.exists()


def test_others_can_add_a_way_to_check_and_must_say_what_it_is_called(issued):
    from certificates.register.checks import services as checks

    entry = RegisterEntry.objects.select_related("tenant").get(code=issued[0].code)
    with pytest.raises(KeyError):
        note([entry], "nobody", "甲")
    try:
        note([entry], kind("a-test", "测试"), "甲")
        named, _scans = checks.times_of(entry.code)
        assert (named[0]["title"], named[0]["name"], named[0]["times"]) == ("测试", "甲", 1)
        with pytest.raises(ValueError, match="twice"):
            kind("a-test", "测试")
    finally:
        checks.TITLES.pop("a-test")


def test_a_key_is_kept_as_a_digest_only(issued):
    made, plain = new_key()
    with tenant_context(base("centre")), connection.cursor() as cursor:
        cursor.execute("SELECT k::text FROM checkapi_apikey k")
        assert plain not in str(cursor.fetchall()) and plain.startswith(made.shown)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "key_missing"),
        ("tbk_wrong", "key_unknown"),
        ("x", "key_unknown"),
        ("ключ", "key_unknown"),
    ],
)
def test_without_a_key_that_was_given_nothing_is_answered(issued, header, code):
    answer = ask(header, [item(issued[0])])
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, code)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_wrong_keys_are_limited_by_address_also_for_whoever_then_finds_one(issued, monkeypatch):
    monkeypatch.setattr("certificates.checkapi.api.GUESSES", 3)
    _, plain = new_key()
    said = [ask(f"tbk_{n}", [item(issued[0])]).status_code for n in range(5)]
    assert said == [401, 401, 401, 429, 429]
    assert ask(plain, [item(issued[0])]).status_code == 429
    assert ask(plain, [item(issued[0])], REMOTE_ADDR="192.0.2.9").status_code == 200


def test_a_key_that_ended_opens_nothing(issued):
    made, plain = new_key()
    with tenant_context(base("centre")):
        services.end_key(made, "合作结束", None)
        with pytest.raises(ValidationError):
            services.end_key(made, "再停一次", None)
    answer = ask(plain, [item(issued[0])])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "key_ended")


def test_more_than_the_quota_is_refused_whole_and_says_what_is_left(issued):
    _, plain = new_key(quota=3)
    assert ask(plain, [item(issued[0])] * 2).status_code == 200
    answer = ask(plain, [item(issued[0])] * 2)
    said = answer.json()
    assert answer.status_code == 429 and said["error"]["code"] == "over_quota"
    assert said["error"]["zh"] and said["error"]["en"]
    assert (said["quota"]["limit"], said["quota"]["left"]) == (3, 1)
    assert ask(plain, [item(issued[0])]).status_code == 200
    assert uses() == [(2, 2, "answered"), (2, 0, "over_quota"), (1, 1, "answered")]


def test_the_quota_begins_anew_at_midnight(issued, monkeypatch):
    _, plain = new_key(quota=1)
    assert ask(plain, [item(issued[0])]).status_code == 200
    assert ask(plain, [item(issued[0])]).status_code == 429
    now = timezone.localtime()
    monkeypatch.setattr(services.timezone, "localtime", lambda: now + timedelta(days=1))
    assert ask(plain, [item(issued[0])]).status_code == 200


def test_requests_of_a_key_are_limited_by_the_minute_with_when_to_come_back(issued, monkeypatch):
    monkeypatch.setattr("certificates.checkapi.api.A_MINUTE", 1)
    _, plain = new_key()
    assert ask(plain, [item(issued[0])]).status_code == 200
    answer = ask(plain, [item(issued[0])])
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.json()["error"]["code"] == "too_often"


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ("", 400, "not_json"),
        ("{", 400, "not_json"),
        ("[]", 400, "not_json"),
        ('{"items": "x"}', 400, "not_json"),
        ('{"items": []}', 400, "too_many"),
        ('{"items": [{"number": 1, "name": "x"}]}', 400, "not_json"),
        ('{"items": [{"number": "a\\u0000b", "name": "x"}]}', 400, "not_json"),
        ('{"items": [{"number": "\\ud800", "name": "x"}]}', 400, "not_json"),
        ('{"items": [{"number": "x"}]}', 400, "not_json"),
        (json.dumps({"items": [{"number": "x" * 81, "name": "x"}]}), 400, "not_json"),
        (json.dumps({"items": [{"number": "x", "name": "x"}] * (MOST + 1)}), 400, "too_many"),
        ("[" * 100_000, 400, "not_json"),
        (" " * (faults.LARGEST + 1), 413, "too_large"),
    ],
)
def test_bad_input_is_refused_in_both_languages_and_not_counted(issued, sent, status, code):
    _, plain = new_key()
    answer = ask(plain, sent)
    said = answer.json()["error"]
    assert (answer.status_code, said["code"]) == (status, code) and said["zh"] and said["en"]
    assert uses() == []


def test_odd_texts_are_no_match(issued):
    _, plain = new_key()
    odd = [
        {"number": t, "name": "x"} for t in ("😀", "'; DROP", f"https://x/{issued[0].code}", "[")
    ]
    said = ask(plain, odd).json()["results"]
    assert {each["result"] for each in said} == {"no_match"}


def test_other_methods_and_forms_are_refused(issued):
    _, plain = new_key()
    send, headers = Client(HTTP_HOST=HOST), {"Authorization": f"Bearer {plain}"}
    assert send.get(ASK, headers=headers).status_code == 405
    assert send.post(ASK, {"items": "x"}, headers=headers).status_code == 400


def test_a_key_of_the_centre_opens_nothing_at_a_base(issued):
    _, plain = new_key()
    answer = Client(HTTP_HOST="north.localhost").post(
        f"{ASK}/",
        "{}",
        content_type="application/json",
        headers={"Authorization": f"Bearer {plain}"},
    )
    assert answer.status_code == 404


def test_openapi_describes_every_answer(issued):
    said = Client(HTTP_HOST=HOST).get("/api/check/v1/openapi.json").json()
    check = said["paths"]["/api/check/v1/certificates/check"]["post"]
    assert {"200", "400", "401", "403", "413", "429"} <= set(check["responses"])
    assert check["security"] == [{"Bearer": []}]


def test_the_page_of_docs_lists_every_result_and_every_refusal(issued):
    page = Client(HTTP_HOST=HOST).get("/api/check/").content.decode()
    for code in (*faults.FAULTS, "valid", "superseded", "elsewhere"):
        assert f"<code>{code}</code>" in page


def director():
    found = Client(HTTP_HOST=HOST)
    with tenant_context(base("centre")):
        found.force_login(User.objects.get(username="director"))
    return found


def test_the_centre_makes_a_key_sees_it_once_and_ends_it(issued):
    send = director()
    sent = {"name": "延边示范电子厂", "contact": "李经理", "quota": "50"}
    page = send.post("/admin/check-keys/new/", sent)
    plain = page.context["plain"]
    assert "no-store" in page["Cache-Control"] and plain in page.content.decode()
    assert ask(plain, [item(issued[0])]).status_code == 200
    with tenant_context(base("centre")):
        pk = ApiKey.objects.get().pk
    for path in ("", f"{pk}/", "uses/"):
        page = send.get(f"/admin/check-keys/{path}").content.decode()
        assert "延边示范电子厂" in page and plain not in page
    out = send.get("/admin/check-keys/uses/?format=xlsx").content
    rows = list(load_workbook(io.BytesIO(out)).active.values)
    assert rows[1][1] == "延边示范电子厂" and rows[1][3:5] == (1, 1)
    assert send.get("/admin/check-keys/uses/?key=²&days=x").status_code == 200
    send.post(f"/admin/check-keys/{pk}/end/", {"reason": ""})
    assert ask(plain, [item(issued[0])]).status_code == 200
    send.post(f"/admin/check-keys/{pk}/end/", {"reason": "合作结束"})
    assert ask(plain, [item(issued[0])]).status_code == 403


@pytest.mark.parametrize(("slug", "role"), [("centre", "officer"), ("north", "manager")])
def test_nobody_else_sees_the_keys(issued, slug, role):
    found = Client(HTTP_HOST=f"{slug}.localhost")
    with tenant_context(base(slug)):
        found.force_login(User.objects.get(username=role))
    made, _ = new_key()
    for path in ("", "new/", "uses/", f"{made.pk}/"):
        answer = found.get(f"/admin/check-keys/{path}")
        assert answer.status_code in (302, 403, 404), path
        assert b"tbk_" not in answer.content
