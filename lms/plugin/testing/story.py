"""What a class has behind it before a certificate: for tests that begin where it ends."""

import io
import random
from datetime import time, timedelta
from decimal import Decimal

from django.utils import timezone
from openpyxl import Workbook

from courses.fieldlog.services.review import accept_all
from courses.models import Project, TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.attendance import MarkEntry, record_sessions
from courses.services.classes import PlannedSession, open_class, set_class_state
from courses.services.roster import confirm_import, upload_roster
from lms.demo.people import invented_id
from tenants.models import Division
from tenants.staff.models import User


def ids(count, seed=1):
    draw, used = random.Random(seed), set()
    return [invented_id("222403", draw, used) for _ in range(count)]


def workbook(people, header=("姓名", "身份证号码")):
    """A roster of (name, resident ID) pairs."""
    book = Workbook()
    for row in (header, *people):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def a_class(code="T-01", people=3, seed=1, days_ago=20):
    """A class of the sewing project with two sessions and `people` trainees, in session; one that is still
    to come (`days_ago` below 0) is open.
    """
    starts = timezone.localdate() - timedelta(days=days_ago)
    opened = open_class(
        project=Project.objects.get(code="sewing"),
        code=code,
        starts_on=starts,
        ends_on=starts + timedelta(days=1),
        village=Division.objects.filter(level="village", code__startswith="222403").first(),
        place="村部",
        trainer=User.objects.get(username="trainer"),
        sessions=[
            PlannedSession(starts, time(8, 30), "theory", 180),
            PlannedSession(starts + timedelta(days=1), time(8, 30), "practice", 180),
        ],
        opened_on=timezone.localdate(),
    )
    roster = workbook([(f"学员{n}", number) for n, number in enumerate(ids(people, seed), 1)])
    confirm_import(upload_roster(opened, "r.xlsx", roster, None))
    if days_ago >= 0:
        set_class_state(opened, TrainingClass.State.IN_SESSION)
    return opened


def begun(training_class):
    """The class on its first day, which is brought forward to today when it is still to come."""
    today = timezone.localdate()
    TrainingClass.objects.filter(pk=training_class.pk, starts_on__gt=today).update(starts_on=today)
    set_class_state(training_class, TrainingClass.State.IN_SESSION)


def taught(training_class, marks=None, reviewed=True):
    """Everybody present, but `marks`: {index: (mark, minutes)} in every session. The manager
    accepts the log of each session.
    """
    trainer = User.objects.get(username="trainer")
    people = list(training_class.enrolments.on_roll().order_by("id"))
    told = [
        (
            session,
            [
                MarkEntry(e.pk, *(marks or {}).get(n, ("present", session.minutes)))
                for n, e in enumerate(people)
            ],
        )
        for session in training_class.sessions.all()
    ]
    record_sessions(told, trainer)
    if reviewed:
        accept_all(training_class.pk, User.objects.get(username="manager"))


def assessed(training_class, scores=None):
    """Everybody 80 and 80, but `scores`: {index: (theory, practice)}."""
    examiner = User.objects.get(username="examiner")
    entries = {
        e.pk: ScoreEntry(*(Decimal(s) for s in (scores or {}).get(n, ("80", "80"))))
        for n, e in enumerate(training_class.enrolments.on_roll().order_by("id"))
    }
    enter_scores(training_class, entries, training_class.ends_on, examiner)


def finished(code="T-01", people=3, seed=1, marks=None, scores=None, days_ago=20):
    found = a_class(code, people, seed, days_ago)
    taught(found, marks)
    assessed(found, scores)
    set_class_state(found, TrainingClass.State.FINISHED)
    return found
