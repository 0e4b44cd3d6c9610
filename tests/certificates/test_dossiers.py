"""A class's dossier: frozen, the same bytes again, and found out when somebody edits it."""

import io
import json
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from certificates import fonts
from certificates.dossiers import rules
from certificates.dossiers.models import Dossier
from certificates.dossiers.paper import sheet_of
from certificates.dossiers.services.collect import missing
from certificates.dossiers.services.make import check_address, file_of, make, make_again, path_of
from certificates.dossiers.services.verify import verify
from certificates.dossiers.shared.models import RegisteredDossier
from certificates.dossiers.workbook import SNAPSHOT, workbook
from certificates.drawing import draw
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from courses.models import Trainee
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.looks.models import Look
from tenants.staff.models import User
from tests.cast import base
from tests.story import a_class, finished, ids

WHY = {"why": "subsidy", "text": "随补贴申请报送"}


def certified(people=3):
    one = finished(people=people, marks={2: ("absent", 0)}, scores={2: ("50", "50")})
    first, *_ = issue_class(one, User.objects.get(username="clerk")).certificates
    facts = Facts("local", "employer_confirmed", employer="=1+1 服装厂", started_on=first.issued_on)
    record_outcome(first, facts, by=User.objects.get(username="clerk"))
    return one


@pytest.fixture
def one(north):
    return certified()


def test_what_is_missing_is_named(north):
    open_one = a_class()
    assert missing(open_one) == [("班次还没有办理结业", "the class is not finished yet")]
    with pytest.raises(ValidationError, match="结业"):
        make(open_one, None)
    waiting = finished(code="T-02", seed=5, days_ago=50)
    said = " ".join(zh for zh, _ in missing(waiting))
    assert "还没有发证：学员1、学员2、学员3" in said
    assert not Dossier.objects.exists()


def test_both_files_say_everything_and_no_number_and_are_made_again_to_the_byte(one):
    made = make(one, User.objects.get(username="clerk"))
    xlsx, pdf = file_of(made, "xlsx"), file_of(made, "pdf")
    book = load_workbook(io.BytesIO(xlsx))
    titles = ["概要", *(title for _key, title, _header, _keys in rules.SECTIONS)]
    assert book.sheetnames == [*titles, SNAPSHOT]
    assert book[SNAPSHOT].sheet_state == "veryHidden"
    for title in titles:
        assert made.digest in book[title]["A1"].value
    text = str([list(sheet.values) for sheet in book])
    assert all(
        word in text for word in ("学员1", "=1+1 服装厂", "测劳转〔2026〕1号", "用人单位确认")
    )
    assert all(number not in text for number in ids(3))
    cell = next(c for row in book["就业名单"] for c in row if c.value == "=1+1 服装厂")
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        assert paper.attachments["dossier.json"].get_file().read_bytes() == made.body.encode()
        assert len(paper.pages) >= 10
    assert rules.digest_of(made.body) == made.digest
    assert workbook(made.body) == xlsx
    assert draw(sheet_of(made.body, check_address(made.digest)), fonts.folder()) == pdf
    path_of(made.digest, "xlsx").unlink()
    assert file_of(made, "xlsx") is None
    make_again(made)
    assert file_of(made, "xlsx") == xlsx


def test_a_later_one_is_the_next_version_and_names_what_differs(one):
    first = make(one, None)
    assert make(one, None).pk == first.pk, "nothing differs"
    clerk = User.objects.get(username="clerk")
    other = one.enrolments.order_by("pk")[1].certificates.get()
    record_outcome(other, Facts("unemployed", "liaison_call"), by=clerk)
    second = make(one, clerk)
    assert (second.number, len(second.differs)) == (2, 1)
    assert "就业名单" in second.differs[0]
    assert "未就业" in second.differs[0]
    assert json.loads(first.body)["differs"] == []
    said = verify(file_of(first, "xlsx")).findings
    assert any("最新为第 2 版" in zh for _ok, zh, _en in said)


def test_the_files_verify_and_a_changed_one_does_not(one):
    made = make(one, None)
    for kind in ("xlsx", "pdf"):
        found = verify(file_of(made, kind))
        assert (found.ok, found.registered.number, found.registered.employed) == (True, 1, 1), kind
    book = load_workbook(io.BytesIO(file_of(made, "xlsx")))
    assert verify(saved(book)).ok, "saved again by Excel"
    book["考核成绩"]["C3"] = "100"
    found = verify(saved(book))
    assert not found.ok
    assert any("“考核成绩”第 3 行" in zh for _ok, zh, _en in found.findings)
    book = load_workbook(io.BytesIO(file_of(made, "xlsx")))
    book[SNAPSHOT]["A1"] = book[SNAPSHOT]["A1"].value.replace("学员1", "学员9")
    assert not verify(saved(book)).ok
    with pikepdf.open(io.BytesIO(file_of(made, "pdf"))) as paper:
        del paper.pages[1]
        buffer = io.BytesIO()
        paper.save(buffer)
    found = verify(buffer.getvalue())
    assert (found.ok, found.registered.number) == (False, 1)
    for junk in (b"", b"PK\x03\x04rubbish", b"%PDF-1.7 rubbish", b"text", workbook_of_nothing()):
        assert not verify(junk).ok


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def workbook_of_nothing():
    from openpyxl import Workbook

    return saved(Workbook())


def test_the_command_reads_a_file_and_fails_for_a_changed_one(one, tmp_path, capsys):
    file = tmp_path / "d.pdf"
    content = file_of(make(one, None), "pdf")
    file.write_bytes(content)
    connection.set_schema_to_public()
    call_command("dossier_verify", str(file), "--json")
    assert json.loads(capsys.readouterr().out)["number"] == 1
    file.write_bytes(content + b"\n")
    with pytest.raises(CommandError):
        call_command("dossier_verify", str(file))


def test_a_base_without_the_digest_cannot_make_one_up(one):
    """Somebody edits the data and computes the digest anew: nobody has registered it."""
    made = make(one, None)
    body = json.loads(made.body)
    body["facts"]["counts"]["employed"] = 2
    assert not verify(workbook(rules.canonical(body))).ok
    assert RegisteredDossier.objects.count() == 1


def test_the_walk_of_clerk_and_centre(visit):
    with tenant_context(base("north")):
        certified()
    clerk, officer = visit("north", "clerk"), visit("centre", "officer")
    page = "/desk/classes/T-01/dossiers/"
    assert "制作补贴档案" in clerk.get(page).content.decode()
    clerk.post(f"{page}make/")
    with tenant_context(base("north")):
        perform(JobRun.objects.latest("pk"))
        made = Dossier.objects.get()
    assert made.digest in clerk.get(page).content.decode()
    xlsx = clerk.get(f"/desk/dossiers/{made.pk}/xlsx/").content
    answer = officer.post("/desk/dossiers/", {"file": SimpleUploadedFile("d.xlsx", xlsx)})
    assert "可以采信" in answer.content.decode()
    assert "摘要已登记" in officer.get(f"/desk/dossiers/?digest={made.digest}").content.decode()
    assert "没有登记" in officer.get(f"/desk/dossiers/?digest={'0' * 64}").content.decode()
    book = load_workbook(io.BytesIO(officer.get("/desk/dossiers/?format=xlsx").content))
    assert made.digest in str(list(book.active.values))
    assert visit("north", "trainer").get(page).status_code == 403
    assert visit("south", "clerk").get(f"/desk/dossiers/{made.pk}/xlsx/").status_code == 404
    assert visit("north", "clerk").get("/desk/dossiers/").status_code == 404


def test_numbers_come_only_with_a_reason_and_beside_the_dossier(visit):
    with tenant_context(base("north")):
        made = make(certified(), None)
    clerk, path = visit("north", "clerk"), f"/desk/dossiers/{made.pk}/with/ids/"
    assert ids(1)[0] not in clerk.get(path).content.decode()
    content = clerk.post(path, WHY).content
    book = load_workbook(io.BytesIO(content))
    assert set(ids(3)) <= {row[1] for row in book["身份证号"].values}
    with tenant_context(base("north")):
        look = Look.objects.get()
        assert (look.what, look.people, look.key) == ("dossier", 3, made.pk)
        found = verify(content)
    assert found.ok
    assert any("不属于档案" in zh for _ok, zh, _en in found.findings)


def test_a_dossier_of_a_renamed_person_keeps_what_it_said(one):
    made = make(one, None)
    Trainee.objects.update(name="别人")
    assert "别人" not in Dossier.objects.get(pk=made.pk).body
    assert timezone.now() - made.made_at < timedelta(hours=1)
