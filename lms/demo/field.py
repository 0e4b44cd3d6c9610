"""A class out in a village: two phones, one of them with gaps, a paper sheet, and days without a log."""

import hashlib
import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from courses.fieldlog.models import Device, PaperSheet
from courses.fieldlog.rules.paper import NONE, TOTALS, Row, counted
from courses.fieldlog.services import blobs, paper
from courses.fieldlog.services.lag import publish
from courses.fieldlog.services.paper import Entry, lines
from courses.fieldlog.services.project import read_pending
from courses.models import Enrolment, TrainingClass, VillageSession
from lms.demo.designations import picture
from lms.demo.phone import Phone
from tenants.staff.models import User

#: Days ago: what is before was recorded at the desk; then by phone, on paper, and not at all.
BY_PHONE, ON_PAPER = 4, 3


def out_in_the_village(running: TrainingClass, draw: random.Random) -> None:
    trainer, clerk = (User.objects.get(username=name) for name in ("trainer", "clerk"))
    today = timezone.localdate()
    held = running.sessions.filter(held_on=today - timedelta(days=BY_PHONE)).order_by("number")
    on_paper = running.sessions.filter(held_on=today - timedelta(days=ON_PAPER)).order_by("number")
    first = held.first()
    if first is None:
        return
    phone = Phone(trainer, clerk, "教师手机", _start(first))
    for session in held:
        _teach(phone, session, draw)
    silent = _silent_phone(trainer, clerk)
    lost: dict[str, Any] = {"device": str(silent.device.uuid), "from": 8, "to": 9}
    phone.say("loss", **lost, reason="浏览器清除了存储")
    phone.sends()
    phone.sends_file(*_photo("村部活动室"))
    read_pending()
    for place, session in enumerate(on_paper):
        sheet = paper.print_sheet(session, clerk)
        if place == 0:
            paper.enter(sheet, _typed(sheet, draw, trainer), clerk)
    publish()


def _start(session: VillageSession) -> datetime:
    return timezone.make_aware(datetime.combine(session.held_on, session.starts_at))


def _photo(text: str) -> tuple[str, bytes]:
    content = picture(text)
    return hashlib.sha256(content).hexdigest(), content


def _teach(phone: Phone, session: VillageSession, draw: random.Random) -> None:
    """A session as the app writes it: opened with a photo, everybody called, closed."""
    phone.now = _start(session)
    photo, _content = _photo("村部活动室")
    place = session.training_class.place
    phone.say(
        "session_opened", [photo], session=session.pk, place=place, photo=photo, position=None
    )
    here = 0
    for person in session.training_class.enrolments.on_roll().order_by("pk"):
        phone.now += timedelta(seconds=draw.randrange(2, 9))
        mark, minutes = _seen(session.minutes, draw)
        here += minutes > 0
        phone.say(
            "mark",
            session=session.pk,
            person={"enrolment": person.pk},
            mark=mark,
            minutes=minutes,
            how=draw.choice(["tap", "tap", "card"]),
        )
    phone.now = _start(session) + timedelta(minutes=session.minutes)
    phone.closes(session.pk, here, session.minutes)


def _seen(planned: int, draw: random.Random) -> tuple[str, int]:
    chance = draw.random()
    if chance < 0.05:
        return "absent", 0
    return ("late", planned - draw.randrange(10, 40)) if chance < 0.1 else ("present", planned)


def _silent_phone(trainer: User, clerk: User) -> Phone:
    """It said that it has written nine; five has not come, the last two are lost, and it is silent."""
    phone = Phone(trainer, clerk, "旧手机", timezone.now() - timedelta(days=6))
    for number in range(1, 10):
        phone.say("note", session=None, text=f"路上第 {number} 条备注")
    phone.sends(without=(5, 8, 9))
    Device.objects.filter(pk=phone.device.pk).update(
        last_contact_at=timezone.now() - timedelta(days=5)
    )
    return phone


def _typed(sheet: PaperSheet, draw: random.Random, trainer: User) -> Entry:
    planned = sheet.session.minutes
    rows = [_row(line.enrolment, line.code, planned, draw) for line in lines(sheet)]
    totals = {key: str(count) for key, count in counted(rows).items()}
    assert set(totals) == set(TOTALS)
    photo = blobs.keep(picture(f"考勤名单 {sheet.shown_code}"))
    return Entry(rows, totals, totals, trainer, photo)


def _row(person: Enrolment, code: str, planned: int, draw: random.Random) -> Row:
    mark, minutes = _seen(planned, draw)
    if draw.random() < 0.03:
        mark = NONE
    return Row(person.pk, code, person.trainee.name, mark, str(minutes))
