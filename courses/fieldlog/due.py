"""What of the field log waits: sessions without one, paper, what nobody can read, what to review."""

from datetime import date, timedelta

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models import PaperSheet, Reading, SessionLog
from courses.fieldlog.rules.lag import SESSION_WARN
from courses.fieldlog.services.lag import without_log
from tenants.due import Day, Due, Waiting, counted
from tenants.staff.models import User

#: Days for which an event that says nothing is news: it stays in the log, and nobody can mend it there.
NEWS = 14


def _own_sessions(user: User, today: date) -> Waiting:
    """Sessions that this person teaches, today's too; the way leads to the first of them."""
    rows = without_log().filter(held_on__lte=today, training_class__trainer=user)
    first = rows.annotate(all=Window(Count("pk"))).values_list("pk", "held_on", "all").first()
    if first is None:
        return Waiting(0)
    pk, held_on, count = first
    return Waiting(count, held_on, reverse("session_attendance", args=[pk]))


def _late_sessions(user: User, today: date) -> Waiting:
    return counted(
        without_log().filter(held_on__lte=today - timedelta(days=SESSION_WARN)), "held_on"
    )


def _half_typed(user: User, today: date) -> Waiting:
    return counted(PaperSheet.objects.exclude(draft={}), "draft_at")


def _to_compare(user: User, today: date) -> Waiting:
    """Sheets that somebody else has typed and taught."""
    rows = PaperSheet.objects.filter(entered__isnull=False, countersigned__isnull=True)
    rows = rows.filter(objection="").exclude(entered__by=user).exclude(taught_by=user)
    return counted(rows, "entered__received_at")


def _unreadable(user: User, today: date) -> Waiting:
    since = timezone.now() - timedelta(days=NEWS)
    rows = Reading.objects.exclude(fault="").filter(event__received_at__gte=since)
    return counted(rows, "event__received_at")


def _to_review(user: User, today: date) -> Waiting:
    rows = SessionLog.objects.filter(marked__gt=0).exclude(review=SessionLog.Review.ACCEPTED)
    return counted(rows, "session__held_on")


MANAGES, REVIEWS = "fieldlog.manage_device", "fieldlog.review_attendance"
AT_BASE = (
    Due(
        "own_sessions",
        _("我的课待记考勤"),
        ("courses.record_attendance",),
        _own_sessions,
        "calendar",
        day=Day.BY,
    ),
    Due(
        "sessions",
        _("没有考勤记录的课次"),
        (MANAGES, REVIEWS),
        _late_sessions,
        "field_lag",
        day=Day.BY,
    ),
    Due(
        "paper_typing",
        _("纸质名单录了一半"),
        ("fieldlog.enter_paper",),
        _half_typed,
        "paper_list",
    ),
    Due(
        "paper_comparing",
        _("纸质名单待您复核"),
        ("fieldlog.countersign_paper",),
        _to_compare,
        "paper_list",
    ),
    Due("unreadable", _("新到的读不出的记录"), (MANAGES,), _unreadable, "unreadable"),
    Due("reviews", _("考勤待审核"), (REVIEWS,), _to_review, "review_queue"),
)
