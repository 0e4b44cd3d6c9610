"""What was done to a record, whatever table keeps it: who, when, what, and from what to what.

The app of a record registers how its history is read. Where no table of its own keeps the changes,
the service that writes notes them with `note` in Wagtail's log.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import translation
from django.utils.functional import Promise
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from tenants.models import as_read, in_language
from tenants.staff.models import User

MADE, CHANGED = "desk.make", "desk.change"


@dataclass(frozen=True)
class Entry:
    """`changes` are (what, from, to); either may be empty."""

    at: datetime
    who: str
    what: str
    text: str = ""
    changes: Sequence[tuple[str, str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class History:
    """`find` gets the person and a key, and gives None for what this person may not see."""

    permissions: tuple[str, ...]
    find: Callable[[User, int], Any]
    entries: Callable[[Any], list[Entry]]
    back: Callable[[Any], str]
    name_of: Callable[[Any], str] = str


HISTORIES: dict[str, History] = {}


def register(kind: str, history: History) -> None:
    if kind in HISTORIES:
        raise ValueError(f"{kind} has a history already")
    HISTORIES[kind] = history


def note(
    record: models.Model,
    by: User | None,
    what: str,
    changes: Sequence[tuple[str, Any, Any]] = (),
    action: str = CHANGED,
) -> None:
    """Write down a change of a record in the transaction that makes it. `what` and the names of
    `changes` are Chinese and English with " / " between; no resident ID is among the values. A lazy
    label among them, as of a state, is kept in both languages.
    """
    said = [[name, _text(old), _text(new)] for name, old, new in changes]
    log(instance=record, action=action, user=by, data={"what": what, "changes": said})


def changed(record: models.Model, before: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What differs from `before` = {field: value}, under the fields' own names."""
    found = []
    for name, old in before.items():
        column = record._meta.get_field(name)
        new = getattr(record, name)
        if old != new:
            found.append((str(getattr(column, "verbose_name", name)), old, new))
    return found


def _text(value: Any) -> str | list[str]:
    if isinstance(value, Promise):
        return [_in(language, value) for language in ("zh-hans", "en")]
    return "" if value is None else str(value)


def _in(language: str, label: Promise) -> str:
    with translation.override(language):
        return str(label)


def _kept(value: str | list[str]) -> str:
    return in_language(*value) if isinstance(value, list) else value


def of_log(record: models.Model) -> list[Entry]:
    """What Wagtail's log has of a record: by `note`, or by its own admin."""
    return of_logs(type(record), [record.pk]).get(record.pk, [])


def of_logs(model: type[models.Model], keys: Collection[int]) -> dict[int, list[Entry]]:
    """The same of many records, by their keys: of those of which there is something."""
    found: dict[int, list[Entry]] = {}
    rows = _rows(model, keys).select_related("user").order_by("-timestamp", "-id")
    for row in rows:
        found.setdefault(int(row.object_id), []).append(_entry(row))
    return found


def forget(model: type[models.Model], keys: Collection[int]) -> None:
    """Delete what was noted of records whose term is over."""
    _rows(model, keys).delete()


def _rows(model: type[models.Model], keys: Collection[int]) -> models.QuerySet[ModelLogEntry]:
    kind = ContentType.objects.get_for_model(model, for_concrete_model=False)
    return ModelLogEntry.objects.filter(content_type=kind, object_id__in=map(str, keys))


def _entry(row: ModelLogEntry) -> Entry:
    data = row.data if isinstance(row.data, dict) else {}
    told = data.get("changes", [])
    changes = [(as_read(name), _kept(old), _kept(new)) for name, old, new in told]
    what = as_read(str(data.get("what", ""))) or str(row.message)
    return Entry(row.timestamp, str(row.user or ""), what, changes=changes)


def by_time(*parts: Sequence[Entry]) -> list[Entry]:
    """The newest first."""
    return sorted((entry for part in parts for entry in part), key=lambda e: e.at, reverse=True)


def seen(at: datetime | None, who: Any, what: Any, text: Any = "") -> list[Entry]:
    """A step that a row itself keeps; none where it has not come to it."""
    return [Entry(at, str(who or ""), str(what), str(text or ""))] if at else []
