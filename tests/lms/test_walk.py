"""A clerk, a trainer, an examiner, a manager and an employer go through the main job by page."""

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import tenant_context
from openpyxl import load_workbook

from certificates.models import Certificate
from certificates.services.issue import issue_class
from courses.fieldlog.models import FieldEvent
from courses.fieldlog.services.review import accept_all
from courses.models import Project, Trainee, TrainingClass
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.models import Division, Tenant
from tenants.staff.models import User
from tests.cast import PASSWORD, base
from tests.story import finished, ids, workbook

WHY = {"why": "mistake", "text": "核对退回的行"}


def text(response):
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def class_form(**changes):
    starts = timezone.localdate() - timedelta(days=3)
    with tenant_context(base("north")):
        form = {
            "project": Project.objects.get().pk,
            "code": "W-01",
            "starts_on": starts,
            "ends_on": starts + timedelta(days=1),
            "village": Division.objects.filter(level="village").first().code,
            "place": "村部",
            "trainer": User.objects.get(username="trainer").pk,
            "s-TOTAL_FORMS": 2,
            "s-INITIAL_FORMS": 0,
        }
    for n, kind in enumerate(("theory", "practice")):
        form |= {
            f"s-{n}-held_on": starts + timedelta(days=n),
            f"s-{n}-starts_at": "08:30",
            f"s-{n}-kind": kind,
            f"s-{n}-minutes": 180,
        }
    return form | {"open": "1"} | changes


def upload(browser, code, content, name="花名册.xlsx"):
    file = SimpleUploadedFile(name, content)
    return browser.post(f"/desk/classes/{code}/roster/", {"file": file})


def test_the_main_job_from_an_empty_class_to_a_checked_certificate(visit):
    clerk, trainer = visit("north", "clerk"), visit("north", "trainer")
    examiner, manager = visit("north", "examiner"), visit("north", "manager")
    employer = visit("centre")

    assert clerk.post("/desk/classes/open/", class_form()).url == "/desk/classes/W-01/"
    one, two, three = ids(3, seed=50)
    bad = one[:-1] + ("0" if one[-1] != "0" else "1")
    roster = workbook([("张三", one), ("李四", two), ("王五", three), ("坏号", bad)])
    preview = upload(clerk, "W-01", roster).url
    page = text(clerk.get(preview))
    assert "校验码不符" in page
    assert one not in page, "a resident ID is not shown"
    marked = load_workbook(io.BytesIO(clerk.post(f"{preview}marked/", WHY).content)).active
    assert "不能导入" in str([c.value for c in marked[5]])
    clerk.post(preview)
    clerk.post(preview)  # a second click imports nobody twice
    after = load_workbook(io.BytesIO(clerk.post(f"{preview}marked/", WHY).content)).active
    assert [c.value for c in after[2]] == [c.value for c in marked[2]], "as it was when confirmed"
    with tenant_context(base("north")):
        assert Trainee.objects.count() == 3
        found = TrainingClass.objects.get()
        sessions = list(found.sessions.all())
        people = list(found.enrolments.order_by("id"))
    clerk.post("/desk/classes/W-01/state/", {"state": "in_session"})

    for session in sessions:
        address = f"/desk/sessions/{session.pk}/"
        trainer.post(address, {f"mark-{people[2].pk}": "absent", "rest": "present"})
    correction = {f"mark-{people[2].pk}": "late", f"minutes-{people[2].pk}": "170"}
    assert "更正须填写原因" in text(trainer.post(address, correction))
    trainer.post(address, correction | {f"reason-{people[2].pk}": "记错人"})
    with tenant_context(base("north")):
        assert FieldEvent.objects.count() == 7
        found = TrainingClass.objects.get(code="W-01")
        assert accept_all(found.pk, User.objects.get(username="manager")) == 2

    pasted = "姓名\t理论\t实操\n张三\t85.5\t90\n李四\t５９\t70\n王五\t70\t70"
    scores = "/desk/classes/W-01/scores/"
    page = examiner.post(scores, {"fill": "1", "pasted": pasted}).content.decode()
    typed = dict(re.findall(r'name="((?:theory|practice)-\d+)" value="([^"]+)"', page))
    assert typed[f"theory-{people[0].pk}"] == "85.5"
    examiner.post(scores, typed | {"on": timezone.localdate()})
    clerk.post("/desk/classes/W-01/state/", {"state": "finished"})

    dry = text(clerk.get("/desk/classes/W-01/certificates/"))
    assert "理论成绩 59.0 分，及格 60 分" in dry
    job = clerk.post("/desk/classes/W-01/issue/").url
    again = clerk.post("/desk/classes/W-01/issue/").url
    assert job == again, "a second click starts no second job"
    with tenant_context(base("north")):
        perform(JobRun.objects.get())
        certificate = Certificate.objects.get()
        assert certificate.holder_name == "张三"
    assert "已完成" in text(clerk.get(job))
    pdf = clerk.get(f"/desk/certificates/{certificate.number}.pdf").content
    assert pdf == clerk.get(f"/desk/certificates/{certificate.number}.pdf").content
    assert pdf.startswith(b"%PDF")
    assert clerk.get("/desk/classes/W-01/papers.zip").getvalue().startswith(b"PK")

    answer = employer.get(f"/c/{certificate.code}")
    for claim in certificate.claims.values():
        assert claim in text(answer), claim
    assert "有效" in text(answer)
    assert one[-4:] not in text(answer)

    outcome = {"kind": "local", "evidence": "document", "started_on": timezone.localdate()}
    address = f"/desk/certificates/{certificate.number}/"
    assert "请填写用人单位" in text(clerk.post(address, outcome))
    clerk.post(address, outcome | {"employer": "服装厂"})
    for step, count in (("enrolled", 3), ("trained", 2), ("certified", 1), ("employed", 1)):
        names = text(clerk.get(f"/desk/funnel/{step}/"))
        assert names.count("W-01") == count, step
    assert "张三" in text(clerk.get("/desk/funnel/employed/"))

    clerk.post(f"{address}revoke/", {"code": "issued_in_error", "reason": "误发"})
    assert "有效" in text(employer.get(f"/c/{certificate.code}")), "it takes a second person"
    page = manager.get(address).content.decode()
    asked = re.search(rf"{address}revocations/\d+/", page)[0]
    assert clerk.post(asked, {"verdict": "revoke"}).status_code == 403
    assert "确认撤销" in text(manager.get(address))
    manager.post(asked, {"verdict": "revoke"})
    answer = text(employer.get(f"/c/{certificate.code}"))
    assert "已撤销" in answer
    assert "误发" in answer


def test_a_wrong_code_is_404_and_says_what_to_do(visit):
    answer = visit("centre").get("/c/NOSUCHCODE")
    assert answer.status_code == 404
    assert "怎么办" in text(answer)
    assert "What to do" in text(answer)
    assert visit("centre").get("/check/?q=nothing").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"code": "有中文"}, "code"),
        ({"s-0-minutes": "1"}, "请补充课次"),
        ({"s-0-held_on": "2020-01-01"}, "请改日期"),
        ({"village": "没有的村"}, "没有这个村"),
        ({"ends_on": "2020-01-01"}, "不能早于"),
    ],
)
def test_a_class_with_a_bad_plan_is_not_opened_and_keeps_what_was_typed(visit, changes, said):
    page = visit("north", "clerk").post("/desk/classes/open/", class_form(**changes))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert "村部" in page.content.decode()


def test_a_file_that_is_no_roster_is_refused_with_what_to_do(visit):
    clerk = visit("north", "clerk")
    clerk.post("/desk/classes/open/", class_form())
    assert "另存为" in text(upload(clerk, "W-01", b"not excel", "a.xls"))


def test_a_base_finds_part_of_a_chinese_title(visit):
    for row in DBTaskResult.objects.ready():  # what the worker does, in this transaction
        with tenant_context(Tenant.objects.get(schema_name=row.args_kwargs["tenant"])):
            row.task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])
    page = visit("north").get("/", {"q": "缝纫"}).content.decode()
    assert "<mark>缝纫</mark>裁剪初级班" in page
    assert "没有找到" in text(visit("north").get("/", {"q": "电焊"}))


def test_the_portal_lists_all_bases_courses_and_filters_them(visit):
    centre = visit("centre")
    assert text(centre.get("/courses/")).count("缝纫裁剪初级班") == 2
    assert text(centre.get("/courses/?base=north")).count("缝纫裁剪初级班") == 1
    visit("north", "clerk").post(
        "/desk/classes/open/",
        class_form(
            starts_on=timezone.localdate() + timedelta(days=9),
            ends_on=timezone.localdate() + timedelta(days=10),
            **{
                "s-0-held_on": timezone.localdate() + timedelta(days=9),
                "s-1-held_on": timezone.localdate() + timedelta(days=10),
            },
        ),
    )
    township = Division.objects.filter(level="village").first().parent
    page = text(centre.get(f"/courses/?township={township.code}"))
    assert page.count("缝纫裁剪初级班") == 1
    assert "测试基地north" in text(centre.get("/bases/"))


def test_a_number_alone_gives_no_name_away_and_with_the_name_leads_to_the_page(visit):
    with tenant_context(base("north")):
        certificate = issue_class(finished(people=1), None).certificates[0]
    centre = visit("centre")
    for address in (f"/check/?q={certificate.number}", f"/c/{certificate.number}"):
        page = centre.get(address)
        assert page.status_code == 200
        assert certificate.holder_name not in page.content.decode()
        assert "证书上的姓名" in page.content.decode()
    asked = {"q": certificate.number, "name": " 学 员１ "}
    assert centre.get("/check/", asked).url == f"/c/{certificate.code}"
    wrong = centre.get("/check/", asked | {"name": "别人"})
    assert wrong.status_code == 404
    assert "对不上" in wrong.content.decode()


def test_lines_of_a_proposed_plan_can_be_emptied_and_more_can_be_added(visit):
    clerk = visit("north", "clerk")
    page = clerk.post("/desk/classes/open/", class_form() | {"fill": "1"}).content.decode()
    typed = dict(
        re.findall(r'name="(s-\d+-(?:held_on|starts_at|minutes))"[^>]*value="([^"]*)"', page)
    )
    lines = len({name.split("-")[1] for name, value in typed.items() if value})
    assert lines == 2
    more = clerk.post("/desk/classes/open/", class_form() | {"more": "1"}).content.decode()
    assert 'name="s-5-held_on"' in more
    assert "村部" in more
    form = class_form()
    form |= {"s-TOTAL_FORMS": 3, "s-2-held_on": "", "s-2-kind": "theory", "s-2-minutes": ""}
    assert clerk.post("/desk/classes/open/", form).status_code == 302


def test_the_way_round_the_sign_in_limit_is_closed(visit):
    browser = visit("north")
    assert browser.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"
    wrong = {"username": "manager", "password": "wrong"}
    for _ in range(10):
        assert browser.post("/login/", wrong).status_code == 200
    assert browser.post("/login/", wrong).status_code == 429


def test_an_office_that_signs_in_from_one_address_is_not_locked_out(visit):
    for _ in range(25):
        good = {"username": "clerk", "password": PASSWORD}
        assert visit("north").post("/login/", good).status_code == 302
