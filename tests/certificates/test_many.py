"""A list is checked line by line; whoever asks learns nothing that he did not bring."""

import io
from copy import deepcopy

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django_tenants.utils import tenant_context
from openpyxl import Workbook, load_workbook

from certificates.register.many import MOST, check, typed_rows
from certificates.register.models import ListCheck
from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from tests.cast import base, two
from tests.story import finished

HOST = "centre.localhost"


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=4), None).certificates


@pytest.fixture
def issued(made, db):
    return deepcopy(made)


def results(text):
    return [line.result for line in check(typed_rows(text))]


def test_each_line_says_whether_number_and_name_belong_together(issued):
    good, gone, old, _ = issued
    with tenant_context(base("north")):
        revoke(gone, "other", "误发", *two())
        correct(old, "王小明", "姓名", two()[0])
    text = "\n".join(
        [
            f"{good.number} {good.holder_name}",
            f"{good.code.lower()}，{good.holder_name}",
            f"{gone.number}\t{gone.holder_name}",
            f"{old.number};{old.holder_name}",
            f"{good.number} 别人",
            f"22240301-2026-99999 {good.holder_name}",
            f"{good.number}",
            f"{good.holder_name}",
        ]
    )
    assert results(text) == [
        *("valid", "valid", "revoked", "superseded", "no_match", "no_match"),
        *("no_name", "no_number"),
    ]


def test_a_wrong_name_and_a_number_that_does_not_exist_are_told_alike(issued):
    wrong, unknown = check([[issued[0].number, "别人"], ["22240301-2026-99999", "别人"]])
    assert wrong.words == unknown.words


def test_the_page_answers_with_what_was_typed_and_nothing_else(issued, client):
    one, other = issued[:2]
    answer = client.post(
        "/check/many/", {"list": f"{one.number} {other.holder_name}"}, HTTP_HOST=HOST
    )
    page = answer.content.decode()
    assert "不相符" in page and one.holder_name not in page.replace(other.holder_name, "")
    assert one.code not in page and one.claims["project_name"] not in page
    assert (ListCheck.objects.get().rows, ListCheck.objects.get().matches) == (1, 0)


def sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("名单.xlsx", content.getvalue())


def test_a_workbook_is_read_by_its_titles_and_comes_back_with_the_answers(issued, client):
    one, other = issued[:2]
    file = sheet(
        ["序号", "姓 名", "证书编号"],
        [1, one.holder_name, one.number],
        [2, "别人", other.code],
    )
    page = client.post("/check/many/", {"file": file}, HTTP_HOST=HOST)
    assert page.status_code == 200
    signed = page.context["signed"]
    made = client.post("/check/many.xlsx", {"signed": signed}, HTTP_HOST=HOST)
    rows = list(load_workbook(io.BytesIO(made.content)).active.values)
    assert [row[2] for row in rows[1:]] == [
        "相符，有效",
        "不相符：没有这份证书，或姓名不是这个人",
    ]
    assert made["Content-Disposition"].startswith("attachment")
    answer = client.post("/check/many.xlsx", {"signed": signed[:-3] + "abc"}, HTTP_HOST=HOST)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "sent",
    [
        {"list": ""},
        {"list": "\n , ;\n"},
        {"list": "\n".join(f"22240301-2026-{n:05} 张三" for n in range(MOST + 1))},
        {"file": SimpleUploadedFile("a.xlsx", b"")},
        {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no workbook")},
        {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600)},
        {"list": "\u202e" * 50 + "😀'; DROP TABLE"},
    ],
    ids=["empty", "separators", "too-many", "empty-file", "broken", "old-format", "odd"],
)
def test_bad_lists_get_a_sentence_in_both_languages(issued, client, sent):
    answer = client.post("/check/many/", sent, HTTP_HOST=HOST)
    page = answer.content.decode()
    assert answer.status_code == 400 or "缺少证书编号" in page
    assert 'lang="en"' in page


def test_lists_are_limited_by_address(issued, client, monkeypatch):
    monkeypatch.setattr("certificates.views.many.AN_HOUR", 1)
    sent = {"list": f"{issued[0].number} 张三"}
    assert client.post("/check/many/", sent, HTTP_HOST=HOST).status_code == 200
    assert client.post("/check/many/", sent, HTTP_HOST=HOST).status_code == 429
