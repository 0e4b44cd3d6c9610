"""What goes of applications when their time is over; `courses.retention` asks and carries it out."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from courses.applying.models import CourseApplication

#: Years that an application is kept which has led into no class: what people agreed to says so.
YEARS = 1
State = CourseApplication.State


def applications_due(over: Collection[int], today: date) -> list[int]:
    """Those accepted into the classes `over`, and those that came to nothing more than a year ago."""
    try:
        day = today.replace(year=today.year - YEARS)
    except ValueError:  # 29 February
        day = date(today.year - YEARS, 2, 28)
    before = timezone.make_aware(datetime.combine(day, time.min))
    rows = CourseApplication.objects.exclude(id_sealed=b"").annotate(
        last=Coalesce("decided_at", "sent_at")
    )
    accepted = Q(state=State.ACCEPTED, placed_in__in=over)
    nothing = ~Q(state=State.ACCEPTED) & Q(last__lt=before)
    return list(rows.filter(accepted | nothing).order_by("pk").values_list("pk", flat=True))


def names_of(keys: Sequence[int]) -> list[str]:
    rows = CourseApplication.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.values_list("name", flat=True))


def forget_applications(keys: Sequence[int]) -> None:
    """The row stays, for the count; nobody can be found by it."""
    CourseApplication.objects.filter(pk__in=keys).update(
        name="—", id_sealed=b"", id_digest=b"", id_last4="", phone="", village=None, note=""
    )
