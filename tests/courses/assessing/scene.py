"""A class in session with a bank of questions, a blueprint of ten and a checklist."""

from datetime import date
from decimal import Decimal

from django.utils import timezone

from courses.assessing.models import (
    Blueprint,
    BlueprintLine,
    Checklist,
    ChecklistItem,
    Question,
)
from courses.assessing.services import hold, sit
from courses.assessing.services.plan import NewSitting, make_sitting
from courses.models import Project
from tenants.staff.models import User
from tests.story import a_class


def user(name):
    return User.objects.get(username=name)


def a_bank(project=None, each=6):
    """`each` questions of every kind; A is right, AB of several."""
    project = project or Project.objects.get(code="sewing")
    made = []
    for kind, answer in (("single", "A"), ("multiple", "AB"), ("judge", "A")):
        for n in range(each):
            options = {} if kind == "judge" else {
                f"option_{letter}": f"{kind} {n} {letter}" for letter in "abcd"
            }  # fmt: skip
            made.append(
                Question(
                    trade=project.trade,
                    kind=kind,
                    text=f"{kind} 题 {n}",
                    answer=answer,
                    topic="安全" if n % 2 else "工艺",
                    **options,
                )
            )
    return Question.objects.bulk_create(made)


def a_blueprint(project=None, minutes=30, lines=(("single", 4), ("multiple", 3), ("judge", 3))):
    found = Blueprint.objects.create(
        project=project or Project.objects.get(code="sewing"), name="结业卷", minutes=minutes
    )
    for place, (kind, count) in enumerate(lines):
        BlueprintLine.objects.create(
            blueprint=found, kind=kind, count=count, points=10, sort_order=place
        )
    return found


def a_checklist(project=None):
    found = Checklist.objects.create(
        project=project or Project.objects.get(code="sewing"), name="实操"
    )
    for place, (title, points, critical) in enumerate(
        (("穿线", 40, False), ("安全", 20, True), ("成衣", 40, False))
    ):
        ChecklistItem.objects.create(
            checklist=found, title=title, points=points, critical=critical, sort_order=place
        )
    return found


def a_sitting(one=None, how="phone", opened=True, people=None, on=None, **more):
    """Theory of `one`, before the examiner."""
    one = one or a_class()
    blueprint = Blueprint.objects.first()
    if blueprint is None and how in ("phone", "paper"):
        a_bank()
        blueprint = a_blueprint()
    wanted = NewSitting(
        part=more.pop("part", "theory"),
        how=how,
        held_on=on or timezone.localdate(),
        examiners=more.pop("examiners", [user("examiner")]),
        blueprint=blueprint if how in ("phone", "paper") else None,
        enrolments=people,
        **more,
    )
    made = make_sitting(one, wanted, user("clerk"))
    if not opened:
        return made
    return hold.open_sitting(made, made.examiners.first().user)


def a_practice(one, examiners=("examiner",), people=None):
    return a_sitting(
        one,
        how="checklist",
        part="practice",
        examiners=[user(name) for name in examiners],
        checklist=Checklist.objects.first() or a_checklist(),
        people=people,
    )


def right(attempt, wrong=0):
    """By question: the right answers, but of the first `wrong` lines."""
    found = {}
    for line in sit.lines(attempt):
        version = line.question.version
        answer = version.answer
        if line.number <= wrong:
            answer = "B" if answer == "A" else "C"
        found[line.question.pk] = answer
    return found


def sat(attempt, wrong=0):
    """Comes in, answers, hands in."""
    door = sit.enter(attempt)
    begun = sit.begin(attempt.pk, door)
    sit.save(attempt.pk, door, right(begun, wrong))
    sit.hand_in(attempt.pk, door)
    attempt.refresh_from_db()
    return attempt


def closed(sitting):
    return hold.close(sitting, len(hold.unfinished(sitting)), sitting.examiners.first().user)


def scores_of(one):
    from courses.services.assessment import latest_scores

    return {pk: (row.theory, row.practice) for pk, row in latest_scores(one).items()}


def day(text):
    return date.fromisoformat(text)


ZERO, FULL = Decimal("0.0"), Decimal("100.0")
