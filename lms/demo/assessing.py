"""Assessment in the demo: a bank for two trades, papers, a checklist, and sittings in every state."""

import csv
import hashlib
import io
import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone
from PIL import Image, ImageDraw

from courses.assessing import sheet
from courses.assessing.models import (
    Appeal,
    Attempt,
    Blueprint,
    BlueprintLine,
    Checklist,
    ChecklistItem,
    Question,
    Sitting,
)
from courses.assessing.services import appeals, bank, hold, practice, sit
from courses.assessing.services.plan import NewSitting, make_sitting
from courses.models import Project, TrainingClass
from lms.demo import facts
from tenants.staff.models import User

TRADES = ("sewing", "computer")
#: (kind, topic, count, points): 20 questions, 46 points.
LINES = (("judge", "", 7, 2), ("single", "", 9, 2), ("multiple", "", 4, None))
CHECKLISTS = {
    "sewing": (
        ("穿线、绕底线正确，试缝线迹平整", 15, False),
        ("按规程用电、用针，离机断电", 10, True),
        ("缝份均匀，直线顺直", 20, False),
        ("上领左右对称，领角尖", 20, False),
        ("上袖圆顺，吃势均匀", 20, False),
        ("整烫平服，无烫痕极光", 15, False),
    ),
    "computer": (
        ("三分钟录入 60 字以上，错字不超过 3 个", 20, False),
        ("按样张排版：标题、段落、页码", 25, False),
        ("表格求和、排序正确", 25, False),
        ("商品上架：标题、主图、价格、库存齐全", 20, False),
        ("不泄露账号密码，用完退出登录", 10, True),
    ),
}
PICTURES = {
    "sewing": "三种线迹示意：图 1 是直线，图 2 是绕过布边的锯齿形线迹，图 3 是两条平行直线",
    "computer": "一张表格：A2 到 A4 是三种货物名，B2 到 B4 是数量 12、30、8，A5 写着合计，B5 空着",
}


def build_bank() -> None:
    """Questions by the same way that a clerk's sheet takes, one of each trade with a picture."""
    for code in TRADES:
        project = Project.objects.get(code=code)
        with (facts.HERE / f"questions-{code}.csv").open(encoding="utf-8", newline="") as file:
            rows = sheet.read(list(csv.reader(file)), project.trade)
        bank.take_in(row.question for row in rows)
        shown = Question.objects.get(trade=project.trade, text__startswith="看下图")
        shown.picture = bank.keep_picture(_drawn(code))
        shown.picture_alt = PICTURES[code]
        shown.save()
        blueprint = Blueprint.objects.create(project=project, name="结业理论卷", minutes=45)
        for place, (kind, topic, count, points) in enumerate(LINES):
            BlueprintLine.objects.create(
                blueprint=blueprint,
                sort_order=place,
                kind=kind,
                topic=topic,
                count=count,
                points=points,
            )
        checklist = Checklist.objects.create(project=project, name="结业实操评分表")
        for place, (title, points, critical) in enumerate(CHECKLISTS[code]):
            ChecklistItem.objects.create(
                checklist=checklist,
                sort_order=place,
                title=title,
                points=points,
                critical=critical,
            )


def _drawn(code: str) -> bytes:
    picture = Image.new("RGB", (640, 300), "white")
    pen = ImageDraw.Draw(picture)
    if code == "sewing":
        for n, x in enumerate((60, 260, 460)):
            pen.rectangle((x, 40, x + 120, 220), outline="black", width=3)
            pen.text((x + 50, 240), str(n + 1), fill="black", font_size=36)
        pen.line((120, 50, 120, 210), fill="#9e1b1e", width=4)
        zigzag = [(250 if n % 2 else 285, 50 + 16 * n) for n in range(11)]
        pen.line(zigzag, fill="#9e1b1e", width=4)
        pen.line((500, 50, 500, 210), fill="#9e1b1e", width=4)
        pen.line((540, 50, 540, 210), fill="#9e1b1e", width=4)
    else:
        words: tuple[tuple[str, ...], ...] = (
            ("", "A", "B"),
            ("1", "-", "-"),
            ("2", "x", "12"),
            ("3", "y", "30"),
        )
        words += (("4", "z", "8"), ("5", "=", "?"))
        for row, cells in enumerate(words):
            for column, text in enumerate(cells):
                left, top = 60 + 170 * column, 20 + 44 * row
                pen.rectangle((left, top, left + 170, top + 44), outline="black", width=2)
                pen.text((left + 70, top + 6), text, fill="black", font_size=28)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def sittings(running: TrainingClass, draw: random.Random) -> None:
    """A class half through its assessment: theory closed, open and planned, practice under way."""
    clerk, examiner = _user("clerk"), _user("examiner")
    people = list(running.enrolments.order_by("pk").values_list("pk", flat=True))
    today = timezone.localdate()
    blueprint = Blueprint.objects.get(project=running.project)
    theory = NewSitting("theory", "phone", today, [examiner], blueprint=blueprint)

    def made(**wanted: object) -> Sitting:
        fields = {**vars(theory), **wanted}
        return make_sitting(running, NewSitting(**fields), clerk)  # type: ignore[arg-type]

    closed = made(enrolments=people[:10], held_on=today - timedelta(days=1), seed=_seed("closed"))
    _sat(hold.open_sitting(closed, examiner), draw, people[:9])
    cheat = closed.attempts.get(enrolment=people[8])
    hold.void(closed, cheat.pk, "携带写有答案的纸条", examiner)
    hold.close(closed, 1, examiner)
    _appealed(closed, clerk)
    running_now = made(enrolments=people[10:20], seed=_seed("open"))
    hold.open_sitting(running_now, examiner)
    _sat(running_now, draw, people[10:15], handed_in=2)
    made(how="paper", enrolments=people[20:], seed=_seed("paper"))
    _practice(running, draw, people)


def _seed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _sat(one: Sitting, draw: random.Random, people: list[int], handed_in: int = 99) -> None:
    """They answer most questions right; the first of them hand in."""
    for place, attempt in enumerate(one.attempts.filter(enrolment__in=people)):
        door = sit.enter(attempt)
        attempt = sit.begin(attempt.pk, door)
        skill = draw.choice((0.55, 0.75, 0.85, 0.95))
        chosen = {}
        for line in sit.lines(attempt):
            version = line.question.version
            wrong = draw.choice([kept for _shown, kept, _words in line.options])
            chosen[line.question.pk] = version.answer if draw.random() < skill else wrong
        if place >= handed_in:
            chosen = dict(list(chosen.items())[: 6 + 4 * place])
        sit.save(attempt.pk, door, chosen)
        if place < handed_in:
            sit.hand_in(attempt.pk, door)


def _appealed(closed: Sitting, clerk: User) -> None:
    """One that waits for the manager, one that is decided."""
    done = list(closed.attempts.filter(state=Attempt.State.DONE).order_by("pk"))
    appeals.appeal(done[0], "多选第 3 题我选的和书上一样，请复核。")
    known: Appeal = appeals.appeal(done[1], "提交时手机卡住，有一题没有存上。", clerk)
    score = known.result.score
    better = min(score + Decimal("2.0"), Decimal(100)) if score < 100 else None
    appeals.decide(known, better, "查到断网记录，补计该题。", _user("manager"))


def _practice(running: TrainingClass, draw: random.Random, people: list[int]) -> None:
    """Two examiners look apart: some are done, one waits for the second, one for a third look."""
    checklist = Checklist.objects.get(project=running.project)
    both = [_user("examiner"), _user("manager")]
    wanted = NewSitting(
        "practice",
        "checklist",
        timezone.localdate(),
        both,
        checklist=checklist,
        enrolments=people[:12],
    )
    one = hold.open_sitting(make_sitting(running, wanted, _user("clerk")), both[0])
    items = one.checklist
    for place, attempt in enumerate(one.attempts.all()[:6]):
        for turn, examiner in enumerate(both):
            share = 0.55 if place == 4 and turn else draw.uniform(0.75, 0.95)
            if place == 5 and turn:
                continue
            points = [round(item.points * share) for item in items]
            practice.look(one, attempt.pk, points, [], "", examiner)
