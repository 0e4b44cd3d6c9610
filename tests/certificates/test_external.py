"""Certificates of other bodies: recorded, corrected by new rows, listed by expiry, never ours."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import Workbook, load_workbook

from certificates.external import rules, services, sheet
from certificates.external.models import ExternalCertificate, ExternalKind
from courses.models import Trainee
from courses.services.identity import open_id
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.cast import base
from tests.isolation.conftest import picture
from tests.story import a_class

TODAY = date(2026, 6, 15)


@pytest.fixture(scope="module")
def a_class_of_three(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return a_class(people=3)


@pytest.fixture
def trainee(a_class_of_three, db):
    with tenant_context(base("north")):
        yield Trainee.objects.first()


def facts(**more):
    kind = ExternalKind.objects.get(code=more.pop("kind", "special-operation"))
    said = {"number": "T222403001", "title": "低压电工", "issuer": "延边州应急管理局"}
    said |= {"issued_on": date(2025, 3, 1), "expires_on": timezone.localdate() + timedelta(days=20)}
    return services.Facts(kind=kind, **(said | more))


def clerk():
    return User.objects.get(username="clerk")


def browser(role="clerk", slug="north"):
    with tenant_context(base(slug)):
        found = Client(HTTP_HOST=f"{slug}.localhost")
        found.force_login(User.objects.get(username=role))
    return found


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "expired"), (0, "30"), (30, "30"), (31, "90"), (90, "90"), (91, "good")],
)
def test_a_certificate_is_good_to_the_end_of_its_last_day(days, said):
    assert rules.standing(TODAY + timedelta(days=days), TODAY) == said


def test_one_without_an_end_is_unlimited():
    assert rules.standing(None, TODAY) == "unlimited"


def test_what_is_recorded_is_never_changed_and_a_correction_is_a_new_row(trainee):
    old = services.record(trainee, facts(), clerk())
    new = services.correct(old, facts(issuer="延吉市应急管理局"), "发证机构写错", clerk())
    assert (new.replaces, new.why) == (old, "发证机构写错")
    assert list(services.of_trainee(trainee)) == [new]
    assert ExternalCertificate.objects.get(pk=old.pk).issuer == "延边州应急管理局"
    with pytest.raises(FrozenRow):
        old.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE external_externalcertificate SET issuer = 'x'")


def test_an_old_row_is_not_corrected_twice(trainee):
    old = services.record(trainee, facts(), clerk())
    services.correct(old, facts(level="初级"), "补等级", clerk())
    with pytest.raises(ValidationError, match="最新一条"):
        services.correct(old, facts(level="中级"), "补等级", clerk())


def test_one_that_is_withdrawn_counts_no_more_and_its_number_is_free_again(trainee):
    old = services.record(trainee, facts(), clerk())
    gone = services.withdraw(old, "登记错了人", clerk())
    assert not services.of_trainee(trainee).exists()
    assert services.history(gone) == [gone, old]
    other = Trainee.objects.exclude(pk=trainee.pk).first()
    assert services.record(other, facts(), clerk()).is_current


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"issued_on": timezone.localdate() + timedelta(days=1)}, "issued_on"),
        ({"expires_on": date(2025, 2, 28)}, "expires_on"),
        ({"number": " t222403００1 "}, "number"),
    ],
    ids=["not-yet-issued", "expired-before", "the-same-number-typed-otherwise"],
)
def test_what_cannot_be_is_refused_at_its_field(trainee, more, field):
    services.record(trainee, facts(), clerk())
    with pytest.raises(ValidationError) as error:
        services.record(trainee, facts(**({"number": "OTHER"} | more)), clerk())
    assert field in error.value.message_dict


def test_the_expiry_list_shows_what_was_asked_first_what_ends_first(trainee):
    today = timezone.localdate()
    for number, days in (("A", -5), ("B", 10), ("C", 60), ("D", 400)):
        services.record(trainee, facts(number=number, expires_on=today + timedelta(days)), clerk())
    services.record(trainee, facts(number="E", expires_on=None), clerk())
    said = {
        wanted: [row.number for row in services.standing_list(wanted)]
        for wanted in ("", "expired", "30", "90")
    }
    assert said == {"": list("ABCDE"), "expired": ["A"], "30": ["B"], "90": ["B", "C"]}


def form(trainee, **more):
    kind = ExternalKind.objects.get(code="special-operation")
    return {
        "name": trainee.name,
        "tail": trainee.id_last4,
        "kind": kind.pk,
        "number": "T1",
        "title": "低压电工",
        "issuer": "应急管理局",
        "issued_on": "2025-03-01",
        "expires_on": "2031-03-01",
    } | more


def test_a_clerk_records_with_a_scan_and_everybody_reads_that_it_is_not_ours(trainee):
    sent = form(trainee, scan=SimpleUploadedFile("证.jpg", picture().read()))
    made = browser().post("/desk/external/new/", sent)
    row = ExternalCertificate.objects.get()
    assert made.url == f"/desk/external/{row.pk}/"
    page = browser().get(made.url).content.decode()
    assert "本系统仅登记，不是本基地签发" in page
    assert 'href="https://cx.mem.gov.cn/" rel="noreferrer noopener"' in page
    scan = browser().get(f"/desk/external/{row.pk}/scan")
    assert scan["Content-Disposition"].startswith("attachment")
    assert scan.content[:2] == b"\xff\xd8" and trainee.name.encode() not in str(row.scan).encode()


def test_whose_it_is_must_be_a_trainee_of_this_base(trainee):
    page = browser().post("/desk/external/new/", form(trainee, tail="0000"))
    assert "没有这个姓名和证件号的学员" in page.content.decode()
    page = browser().post("/desk/external/new/", form(trainee, tail=open_id(trainee)))
    assert page.status_code == 302
    assert open_id(trainee) not in str(ExternalCertificate.objects.values_list())


def test_a_link_is_an_address_of_the_web(trainee):
    page = browser().post("/desk/external/new/", form(trainee, query_url="javascript:alert(1)"))
    assert page.status_code == 200 and not ExternalCertificate.objects.exists()
    with pytest.raises(ValidationError):
        services.record(trainee, facts(query_url="javascript:alert(1)"), clerk())


def test_roles_that_need_it_not_do_not_see_it(trainee):
    row = services.record(trainee, facts(), clerk())
    for path in ("", "new/", "import/", "kinds/", f"{row.pk}/", f"{row.pk}/scan"):
        assert browser("trainer").get(f"/desk/external/{path}").status_code == 403
    assert browser("clerk").post("/desk/external/kinds/", {"switch": "health"}).status_code == 403
    browser("manager").post("/desk/external/kinds/", {"switch": "health"})
    assert not ExternalKind.objects.get(code="health").in_use
    assert browser("manager").post("/desk/external/kinds/", {"switch": "²"}).status_code == 404


def workbook(*rows):
    book = Workbook()
    book.active.append([zh for zh, _en in sheet.COLUMNS.values()])
    for row in rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return SimpleUploadedFile("外部证书.xlsx", content.getvalue())


def line(trainee, number="H1", kind="从业人员健康证明", issued="2025年3月1日"):
    return (
        *(trainee.name, trainee.id_last4, kind, number, "餐饮", "", "敦化市疾控中心"),
        *(issued, date(2031, 3, 1)),
    )


def test_a_sheet_is_recorded_whole_and_comes_back_as_it_went_out(trainee):
    one, two, three = Trainee.objects.all()
    send = browser()
    answer = send.post(
        "/desk/external/import/", {"file": workbook(line(one), line(two, "H2"), line(three, "H3"))}
    )
    assert answer.status_code == 302
    out = send.get("/desk/external/?format=xlsx").content
    rows = list(load_workbook(io.BytesIO(out)).active.values)
    assert len(rows) == 4 and rows[1][0] == one.name and rows[1][7].date() == date(2025, 3, 1)
    again = send.post("/desk/external/import/", {"file": SimpleUploadedFile("a.xlsx", out)})
    assert again.status_code == 302 and ExternalCertificate.objects.count() == 3


@pytest.mark.parametrize(
    "text",
    ["2026-01-05", "2026/1/5", "2026.1.5", "2026年1月5日", "20260105", "2026-01-05 00:00:00"],
)
def test_a_day_is_read_as_people_write_it(text):
    assert sheet._day(text, "issued_on") == date(2026, 1, 5)


@pytest.mark.parametrize("text", ["去年", "2026115", "2026-13-05", "5.1.2026", "²", "长期"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValidationError, match="2026-01-05"):
        sheet._day(text, "issued_on")


def test_one_wrong_row_keeps_the_whole_sheet_out_and_every_fault_is_named(trainee):
    rows = [
        line(trainee),
        line(trainee, "H2", kind="没有的类别"),
        line(trainee, "H3", issued="去年"),
        line(trainee, "h1"),
        ("没有的人", "0000", "保安员证", "B1", "保安", "", "公安局", "2025-01-01"),
        ("", "", "", "", "", "", "", ""),
    ]
    page = browser().post("/desk/external/import/", {"file": workbook(*rows)})
    assert page.status_code == 400 and not ExternalCertificate.objects.exists()
    assert sorted({fault.row for fault in page.context["faults"]}) == [3, 4, 5, 6]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"a,b,c"])
def test_what_is_no_sheet_is_said(trainee, content):
    file = SimpleUploadedFile("a.xlsx", content)
    assert browser().post("/desk/external/import/", {"file": file}).status_code == 400


def test_an_external_certificate_has_no_public_page(trainee):
    row = services.record(trainee, facts(), clerk())
    public = Client(HTTP_HOST="centre.localhost")
    assert public.get(f"/c/{row.number}").status_code == 404
    assert public.get("/check/", {"q": row.number, "name": trainee.name}).status_code == 404
