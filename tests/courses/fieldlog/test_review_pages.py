"""What a supervisor sees and does on the pages of the review, and who does not get there."""

import hashlib
import io
import re
import uuid

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from PIL import Image
from stdnum.cn.ric import calc_check_digit

from courses.fieldlog.models import SessionLog, VillagePlace
from courses.fieldlog.services.project import read_pending
from courses.models import Attendance, Enrolment
from lms.plugin.testing import inside
from tests.counting import statements
from tests.story import a_class, ids, taught

PAGES = ["/desk/review/", "/desk/sessions/{}/review/", "/desk/unreadable/"]


@pytest.fixture
def session(line):
    with inside("north"):
        return a_class(people=3).sessions.first()


@pytest.fixture
def people(session):
    with inside("north"):
        return list(session.training_class.enrolments.order_by("id").values_list("pk", flat=True))


def picture(colour="navy"):
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    Image.new("RGB", (640, 480), colour).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def photographed(line, phone, session, content):
    """The phone names a photo, and sends it."""
    name = hashlib.sha256(content).hexdigest()
    phone.say("photo", [name], session=session.pk, image=name, note="教室")
    line.send(phone)
    line.ask("PUT", f"blobs/{name}", content)
    return name


def taught_by(line, phone, session, people, marks=("present", "present", "absent")):
    phone.opens(session.pk, position={"lat": 42.9, "lon": 129.5, "accuracy": 40})
    for person, mark in zip(people, marks, strict=True):
        phone.mark(session.pk, person, mark, 180 if mark == "present" else 0)
    phone.closes(session.pk, sum(mark == "present" for mark in marks))
    line.send(phone)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def digest_on(answer):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', answer.content.decode())[1]


def log_of(session):
    with inside("north"):
        read_pending()
        return SessionLog.objects.get(session=session)


@pytest.mark.parametrize("role", ["trainer", "examiner", "clerk"])
def test_whoever_may_not_review_gets_no_page_of_it(visit, session, role):
    browser = visit("north", role)
    assert browser.get("/desk/review/").status_code == 403
    for path in ("review", "verdict", "decide/1", "walk-ins/1", "pictures/x.jpg"):
        address = f"/desk/sessions/{session.pk}/{path}{'' if path.endswith('.jpg') else '/'}"
        answer = (
            browser.get(address) if path in ("review", "pictures/x.jpg") else browser.post(address)
        )
        assert answer.status_code == 403, path


def test_a_stranger_is_asked_to_sign_in(visit, session):
    for path in PAGES:
        assert "/login/" in visit("north").get(path.format(session.pk))["Location"]


@pytest.mark.parametrize(("role", "status"), [("clerk", 200), ("manager", 200), ("trainer", 403)])
def test_unreadable_events_are_for_those_who_manage_phones(visit, line, role, status):
    assert visit("north", role).get("/desk/unreadable/").status_code == status


def test_another_base_finds_nothing_of_it(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    name = photographed(line, phone, session, picture())
    south = visit("south", "manager")
    for path in ("review/", f"pictures/{name}.jpg"):
        assert south.get(f"/desk/sessions/{session.pk}/{path}").status_code == 404
    assert south.post(f"/desk/sessions/{session.pk}/verdict/").status_code == 404
    assert "T-01" not in text(south.get("/desk/review/"))
    assert visit("centre", "director").get("/desk/review/").status_code == 404


def test_the_queue_shows_by_class_what_waits_with_grade_and_flags(
    visit, line, phone, session, people
):
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    page = text(manager.get("/desk/review/"))
    assert "T-01" in page and "待审核" in page and "没有现场照片" in page
    assert "1 考勤待审核" in text(manager.get("/desk/"))
    none = manager.get("/desk/review/?class=T-02").content.decode()
    assert "T-01" not in re.search(r"<tbody>.*</tbody>", none, re.DOTALL)[0]
    book = load_workbook(io.BytesIO(manager.get("/desk/review/?format=xlsx").content))
    assert [cell.value for cell in book.active[2]][:2] == ["T-01", 1]


def test_the_queue_says_what_a_grade_rests_on_beside_the_questions(visit, session):
    with inside("north"):
        taught(session.training_class, reviewed=False)
    manager = visit("north", "manager")
    rests = "有人的考勤由办公端补记或裁定"
    assert rests in text(manager.get("/desk/review/"))
    book = load_workbook(io.BytesIO(manager.get("/desk/review/?format=xlsx").content))
    assert rests in [cell.value for cell in book.active[2]][-1]


def test_the_file_of_a_session_shows_who_said_what_and_when(visit, line, phone, session, people):
    with inside("north"):
        village = session.training_class.village
        VillagePlace.objects.create(village=village, lat=42.91, lon=129.51, said_by="测试")
    taught_by(line, phone, session, people)
    answer = visit("north", "manager").get(f"/desk/sessions/{session.pk}/review/")
    page = text(answer)
    assert "开课" in page and "关课" in page and "村部" in page
    assert page.count("旧手机 · 手机 #") == 3
    assert "<svg" in answer.content.decode() and "距村" in page
    assert "± 40 m" in page


def test_the_file_of_a_session_asks_no_more_of_the_database_for_many_marks(
    visit, line, phone, session, people
):
    manager = visit("north", "manager")
    path = f"/desk/sessions/{session.pk}/review/"

    assert manager.get(path).status_code == 200

    def asked():
        with inside("north"):
            read_pending()
        return statements(lambda: manager.get(path))

    taught_by(line, phone, session, people)
    asked()  # what a first visit looks up once
    few = asked()
    for n in range(10):
        for person in people:
            phone.say(
                "mark", session=session.pk, person={"enrolment": person}, mark="late",
                minutes=100 + n, how="tap", reason="改",
            )  # fmt: skip
    line.send(phone)
    asked()  # a first look settles what a neighbouring base is asked about
    assert asked() <= few


def test_accepting_needs_the_digest_of_what_was_seen(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    address = f"/desk/sessions/{session.pk}/"
    seen = digest_on(manager.get(f"{address}review/"))
    phone.mark(session.pk, people[2], "present", 180, reason="后来到了")
    line.send(phone)
    answer = manager.post(
        f"{address}verdict/", {"verdict": "accepted", "digest": seen, "reason": "好"}, follow=True
    )
    assert "刚刚有变化" in text(answer)
    answer = manager.post(f"{address}verdict/", {"verdict": "accepted"}, follow=True)
    assert "刚刚有变化" in text(answer), "a form without it decides nothing"
    assert log_of(session).review == "waiting"
    seen = digest_on(manager.get(f"{address}review/"))
    manager.post(f"{address}verdict/", {"verdict": "accepted", "digest": seen, "reason": "已核实"})
    assert log_of(session).review == "accepted"
    assert "没有待审核的考勤" in text(manager.get("/desk/review/"))
    assert "已采信" in text(manager.get("/desk/classes/T-01/"))


def test_what_changes_after_a_review_comes_first_in_the_queue(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    address = f"/desk/sessions/{session.pk}/"
    seen = digest_on(manager.get(f"{address}review/"))
    manager.post(f"{address}verdict/", {"verdict": "accepted", "digest": seen, "reason": "已核实"})
    phone.mark(session.pk, people[2], "present", 180, reason="后来到了")
    line.send(phone)
    assert "1 次课审核后又有变化" in text(manager.get("/desk/review/"))
    assert "原审核不再有效" in text(manager.get(f"{address}review/"))


def test_a_dispute_needs_a_reason(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    address = f"/desk/sessions/{session.pk}/"
    seen = digest_on(manager.get(f"{address}review/"))
    sent = {"verdict": "disputed", "digest": seen}
    assert "写明争议原因" in text(manager.post(f"{address}verdict/", sent, follow=True))
    manager.post(f"{address}verdict/", sent | {"reason": "照片里没有人"})
    assert log_of(session).review == "disputed"


def test_a_disputed_mark_is_decided_with_a_reason_and_the_log_keeps_all_words(
    visit, line, phone, session, people
):
    other = line.enrol()
    taught_by(line, phone, session, people)
    other.mark(session.pk, people[0], "absent", 0)
    line.send(other)
    manager = visit("north", "manager")
    address = f"/desk/sessions/{session.pk}/"
    page = manager.get(f"{address}review/")
    assert "各方说法不一" in text(page)
    sent = {"mark": "present", "minutes": "", "digest": digest_on(page)}
    decide = f"{address}decide/{people[0]}/"
    assert "裁定依据" in text(manager.post(decide, sent, follow=True))
    answer = manager.post(decide, sent | {"reason": "照片中有此人"}, follow=True)
    assert "照片中有此人" in text(answer) and "各方说法不一" not in text(answer)
    with inside("north"):
        assert Attendance.objects.get(enrolment=people[0]).minutes == 180


def test_whoever_recorded_the_session_cannot_review_it(visit, line, session, people):
    phone = line.enrol(trainer="manager", all_classes=True)
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    page = manager.get(f"/desk/sessions/{session.pk}/review/")
    assert "请由他人审核" in text(page)
    sent = {"verdict": "accepted", "digest": bytes(log_of(session).digest).hex(), "reason": "x"}
    answer = manager.post(f"/desk/sessions/{session.pk}/verdict/", sent, follow=True)
    assert "不能审核同一次课" in text(answer)
    assert log_of(session).review == "waiting"


def test_a_photo_is_drawn_anew_and_kept_by_no_cache(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    name = photographed(line, phone, session, picture())
    missing = "f" * 64
    phone.say("photo", [missing], session=session.pk, image=missing, note="")
    line.send(phone)
    manager = visit("north", "manager")
    page = manager.get(f"/desk/sessions/{session.pk}/review/")
    assert "还有 1 张照片没有传到" in text(page)
    answer = manager.get(f"/desk/sessions/{session.pk}/pictures/{name}.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-store"
    assert b"SECRET-CAMERA" in picture() and b"SECRET-CAMERA" not in answer.content
    assert manager.get(f"/desk/sessions/{session.pk}/pictures/{missing}.jpg").status_code == 404


def test_a_photo_of_another_session_is_not_shown_under_this_one(
    visit, line, phone, session, people
):
    name = photographed(line, phone, session, picture())
    with inside("north"):
        other = session.training_class.sessions.last()
    assert visit("north", "manager").get(
        f"/desk/sessions/{other.pk}/pictures/{name}.jpg"
    ).status_code == 404  # fmt: skip


def walk_in(line, phone, session, number):
    name = str(uuid.uuid4())
    phone.say(
        "walk_in", session=session.pk, walk_in=name, name="李临时", id_number=number,
        phone="13800000000", village="",
    )  # fmt: skip
    phone.say(
        "mark", session=session.pk, person={"walk_in": name}, mark="present", minutes=180, how="tap",
        reason="",
    )  # fmt: skip
    line.send(phone)


def test_a_walk_in_is_enrolled_by_the_rules_of_a_roster_and_then_counts(
    visit, line, phone, session, people
):
    [number] = ids(1, seed=99)
    walk_in(line, phone, session, number)
    manager = visit("north", "manager")
    page = manager.get(f"/desk/sessions/{session.pk}/review/")
    assert "李临时" in text(page) and f"****{number[-4:]}" in text(page)
    assert number not in page.content.decode()
    [action] = re.findall(r'action="(/desk/sessions/\d+/walk-ins/\d+/)"', page.content.decode())
    answer = manager.post(action, follow=True)
    assert "已入班" in text(answer)
    with inside("north"):
        enrolment = Enrolment.objects.get(trainee__name="李临时")
        assert Attendance.objects.get(enrolment=enrolment).minutes == 180
        assert SessionLog.objects.get(session=session).walk_ins == 0


def test_a_walk_in_whom_the_rules_refuse_stays_waiting_with_the_reason(
    visit, line, phone, session, people
):
    child = "22240320200101001"
    walk_in(line, phone, session, child + calc_check_digit(child + "0"))
    manager = visit("north", "manager")
    page = manager.get(f"/desk/sessions/{session.pk}/review/").content.decode()
    [action] = re.findall(r'action="(/desk/sessions/\d+/walk-ins/\d+/)"', page)
    assert "16" in text(manager.post(action, follow=True))
    with inside("north"):
        assert not Enrolment.objects.filter(trainee__name="李临时").exists()
        assert SessionLog.objects.get(session=session).walk_ins == 1


def test_unreadable_and_quarantined_events_say_why_and_what_to_do(
    visit, line, phone, session, people
):
    phone.say("dance", session=session.pk)
    line.send(phone, [*phone.events, {"body": "no event", "sig": ""}])
    clerk = visit("north", "clerk")
    page = text(clerk.get("/desk/unreadable/"))
    assert "服务器不认识这类记录" in page and "不是考勤记录" in page
    assert "1 新到的读不出的记录" in text(clerk.get("/desk/"))
    book = load_workbook(io.BytesIO(clerk.get("/desk/unreadable/?format=xlsx").content))
    assert book.active.max_row == 3


def test_the_people_of_a_session_go_to_excel_with_every_claim(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    answer = visit("north", "manager").get(f"/desk/sessions/{session.pk}/review/?format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 4
    assert rows[1][2:5] == ("到课", 180, 180)
    assert [row[8] for row in rows[1:]] == ["点选", "点选", "点选"]


def test_how_a_mark_was_made_is_said_in_the_readers_language(visit, line, phone, session, people):
    phone.opens(session.pk)
    for person, how in zip(people, ("tap", "card", "all"), strict=True):
        phone.mark(session.pk, person, how=how)
    line.send(phone)
    log = log_of(session)
    manager = visit("north", "manager")
    path = f"/desk/sessions/{session.pk}/review/"
    sent = {"mark": "absent", "reason": "不在", "digest": bytes(log.digest).hex()}
    manager.post(f"/desk/sessions/{session.pk}/decide/{people[0]}/", sent)

    def hows():
        book = load_workbook(io.BytesIO(manager.get(f"{path}?format=xlsx").content))
        return {row[8] for row in list(book.active.values)[1:]}

    assert hows() == {"点选", "扫卡", "其余全到", "裁定"}
    assert "扫卡" in text(manager.get(path))
    manager.post(reverse("set_language"), {"language": "en"})
    assert hows() == {"by tap", "by card", "all others at once", "decision"}


def test_the_pages_speak_english(visit, line, phone, session, people):
    taught_by(line, phone, session, people)
    manager = visit("north", "manager")
    manager.post(reverse("set_language"), {"language": "en"})
    page = text(manager.get(f"/desk/sessions/{session.pk}/review/"))
    assert "trust grade" in page and "no photo" in page


def test_the_centre_sees_both_bases_of_a_clash_and_neither_base_sees_the_other(visit, line):
    for slug in ("north", "south"):
        with inside(slug):
            found = a_class(people=2, seed=31)
            taught(found, reviewed=False)
    page = text(visit("centre", "director").get("/desk/clashes/"))
    assert page.count("T-01 #1") == 2
    book = visit("centre", "director").get("/desk/clashes/?format=xlsx")
    assert load_workbook(io.BytesIO(book.content)).active.max_row == 3
    assert visit("centre", "officer").get("/desk/clashes/").status_code == 403
    assert visit("north", "manager").get("/desk/clashes/").status_code == 404
    with inside("south") as other:
        name = other.name
    with inside("north"):
        read_pending()
        session = SessionLog.objects.first().session_id
    page = text(visit("north", "manager").get(f"/desk/sessions/{session}/review/"))
    assert "学员同时在其他基地" in page
    assert name not in page
