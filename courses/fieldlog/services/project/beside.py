"""Which other sessions a session's marks and flags rest on: when one changes, these are settled too."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils import timezone

from courses.fieldlog.models import FieldEvent, Reading, SessionLog
from courses.fieldlog.services.project.claims import span_of
from courses.models import Attendance, VillageSession

DAY = timedelta(days=1)
TEACHING = ("session_opened", "mark")  # kinds that say who was there to teach
TAUGHT = Q(kind__in=TEACHING, event__device__isnull=False)


def near(session: VillageSession, start: datetime, end: datetime, path: str = "") -> Q:
    """Sessions that may lie at the time of this one, which was held from `start` to `end`: planned
    about its planned day or about the day when it was held, or held meanwhile. Of two sessions that
    overlap each finds the other. `path` leads from the model that is asked to its session.
    """
    first, last = timezone.localdate(start), timezone.localdate(end)
    return (
        Q(**{f"{path}held_on__range": (session.held_on - DAY, session.held_on + DAY)})
        | Q(**{f"{path}held_on__range": (first - DAY, last + DAY)})
        | Q(**{f"{path}log__opened_at__lt": end, f"{path}log__closed_at__gt": start})
    )


def neighbours(sessions: Collection[int]) -> set[int]:
    """Sessions that share with one of these a trainee, the class or a trainer at about the time, a
    phone within the class, or a file; some may be of these themselves.

    Whatever makes a session look at another has to be asked here the other way round, with the
    same words: else what arrives for the other leaves the first as it was, and a rebuild differs.
    """
    found: set[int] = set()
    logs = SessionLog.objects.filter(session__in=sessions).select_related("session")
    for log in logs:
        session = log.session
        close = near(session, *span_of(session, log.opened_at, log.closed_at))
        others = VillageSession.objects.exclude(pk=session.pk).filter(log__isnull=False).order_by()
        trainees = Attendance.objects.filter(session=session).values("enrolment__trainee")
        same_class = Q(training_class=session.training_class_id)
        mine = Reading.objects.filter(session=session, fault="").select_related("event")
        for fits in (
            close & Q(attendance__enrolment__trainee__in=trainees),
            close & same_class,
            same_class & Q(log__devices__overlap=log.devices) if log.devices else None,
            close & taught_by(mine.filter(TAUGHT).values("event__device__trainer")),
        ):
            if fits is not None:
                found |= set(others.filter(fits).values_list("pk", flat=True))
        if named := files_of(mine):
            found |= set(sharing(session.pk, named).values_list("session_id", flat=True))
    return found


def taught_by(trainers: Iterable[int] | QuerySet[Any]) -> Q:
    """Sessions in which a phone of one of the trainers has said that it was there to teach."""
    return Q(
        readings__event__device__trainer__in=trainers,
        readings__kind__in=TEACHING,
        readings__fault="",
    )


def file_of(reading: Reading) -> str:
    """Hash of the file that it names, or nothing: a file that its envelope does not name as well was
    never asked for, and is none.
    """
    name = reading.said.get("photo") or reading.said.get("image") or ""
    return name if name in reading.event.blobs else ""


def files_of(readings: Iterable[Reading]) -> set[str]:
    return {name for each in readings if (name := file_of(each))}


def sharing(session: int, names: Collection[str]) -> QuerySet[Reading]:
    """Readings of other sessions whose events name one of the files."""
    found = Reading.objects.filter(
        event__blobs__overlap=list(names), session__isnull=False, fault=""
    )
    return found.exclude(session=session).select_related("event")


def around(events: Iterable[FieldEvent]) -> set[int]:
    """Sessions whose phone has written one of these in their midst, whatever it is about; and all
    later ones, when a number was used twice: from there on each word stands for itself.
    """
    numbers: dict[int, set[int]] = {}
    for event in events:
        if event.device_id and event.seq:
            numbers.setdefault(event.device_id, set()).add(event.seq)
    found: set[int] = set()
    for device, news in numbers.items():
        forked = (
            FieldEvent.objects.filter(device=device, seq__in=news)
            .order_by()
            .values("seq")
            .annotate(n=Count("id"))
            .filter(n__gt=1)
        )
        first = min((row["seq"] for row in forked), default=None)
        spans = (
            Reading.objects.filter(event__device=device, session__isnull=False)
            .order_by()
            .values_list("session_id")
            .annotate(Min("event__seq"), Max("event__seq"))
        )
        for session, low, high in spans:
            if any(low < seq < high for seq in news) or (first is not None and high >= first):
                found.add(session)
    return found
