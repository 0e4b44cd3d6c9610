"""Nothing that leaves as a table is a formula, whoever wrote it; and nothing that comes in is a bomb."""

import csv
import io
import re
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import Workbook, load_workbook

from certificates.services.issue import issue_class
from certificates.standing.services.labour import read_workbook
from courses.intake.services.places import withdraw
from courses.models import Enrolment, Project, Trainee, TrainingClass
from tenants.tables import FORMULA_STARTS
from tests.cast import base
from tests.story import a_class, finished

ROOT = Path(__file__).parents[2]
SIGNS = [sign for sign in FORMULA_STARTS if sign.strip()]
#: Tables of a base that hold what people have typed.
AT_BASE = (
    *("/desk/classes/", "/desk/classes/T-01/", "/desk/classes/T-01/intake/"),
    *("/desk/classes/T-01/history/", "/desk/classes/T-02/", "/desk/classes/T-02/certificates/"),
    *("/desk/funnel/enrolled/", "/desk/funnel/certified/", "/desk/calls/", "/desk/external/"),
    *("/desk/claims/", "/desk/imports/columns/", "/desk/looks/", "/desk/trainees/"),
    *("/desk/classes/T-01/people/", "/desk/applications/", "/desk/messages/"),
)


def cells(content):
    book = load_workbook(io.BytesIO(content))
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row]


@pytest.fixture
def hostile(db):
    """Every name at the base begins like a formula."""
    with tenant_context(base("north")):
        one = a_class("T-01", people=len(SIGNS))
        for sign, person in zip(SIGNS, Trainee.objects.order_by("pk"), strict=True):
            Trainee.objects.filter(pk=person.pk).update(name=f"{sign}1+1")
        gone = Enrolment.objects.earliest("pk")
        withdraw(gone, "other", "=HYPERLINK(1)", timezone.localdate(), None)
        issue_class(finished("T-02", people=1, seed=5), None)
        Project.objects.update(name="=1+1", name_en="@SUM(1)")
        TrainingClass.objects.filter(pk=one.pk).update(place="=1+1")


@pytest.mark.parametrize("address", AT_BASE)
def test_no_table_of_a_base_holds_a_formula(visit, hostile, address):
    answer = visit("north", "manager").get(address, {"format": "xlsx"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet"), address
    for cell in cells(answer.content):
        assert cell.data_type != "f", (address, cell.value)
        if isinstance(cell.value, str) and cell.value.startswith(FORMULA_STARTS):
            assert cell.quotePrefix, (address, cell.value)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_no_export_of_wagtail_holds_a_formula(visit, hostile, kind):
    answer = visit("north", "manager").get("/admin/projects/", {"export": kind})
    content = b"".join(answer.streaming_content)
    if kind == "xlsx":
        found = [cell.data_type for cell in cells(content) if "1+1" in str(cell.value)]
        assert found == ["s"]
        return
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert "'=1+1" in rows[1]
    assert not any(cell.startswith(FORMULA_STARTS) for row in rows for cell in row)


LISTED_BY_WAGTAIL = (
    *(("centre", "director", f"{name}/") for name in (
        "trades", "rule-sets", "assessment-policies", "programmes", "synonyms",
        "opening-policies", "season-windows",
    )),
    *(("north", "manager", f"{name}/") for name in ("projects", "questions", "blueprints", "checklists")),
    ("north", "manager", "designs/"),
)  # fmt: skip


@pytest.mark.parametrize(("slug", "role", "path"), LISTED_BY_WAGTAIL)
def test_every_list_of_wagtails_admin_goes_out_as_excel(visit, slug, role, path):
    browser = visit(slug, role)
    assert browser.get(f"/admin/{path}").status_code == 200
    answer = browser.get(f"/admin/{path}", {"export": "xlsx"})
    content = b"".join(answer.streaming_content)
    assert load_workbook(io.BytesIO(content)).active.max_column >= 1


def test_every_workbook_is_written_by_a_writer_that_keeps_text_as_text():
    writes = re.compile(r"(?<![.\w])Workbook\(|csv\.writer|DictWriter")
    found = {
        str(path.relative_to(ROOT))
        for app in ("lms", "tenants", "courses", "certificates", "plugins")
        for path in (ROOT / app).rglob("*.py")
        if "tests" not in path.parts
        and not str(path.relative_to(ROOT)).startswith(("lms/demo", "lms/plugin/testing"))
        and writes.search(path.read_text(encoding="utf-8"))
    }
    assert found == {
        "tenants/tables.py",
        "courses/assessing/sheet.py",
        "courses/roster/workbook.py",
        "certificates/dossiers/workbook.py",
    }
    for path in found:
        assert "write_text(" in (ROOT / path).read_text(encoding="utf-8")


def bomb(size=300 * 2**20):
    """A small file that says and holds hundreds of megabytes."""
    book = Workbook()
    book.active.append(["姓名", "身份证号码"])
    plain = io.BytesIO()
    book.save(plain)
    written = io.BytesIO()
    with ZipFile(plain) as old, ZipFile(written, "w", ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/sharedStrings2.xml", "w") as part:
            for _ in range(size // 2**20):
                part.write(b" " * 2**20)
    return written.getvalue()


@pytest.fixture(scope="module")
def hostile_file():
    return bomb()


def test_a_bomb_is_refused_wherever_excel_files_come_in(visit, hostile_file):
    assert len(hostile_file) < 2**20
    with tenant_context(base("north")):
        a_class("T-01", people=1)
    clerk, director = visit("north", "clerk"), visit("centre", "director")
    for browser, address in (
        (clerk, "/desk/classes/T-01/roster/"),
        (clerk, "/desk/external/import/"),
        (director, "/desk/dossiers/"),
        (visit("centre"), "/check/many/"),
    ):
        file = SimpleUploadedFile("炸弹.xlsx", hostile_file)
        answer = browser.post(address, {"file": file})
        assert answer.status_code in (200, 302, 400, 404, 422), address
        assert b"Traceback" not in answer.content
    with pytest.raises(ValidationError, match="解压后过大"):
        read_workbook(hostile_file)
