"""Who waits for a class, who left it, and a township whose headings had to be explained."""

import io
from datetime import timedelta

from django.utils import timezone
from openpyxl import Workbook, load_workbook

from courses.intake.services.columns import say_columns, sender_named
from courses.intake.services.places import set_places, transfer, withdraw
from courses.intake.services.rosters import confirm, read_anew, take_in
from courses.models import TrainingClass
from courses.services.classes import open_class, proposed_plan
from lms.demo.people import roster
from tenants.models import Division
from tenants.staff.models import User

TOWNSHIP = "官地镇人社所"
HEADINGS = ["编号", "人员", "号码", "手机", "住址（村）"]
MEANS = {"name": 1, "resident_id": 2, "phone": 3}


def come_and_go(running: TrainingClass, villages: list[Division]) -> None:
    """In the sewing class that takes people: full, four wait, one has moved to the next class; from the
    running class two have gone to work.
    """
    clerk = User.objects.get(username="clerk")
    today = timezone.localdate()
    opened = TrainingClass.objects.filter(state="open", project__code="sewing").earliest("pk")
    set_places(opened, opened.enrolments.on_roll().count(), clerk)
    _from_the_township(opened, villages, clerk)
    people = list(opened.enrolments.on_roll().select_related("trainee").order_by("pk")[:2])
    transfer(people[0], _next_class(opened), "秋收未完，改上下一期", clerk)
    withdraw(people[1], "work", "经人介绍去延吉服装厂", today, clerk)
    leaving = running.enrolments.on_roll().order_by("-pk")
    for each, why, words in zip(leaving, ("work", "health"), ("去青岛务工", ""), strict=False):
        withdraw(each, why, words, today, clerk)


def _from_the_township(opened: TrainingClass, villages: list[Division], clerk: User) -> None:
    content = roster("报名表", 6, opened.pk * 7 + 5, villages[40:44])
    kept = take_in(opened, "官地镇报名.xlsx", _renamed(content), clerk, sender_named(TOWNSHIP))
    say_columns(kept, 1, MEANS, sender_named(TOWNSHIP), clerk)
    read_anew(kept, clerk)
    kept.refresh_from_db()
    confirm(kept, clerk)


def foreign_headings() -> bytes:
    """A sheet that nobody has explained, for the page on which a clerk does."""
    villages = Division.objects.filter(level="village").select_related("parent").order_by("code")
    return _renamed(roster("报名表", 9, 5, list(villages[:5])), ["次序", *HEADINGS[1:]])


def _renamed(content: bytes, headings: list[str] = HEADINGS) -> bytes:
    """The same people under headings of the township's own."""
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(min_row=3, values_only=True)
    book = Workbook()
    book.active.append(headings)
    for number, name, _sex, resident_id, phone, _township, village in rows:
        if isinstance(number, int):
            book.active.append([number, name, resident_id, phone, village])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _next_class(opened: TrainingClass) -> TrainingClass:
    starts = opened.ends_on + timedelta(days=14)
    ends = starts + (opened.ends_on - opened.starts_on)
    return open_class(
        project=opened.project,
        code=f"{opened.code[:-2]}21",
        starts_on=starts,
        ends_on=ends,
        village=opened.village,
        place=opened.place,
        trainer=opened.trainer,
        sessions=proposed_plan(opened.project, starts, ends),
        opened_on=timezone.localdate(),
    )
