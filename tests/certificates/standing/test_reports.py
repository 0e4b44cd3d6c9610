"""A month is frozen, signed by somebody, and only corrected by number."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from certificates.models import Certificate
from certificates.services.outcomes import Facts, record_outcome
from certificates.standing.models import MonthlyReport, ReportSignature, RuralLabour
from certificates.standing.services import labour, reports
from certificates.standing.services.report_paper import make, path_of, pdf_of
from lms.plugin.testing import inside
from tenants.models import Division
from tenants.staff.models import User
from tests.cast import two
from tests.certificates.standing.test_names import something_of_everything

PAGE = "/desk/figures/"


@pytest.fixture
def month(db):
    """The month in which north's certificates were issued; it is over."""
    with inside("north"):
        something_of_everything()
        issued = Certificate.objects.order_by("pk").first().issued_on
    return issued.replace(day=1)


def director():
    return User.objects.get(username="director")


def township():
    return Division.objects.filter(level="township", code__startswith="222403").first()


def test_a_month_that_is_not_over_is_refused(db):
    with inside("centre"), pytest.raises(ValidationError, match="not over"):
        reports.draft(timezone.localdate(), director())


def test_a_report_is_frozen_signed_and_corrected_by_number(month):
    with inside("centre"):
        labour.record({township().pk: 4000}, month, "统计局", director())
        report = reports.draft(month, director())
        content = reports.content_of(report)
        assert content["total"]["month"]["certified"] == 4
        assert reports.draft(month, director()).pk == report.pk  # the same again
        reports.sign(report, director())
        with pytest.raises(ValidationError, match="signed"):
            reports.sign(report, director())
        with pytest.raises(ValidationError, match="why"):
            reports.draft(month, director())
        with pytest.raises(ValidationError, match="nothing to correct"):
            reports.draft(month, director(), "看错")
    with inside("north"):
        last = Certificate.objects.order_by("pk").last()
        day = last.issued_on
        facts = Facts("outward", "document", employer="厂", place_code="4403", started_on=day)
        record_outcome(last, facts, by=two()[0])
    with inside("centre"):
        assert reports.content_of(reports.current(month, 0)) == content  # as it was
        correction = reports.draft(month, director(), "漏报一人")
        said = reports.content_of(correction)["corrects"]
        assert (correction.number, said["number"], said["digest"]) == (1, 0, report.digest)
        named = {(d["column"], d["before"], d["after"]) for d in said["differences"]}
        assert ("work_outward", 0, 1) in named
        reports.sign(correction, director())
        assert ReportSignature.objects.count() == 2


def test_a_draft_that_is_not_the_newest_is_not_signed(month):
    with inside("centre"):
        old = reports.draft(month, director())
        labour.record({township().pk: 10}, month, "统计局", director())
        new = reports.draft(month, director())
        assert (old.take, new.take) == (1, 2)
        with pytest.raises(ValidationError, match="newer"):
            reports.sign(old, director())


@pytest.mark.parametrize("table", ["monthlyreport", "reportsignature", "rurallabour"])
def test_the_database_refuses_to_change_what_is_frozen(month, table):
    with inside("centre"):
        labour.record({township().pk: 10}, month, "统计局", director())
        reports.sign(reports.draft(month, director()), director())
        columns = {"monthlyreport": "content", "reportsignature": "name", "rurallabour": "source"}
        for statement in (
            f"UPDATE standing_{table} SET {columns[table]} = 'x'",
            f"DELETE FROM standing_{table}",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_the_paper_is_the_same_to_the_byte(month):
    with inside("centre"):
        report = reports.draft(month, director())
        reports.sign(report, director())
        report = MonthlyReport.objects.select_related("signature").get()
        one, two_ = pdf_of(report), pdf_of(report)
        assert one == two_
        assert make(report).read_bytes() == one
        import pymupdf

        with pymupdf.open(stream=one) as paper:
            text = "".join(page.get_text() for page in paper)
            assert paper[0].rect.width > paper[0].rect.height
            assert json.loads(paper.embfile_get(0)) == reports.content_of(report)
        assert "农村劳动力培训转移就业月报" in text
        assert "签发人：中心主任甲" in text
        assert report.digest in text.replace("\n", "")
        path_of(report).unlink()


def test_labour_counts_from_its_day_with_its_source(db):
    with inside("centre"):
        place = township()
        labour.record({place.pk: 100}, date(2026, 1, 1), "一号文", director())
        labour.record({place.pk: 120}, date(2026, 3, 1), "二号文", director())
        assert labour.labour_on(date(2026, 2, 1))[place.code].people == 100
        assert labour.labour_on(date(2026, 4, 1))[place.code].source == "二号文"
        with pytest.raises(ValidationError, match="source"):
            labour.record({place.pk: 1}, date(2026, 1, 1), " ", director())
        with pytest.raises(ValidationError, match="to come"):
            labour.record({place.pk: 1}, timezone.localdate() + timedelta(days=1), "x", director())


def _sheet(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_labour_is_read_from_excel_and_every_fault_is_named(db):
    with inside("centre"):
        place = township()
        read = labour.read_workbook(_sheet(("乡镇", "人数"), (place.code, 50), (None, None)))
        assert read == {place.pk: 50}
        with pytest.raises(ValidationError) as refused:
            labour.read_workbook(_sheet(("没有这个镇", 5), (place.code, "很多")))
        assert len(refused.value.messages) == 2
        with pytest.raises(ValidationError, match="no xlsx"):
            labour.read_workbook(b"nonsense")


def test_the_pages_go_from_draft_to_signature_and_back_to_the_names(month, visit):
    client = visit("centre", "director")
    text = f"{month:%Y-%m}"
    assert "请写成 2026-05" in client.post(f"{PAGE}reports/", {"month": "May"}).content.decode()
    now = f"{timezone.localdate():%Y-%m}"
    assert "还没有过完" in client.post(f"{PAGE}reports/", {"month": now}).content.decode()
    answer = client.post(f"{PAGE}reports/", {"month": text})
    one = f"{PAGE}reports/{text}/0/"
    assert answer.url == one
    page = client.get(one)
    report = page.context["report"]
    assert client.post(f"{one}sign/", {"digest": "x"}, follow=True).context["signature"] is None
    signed = client.post(f"{one}sign/", {"digest": report.digest}, follow=True)
    assert signed.context["signature"].name == "中心主任甲"
    body = page.content.decode()
    link = f"{PAGE}number/?dimension=report&amp;year={month.year}&amp;key={text}&amp;step=certified"
    assert link in body
    behind = client.get(link.replace("&amp;", "&"))
    assert [(base.slug, count) for base, count in behind.context["found"]] == [("north", 4)]
    names = client.get(link.replace("&amp;", "&").replace("number/", "names/north/"))
    assert names.context["count"] == 4
    table = client.get(f"{one}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(table.content)).active.iter_rows(values_only=True))
    assert rows[-1][2] == 4  # the total of the certified of the month
    assert client.get(f"{one}report.pdf").url.startswith("/desk/jobs/")
    refused = client.post(f"{one}correct/", {"reason": "x"}, follow=True)
    assert "没有要更正的" in refused.content.decode()


def test_labour_is_entered_on_its_page(db, visit):
    client = visit("centre", "director")
    with inside("centre"):
        place = township()
    facts = {"township": place.code, "people": 77, "as_of": "2026-01-01", "source": "一号文"}
    assert client.post(f"{PAGE}labour/", facts).status_code == 302
    assert "77" in client.get(f"{PAGE}labour/").content.decode()
    assert (
        "请填写一个乡镇"
        in client.post(f"{PAGE}labour/", facts | {"township": "?"}).content.decode()
    )
    upload = io.BytesIO(_sheet((place.code, 88)))
    upload.name = "l.xlsx"
    client.post(f"{PAGE}labour/", {"as_of": "2026-01-02", "source": "二号文", "file": upload})
    with inside("centre"):
        assert list(RuralLabour.objects.values_list("people", flat=True)) == [88, 77]


def test_the_demo_has_a_signed_month_and_a_draft(db):
    from lms.demo.months import months
    from tests.cast import the_centre

    months(the_centre())
    months(the_centre())
    with inside("centre"):
        assert MonthlyReport.objects.count() == 2
        assert ReportSignature.objects.count() == 1
        assert RuralLabour.objects.count() > 10
