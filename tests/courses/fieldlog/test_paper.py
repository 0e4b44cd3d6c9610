"""A roster sheet goes to the village on paper and comes back into the one log."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from PIL import Image

from courses.fieldlog.models import FieldEvent, PaperSheet, SessionLog
from courses.fieldlog.rules.paper import TOTALS, Row, counted
from courses.fieldlog.services import blobs, paper
from courses.fieldlog.services.project import digest, rebuild
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Attendance
from courses.services.roster import confirm_import, upload_roster
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class, ids, workbook

MARKS = ("present", "late", "absent")


def picture(colour="white"):
    buffer = io.BytesIO()
    Image.new("RGB", (400, 300), colour).save(buffer, "JPEG")
    return SimpleUploadedFile("sheet.jpg", buffer.getvalue(), "image/jpeg")


class Desk:
    """A sheet of three people of the first session of north, and what is typed from it."""

    def __init__(self, visit, clerk="clerk"):
        self.visit, self.clerk = visit, visit("north", clerk)
        with inside("north"):
            self.session = a_class(people=3).sessions.first()
            self.sheet = paper.print_sheet(self.session, User.objects.get(username="clerk"))
            self.trainer = User.objects.get(username="trainer").pk
            self.people = [line.enrolment.pk for line in paper.lines(self.sheet)]
        self.address = f"/desk/paper/{self.sheet.code}/"

    def typed(self, marks=MARKS, **other):
        sent = {f"mark-{pk}": mark for pk, mark in zip(self.people, marks, strict=True)}
        sent |= {f"minutes-{pk}": "90" for pk in self.people}
        found = {mark: marks.count(mark) for mark in TOTALS}
        found["headcount"] = sum(found[mark] for mark in ("present", "late", "early_leave"))
        for key in TOTALS:
            sent |= {f"first-{key}": found[key], f"second-{key}": found[key]}
        sent |= {"taught_by": self.trainer, "photo": picture(), "enter": "1"}
        return {key: value for key, value in (sent | other).items() if value is not None}

    def enters(self, marks=MARKS, query="", **other):
        return self.clerk.post(self.address + query, self.typed(marks, **other))

    def faults(self, answer):
        assert answer.status_code == 200
        return " ".join(answer.context["faults"])

    def again(self):
        with inside("north"):
            return PaperSheet.objects.get(pk=self.sheet.pk)

    def marks(self):
        with inside("north"):
            rows = Attendance.objects.filter(session=self.session).order_by("enrolment_id")
            return [(row.mark, row.minutes, row.source) for row in rows]

    def grade(self):
        with inside("north"):
            return SessionLog.objects.get(session=self.session).grade

    def events(self):
        with inside("north"):
            return FieldEvent.objects.count()

    def vouches(self, role="manager", verdict="agrees", reason="", seen=None):
        with inside("north"):
            entered = self.again().entered
        sent = {"verdict": verdict, "reason": reason, "seen": seen or bytes(entered.hash).hex()}
        return self.visit("north", role).post(f"{self.address}countersign/", sent)


@pytest.fixture
def desk(db, visit):
    return Desk(visit)


def test_a_sheet_is_printed_with_its_code_and_a_code_a_row(desk):
    with inside("north"):
        code = desk.session.training_class.code
    assert "打印名单" in desk.clerk.get(f"/desk/classes/{code}/").content.decode()
    answer = desk.clerk.post(f"/desk/sessions/{desk.session.pk}/paper/")
    page = desk.clerk.get(answer.url).content.decode()
    rows = re.findall(r"<td><strong>(\d\d[0-9A-Z])</strong></td><td>(学员\d)</td>", page)
    assert [name for _code, name in rows] == ["学员1", "学员2", "学员3"]
    with inside("north"):
        sheet = PaperSheet.objects.exclude(pk=desk.sheet.pk).get()
        assert [line.code for line in paper.lines(sheet)] == [code for code, _name in rows]
    assert sheet.shown_code in page
    assert "<svg" in page


def test_a_sheet_is_found_by_its_code_however_it_is_typed_or_scanned(desk):
    code = desk.sheet.code
    for typed in (code, code.lower(), f"{code[:4]} - {code[4:]}", f"http://x{desk.address}"):
        assert desk.clerk.get("/desk/paper/", {"code": typed}).url == desk.address
    wrong = ("0" if code[0] != "0" else "1") + code[1:]
    assert "没有这张名单" in desk.clerk.get("/desk/paper/", {"code": wrong}).content.decode()


def test_what_the_sheet_says_stands_in_the_log_in_one_go(desk):
    before = desk.events()
    assert desk.enters().status_code == 302
    assert desk.marks() == [
        ("present", 180, "paper"),
        ("late", 90, "paper"),
        ("absent", 0, "paper"),
    ]
    assert desk.events() == before + 4
    with inside("north"):
        sheet = FieldEvent.objects.get(pk=desk.again().entered_id)
    assert '"headcount":2' in sheet.body
    assert len(sheet.blobs) == 1
    page = desk.clerk.get(desk.address).content.decode()
    assert "待复核" in page
    photo = desk.clerk.get(f"{desk.address}photo.jpg")
    assert photo["Content-Type"] == "image/jpeg"


def test_the_log_is_made_anew_from_a_sheet_to_the_same_digest(desk):
    desk.enters()
    desk.vouches()
    with inside("north"):
        before = digest()
        assert rebuild() == before


def test_all_faults_are_said_at_once_and_nothing_that_was_typed_is_lost(desk):
    first, second, _third = desk.people
    answer = desk.enters(
        **{
            f"mark-{first}": None,
            f"minutes-{second}": "180",
            "first-absent": "7",
            "taught_by": "",
            "photo": None,
            "differs": "",
        }
    )
    said = desk.faults(answer)
    for part in ("还没有选", "早退应在", "两次不一样，7 和 1", "教师", "照片"):
        assert part in said
    assert desk.events() == 0
    page = answer.content.decode()
    assert re.search(rf'name="mark-{second}" value="late" checked', page)
    assert 'name="first-absent" value="7"' in page
    assert 'value="180"' in page


def test_a_photo_is_kept_through_a_fault_and_need_not_be_chosen_again(desk):
    first = desk.people[0]
    assert desk.faults(desk.enters(**{f"mark-{first}": None}))
    assert desk.clerk.get(f"{desk.address}photo.jpg?draft=1").status_code == 200
    assert desk.enters(photo=None).status_code == 302


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff" + b"0" * 1000])
def test_a_file_that_is_no_photo_is_refused_and_the_rest_is_kept(desk, content):
    file = SimpleUploadedFile("x.jpg", content or b" ", "image/jpeg")
    answer = desk.enters(photo=file)
    assert "JPEG" in desk.faults(answer)
    assert f'name="mark-{desk.people[1]}" value="late" checked' in answer.content.decode()
    assert desk.events() == 0


def test_a_sheet_that_is_half_typed_is_left_and_found_again_by_somebody_else(desk):
    first = desk.people[0]
    answer = desk.clerk.post(desk.address, {f"mark-{first}": "excused", "save": "1"})
    assert answer.url == "/desk/paper/"
    page = desk.visit("north", "manager").get("/desk/paper/").content.decode()
    assert "录了一半" in page
    page = desk.visit("north", "manager").get(desk.address).content.decode()
    assert f'name="mark-{first}" value="excused" checked' in page
    assert desk.events() == 0


def test_a_quick_line_fills_the_rows(desk):
    answer = desk.clerk.post(desk.address, {"quick": "1 2/150 0", "fill": "1"})
    page = answer.content.decode()
    for pk, mark in zip(desk.people, ("present", "late", "none"), strict=True):
        assert f'name="mark-{pk}" value="{mark}" checked' in page
    assert 'value="150"' in page
    assert "3 行" in desk.faults(desk.clerk.post(desk.address, {"quick": "1", "fill": "1"}))


def test_a_sheet_is_entered_once_and_a_correction_says_why(desk):
    desk.enters()
    count = desk.events()
    assert desk.enters(marks=("absent",) * 3).status_code == 302  # a second window
    assert desk.events() == count
    changed = ("present", "present", "absent")
    assert "原因" in desk.faults(desk.enters(changed, "?correct=1"))
    assert desk.enters(changed, "?correct=1", reason="第二行看错").status_code == 302
    assert desk.events() == count + 2  # one mark and the sheet: what did not change is not repeated
    assert desk.marks()[1] == ("present", 180, "paper")
    with inside("north"):
        assert FieldEvent.objects.filter(body__contains='"reason":"第二行看错"').count() == 1


def test_a_mark_is_not_unsaid_by_a_correction(desk):
    desk.enters()
    answer = desk.enters(("none", "late", "absent"), "?correct=1", reason="没填")
    assert "不能改为未填" in desk.faults(answer)


def test_a_second_sheet_of_the_session_is_refused_once_one_is_entered(desk):
    with inside("north"):
        other = paper.print_sheet(desk.session, User.objects.get(username="clerk"))
    desk.enters()
    answer = desk.clerk.post(f"/desk/paper/{other.code}/", desk.typed())
    assert desk.sheet.shown_code in desk.faults(answer)


def test_a_session_to_come_has_no_sheet_to_enter(desk):
    with inside("north"):
        type(desk.session).objects.update(held_on=timezone.localdate() + timezone.timedelta(days=1))
    assert "还没有上" in desk.faults(desk.enters())


def test_people_who_enrolled_after_the_print_are_named_and_may_be_added(desk):
    with inside("north"):
        opened = desk.session.training_class
        roster = workbook([("后来的人", ids(1, seed=9)[0])])
        confirm_import(upload_roster(opened, "r.xlsx", roster, None))
        later = opened.enrolments.latest("pk").pk
    page = desk.clerk.get(desk.address).content.decode()
    assert "又有 1 人报名" in page
    assert "后来的人" in page
    sent = desk.typed() | {f"mark-{later}": "present"}
    for key in ("present", "headcount"):
        for time in ("first", "second"):
            sent[f"{time}-{key}"] += 1
    assert desk.clerk.post(desk.address, sent).status_code == 302
    assert desk.marks()[3] == ("present", 180, "paper")


def test_paper_is_grade_c_until_somebody_else_vouches_for_it(desk):
    desk.enters()
    assert desk.grade() == "C"
    refused = desk.vouches("clerk")
    assert "录入的人不能复核" in refused.content.decode()
    assert desk.grade() == "C"
    assert desk.vouches("manager").status_code == 302
    assert desk.grade() == "B"
    desk.enters(("present", "present", "absent"), "?correct=1", reason="看错")
    assert desk.grade() == "C"
    assert desk.again().countersigned_id is None


def test_whoever_taught_does_not_vouch_though_he_typed_nothing(desk):
    with inside("north"):
        manager = User.objects.get(username="manager").pk
    desk.enters(taught_by=manager)
    assert "上课的教师不能复核" in desk.vouches("manager").content.decode()
    assert desk.grade() == "C"


def test_whoever_taught_does_not_review_though_he_typed_nothing(desk):
    with inside("north"):
        manager = User.objects.get(username="manager")
    desk.enters(taught_by=manager.pk)
    address = f"/desk/sessions/{desk.session.pk}/review/"
    assert "您记录了这次课的考勤" in desk.visit("north", "manager").get(address).content.decode()
    with inside("north"):
        with pytest.raises(ValidationError, match="whoever recorded"):
            review_session(desk.session, "accepted", manager)
        with pytest.raises(ValidationError, match="whoever recorded"):
            decide_mark(desk.session, desk.people[0], "absent", 0, "查过", manager)
        assert SessionLog.objects.get(session=desk.session).review == "waiting"


def test_what_does_not_agree_is_written_down_and_shown_to_whoever_typed_it(desk):
    desk.enters()
    assert "写明" in desk.vouches(verdict="differs").content.decode()
    assert desk.vouches(verdict="differs", reason="03 行纸上是请假").status_code == 302
    assert "03 行纸上是请假" in desk.clerk.get(desk.address).content.decode()
    assert "复核不一致" in desk.clerk.get("/desk/paper/").content.decode()
    assert desk.grade() == "C"


def test_nobody_vouches_for_an_entry_that_was_corrected_meanwhile_or_twice(desk):
    desk.enters()
    assert "重新核对" in desk.vouches(seen="00").content.decode()
    desk.vouches()
    count = desk.events()
    assert "已经复核过" in desk.vouches().content.decode()
    assert desk.events() == count


@pytest.mark.parametrize(
    ("role", "entry", "vouch"),
    [("clerk", 200, 200), ("manager", 200, 302), ("trainer", 200, 403), ("examiner", 403, 403)],
)
def test_who_may_type_and_who_may_vouch(desk, role, entry, vouch):
    assert desk.visit("north", role).get(desk.address).status_code == entry
    assert desk.visit("north", role).get("/desk/paper/").status_code == entry
    desk.enters()
    assert desk.vouches(role).status_code == vouch
    assert desk.visit("north").get(desk.address).status_code == 302


def test_a_sheet_of_another_base_is_not_found(desk):
    desk.enters()
    manager = desk.visit("south", "manager")
    for path in ("", "print/", "photo.jpg"):
        assert manager.get(desk.address + path).status_code == 404
    assert manager.post(f"{desk.address}countersign/", {}).status_code == 404
    assert manager.post(desk.address, desk.typed()).status_code == 404
    assert manager.post("/desk/sessions/999/paper/").status_code == 404


def test_phone_and_paper_that_differ_are_disputed(desk, line):
    phone = line.enrol()
    phone.mark(desk.session.pk, desk.people[0], "absent", 0)
    line.send(phone)
    desk.enters()
    with inside("north"):
        row = Attendance.objects.get(session=desk.session, enrolment=desk.people[0])
        assert row.why == ["devices_disagree"]


def test_the_totals_of_the_page_are_those_of_the_rules():
    assert set(counted([])) == set(TOTALS)


def test_a_photo_is_sent_and_never_named(desk):
    """Else a form could show any file of the base as if it were the sheet's."""
    answer = desk.enters(photo="ab" * 32)
    assert "照片" in desk.faults(answer)
    assert desk.clerk.get(f"{desk.address}photo.jpg?draft=1").status_code == 404


def test_two_people_who_enter_a_sheet_at_the_same_moment_enter_it_once(committed):
    with inside("north"):
        session = a_class(people=3).sessions.first()
        clerk = User.objects.get(username="clerk")
        sheet = paper.print_sheet(session, clerk)
        rows = [
            Row(line.enrolment.pk, line.code, line.enrolment.trainee.name, "present")
            for line in paper.lines(sheet)
        ]
        totals = {key: str(count) for key, count in counted(rows).items()}
        entry = paper.Entry(rows, totals, totals, clerk, blobs.keep(picture().read()))
    ready = threading.Barrier(2)

    def enter(_number):
        try:
            with inside("north"):
                ready.wait(20)
                paper.enter(sheet, entry, clerk)
        except ValidationError as error:
            return error.messages
        finally:
            connection.close()
        return []

    with ThreadPoolExecutor(2) as pool:
        faults = sorted(pool.map(enter, range(2)))
    assert faults[0] == []
    assert len(faults[1]) == 1
    with inside("north"):
        assert FieldEvent.objects.count() == 4
