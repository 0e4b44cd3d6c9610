"""An institution applies; officials of the centre take it in, step by step."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import tenant_context
from openpyxl import load_workbook
from PIL import Image
from stdnum.cn.uscc import calc_check_digit

from tenants.applications.models import Application, Paper, SiteCheck
from tenants.applications.services import CHECKLIST
from tenants.designations.models import TrainingBase
from tenants.models import Division
from tests.cast import NORTH, base

TODAY = timezone.localdate()
CODE = "A2222403MJ0000099"
USCC = CODE + calc_check_digit(CODE)  # begins with a letter, as those of village collectives do
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def picture(kind="JPEG"):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    Image.new("RGB", (800, 600), "navy").save(buffer, kind, exif=exif)
    return buffer.getvalue()


def application(**changes):
    form = {
        "uscc": USCC,
        "name": "新示范职业培训学校",
        "division": Division.objects.get(code="222403").pk,
        "address": "示范街 2 号",
        "contact": "高老师",
        "phone": "0433-5550999",
        "premises": "教室 2 间",
        "teachers": "崔师傅 缝纫 高级工",
        "trade-sewing": "60",
        "file-licence": SimpleUploadedFile("登记证书.pdf", PDF),
    }
    return form | changes


def a_zip():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"0" * 10_000_000)
    return buffer.getvalue()


@pytest.fixture
def applied(visit):
    answer = visit("centre").post("/apply/", application())
    assert answer.status_code == 302, answer.content.decode()
    return TrainingBase.objects.get(uscc=USCC)


def record():
    return TrainingBase.objects.get(uscc=USCC)


def check_form(**changes):
    items = {f"ok-{code}": "yes" for code, _zh, _en in CHECKLIST}
    photo = SimpleUploadedFile("实训室.jpg", picture())
    return {"on": TODAY, "people": "李科长、韩干事", "photo-1": photo} | items | changes


def designate_form(**changes):
    return {
        "on": TODAY,
        "document": "测劳认〔2026〕77号",
        "reason": "核查合格",
        "starts_on": TODAY,
        "ends_on": TODAY + timedelta(days=365),
        "places-sewing": 60,
        "from-sewing": 40,
        "to-sewing": 120,
    } | changes


def test_a_base_goes_from_its_application_to_its_removal_by_page(visit, applied):
    officer, director = visit("centre", "officer"), visit("centre", "director")
    page = f"/admin/bases/{applied.pk}/"
    assert "高老师" in officer.get(page).content.decode()
    assert officer.post(f"{page}step/check/", check_form()).status_code == 302
    assert officer.get(f"{page}step/designate/").status_code == 403, "an officer decides nothing"
    first = director.get(f"{page}step/designate/").content.decode()
    assert 'value="60"' in first, "the places that were asked for are proposed"
    assert director.post(f"{page}step/designate/", designate_form()).status_code == 302
    step = {"on": TODAY, "reason": "虚报学时", "document": "测警〔2026〕1号"}
    assert director.post(f"{page}step/warn/", step).status_code == 302
    step |= {"document": "测停〔2026〕1号", "may_finish": "on"}
    assert director.post(f"{page}step/suspend/", step).status_code == 302
    assert director.post(f"{page}step/remove/", step).status_code == 302
    base = record()
    assert (base.state, base.ends_on) == ("removed", TODAY + timedelta(days=365))
    steps = list(base.steps.values_list("number", "kind", "official"))
    assert steps == [
        (1, "apply", "新示范职业培训学校"),
        (2, "check", "中心工作人员甲"),
        (3, "designate", "中心主任甲"),
        (4, "warn", "中心主任甲"),
        (5, "suspend", "中心主任甲"),
        (6, "remove", "中心主任甲"),
    ]
    notice = director.get(f"{page}notice/5/").content.decode()
    for said in ("关于暂停的通知", "测停〔2026〕1号", "虚报学时", "可以办完并发证", "中心主任甲"):
        assert said in notice
    assert "60" in director.get(f"{page}notice/3/").content.decode()
    assert director.get(f"{page}step/warn/").status_code == 404, "no step follows a removal"


def test_a_failed_check_does_not_let_the_base_be_designated(visit, applied):
    officer = visit("centre", "officer")
    page = f"/admin/bases/{applied.pk}/"
    form = check_form(**{"ok-fire": "no", "note-fire": "灭火器过期"})
    assert officer.post(f"{page}step/check/", form).status_code == 302
    assert record().state == "applied"
    assert "灭火器过期" in officer.get(page).content.decode()
    assert visit("centre", "director").get(f"{page}step/designate/").status_code == 404


def test_a_check_without_every_item_is_refused_and_keeps_what_was_typed(visit, applied):
    page = f"/admin/bases/{applied.pk}/step/check/"
    answer = visit("centre", "officer").post(page, check_form(**{"ok-fire": ""}))
    assert answer.status_code == 200
    assert "李科长、韩干事" in answer.content.decode()
    with tenant_context(base("centre")):
        assert not SiteCheck.objects.exists()


def test_whoever_has_the_number_follows_the_application_and_sees_nobodys_phone(visit, applied):
    with tenant_context(base("centre")):
        number = Application.objects.get().number
    page = visit("centre").get(f"/apply/{number.lower()}/").content.decode()
    assert "新示范职业培训学校" in page
    assert "高老师" not in page
    assert "5550999" not in page
    assert visit("centre").get("/apply/ABCDEFGHJKMN/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"uscc": USCC[:-1] + ("0" if USCC[-1] != "0" else "1")}, "校验位"),
        ({"uscc": NORTH[1]}, "已有申请或认定"),
        ({"trade-sewing": ""}, "至少填写一个工种"),
        ({"division": "999999"}, "999999"),
        ({"phone": "abc"}, "手机号"),
        ({"file-licence": SimpleUploadedFile("证书.pdf", a_zip())}, "只收 PDF、JPEG 和 PNG"),
        ({"file-licence": SimpleUploadedFile("证书.pdf", b"MZ" + b"\0" * 99)}, "只收 PDF"),
        ({"file-licence": SimpleUploadedFile("证书.pdf", PDF[:20])}, "不完整"),
        ({"file-licence": SimpleUploadedFile("证书.png", picture()[:300])}, "只收 PDF"),
        ({"file-licence": SimpleUploadedFile("大.pdf", PDF + b"\0" * 11 * 2**20)}, "10 MB"),
    ],
)
def test_a_bad_application_is_refused_with_what_to_do_and_leaves_nothing(visit, changes, said):
    before = TrainingBase.objects.count()
    answer = visit("centre").post("/apply/", application(**changes))
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert "示范街 2 号" in answer.content.decode(), "what was good is kept"
    assert TrainingBase.objects.count() == before
    with tenant_context(base("centre")):
        assert not Application.objects.exists()
        assert not Paper.objects.exists()


def test_a_picture_is_kept_without_what_is_hidden_in_it_and_only_officials_get_it(visit, applied):
    officer = visit("centre", "officer")
    officer.post(f"/admin/bases/{applied.pk}/step/check/", check_form())
    with tenant_context(base("centre")):
        paper = Paper.objects.get(kind="photo")
    address = f"/admin/bases/{applied.pk}/papers/{paper.uuid}/"
    answer = officer.get(address)
    assert "attachment" in answer["Content-Disposition"]
    assert not Image.open(io.BytesIO(answer.content)).getexif()
    north = TrainingBase.objects.get(tenant__slug="north")
    assert officer.get(f"/admin/bases/{north.pk}/papers/{paper.uuid}/").status_code == 404
    assert visit("centre").get(address).status_code == 302
    with tenant_context(base("centre")):
        assert visit("centre").get(f"/media/{paper.file.name}").status_code == 404


def test_a_township_officer_sees_the_divisions_in_charge_alone(visit, applied):
    township, director = visit("centre", "township_officer"), visit("centre", "director")
    south = TrainingBase.objects.get(tenant__slug="south")
    listed = township.get("/admin/bases/").content.decode()
    assert "测试基地north" in listed
    assert "测试基地south" not in listed
    assert township.get(f"/admin/bases/{south.pk}/").status_code == 404
    assert director.get(f"/admin/bases/{south.pk}/").status_code == 200


def test_the_list_of_bases_is_exported_for_excel(visit, applied):
    answer = visit("centre", "director").get("/admin/bases/?export=xlsx")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = list(load_workbook(io.BytesIO(content)).active.values)
    assert {row[1] for row in rows[1:]} >= {USCC, NORTH[1]}


def test_a_base_has_no_console_and_no_door_for_applications(visit, applied):
    manager = visit("north", "manager")
    for path in ("", f"{applied.pk}/", f"{applied.pk}/step/check/", f"{applied.pk}/notice/1/"):
        assert manager.get(f"/admin/bases/{path}").status_code == 404
    assert visit("north").get("/apply/").status_code == 404
    assert "/admin/bases/" not in manager.get("/admin/").content.decode()
