"""The calendar as iCalendar (RFC 5545): sessions, places and classes, and nobody's name but the trainer's."""

from datetime import UTC, timedelta
from typing import Any

from django.utils import timezone

from courses.planning.models import CalendarLink
from courses.planning.services.calendar import Entry, entries_of_base
from tenants.current import current_tenant
from tenants.links import host_of

BACK, AHEAD = timedelta(days=62), timedelta(days=400)
KINDS = {"theory": "理论", "practice": "实操"}


def feed(link: CalendarLink) -> bytes:
    """Two months back and a year ahead, of the link's trainer or of everybody."""
    from icalendar import Calendar

    base, today = current_tenant(), timezone.localdate()
    name = f"{base.name} {link.trainer}" if link.trainer else base.name
    calendar = Calendar()
    calendar.add("prodid", "-//Trainbase//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    host = host_of(base)
    for entry in entries_of_base(today - BACK, today + AHEAD):
        mine = link.trainer is None or entry.slot.trainer == str(link.trainer_id)
        if mine and not entry.pending:
            calendar.add_component(_event(entry, host))
    content: bytes = calendar.to_ical()
    return content


def _event(entry: Entry, host: str) -> Any:
    """In UTC, which every program reads without a table of time zones."""
    from icalendar import Event

    slot, event = entry.slot, Event()
    event.add("uid", f"session-{entry.session}@{host}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", slot.starts.astimezone(UTC))
    event.add("dtend", slot.ends.astimezone(UTC))
    event.add("summary", f"{entry.title} 第 {entry.number} 次课")
    event.add("location", f"{slot.village_name} {slot.place}")
    kind = KINDS.get(entry.kind, entry.kind)
    event.add(
        "description", f"{slot.class_code} · {kind} {entry.minutes} 分钟 · {slot.trainer_name}"
    )
    if slot.spot:
        event.add("geo", slot.spot)
    return event
