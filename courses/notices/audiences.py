"""Whom a notice can be for. An app that knows a list of people registers it when it is ready."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, Trainee, TrainingClass
from courses.notices.models import Notice, Sending
from tenants.outbox.models import Message

#: Classes and sendings that are offered, the latest first.
OFFERED = 60


@dataclass(frozen=True)
class Person:
    """Somebody who may get a notice, and the class that it is about, if any."""

    trainee: Trainee
    training_class: TrainingClass | None = None


@dataclass(frozen=True)
class Audience:
    """`choices` are (value, label) as offered; `people` are those of a value. Raises LookupError for a
    value that is not there.
    """

    name: str
    title: Any
    choices: Callable[[], Iterable[tuple[str, str]]]
    people: Callable[[str], list[Person]]
    #: What a value is called that is not offered, but may be asked for.
    named: Callable[[str], str] | None = None


_audiences: dict[str, Audience] = {}


def register_audience(audience: Audience) -> None:
    if audience.name in _audiences:
        raise ValueError(f"audience {audience.name} is registered twice")
    _audiences[audience.name] = audience


def offered() -> list[tuple[Any, list[tuple[str, str]]]]:
    """For a select with groups: (title, [(`name:value`, label)])."""
    groups = [
        (each.title, [(f"{each.name}:{value}", label) for value, label in each.choices()])
        for each in _audiences.values()
    ]
    return [group for group in groups if group[1]]


def people_of(chosen: str) -> list[Person]:
    """The people behind `name:value`, each once. Raises LookupError."""
    name, _colon, value = chosen.partition(":")
    found: dict[int, Person] = {}
    for person in _audiences[name].people(value):
        found.setdefault(person.trainee.pk, person)
    return list(found.values())


def label_of(chosen: str) -> str:
    if label := named(chosen):
        return label
    for title, choices in offered():
        for value, label in choices:
            if value == chosen:
                return f"{title}：{label}"
    raise LookupError(chosen)


def named(chosen: str) -> str:
    """The name of a list that nobody offers, made of people who were chosen one by one."""
    name, _colon, value = chosen.partition(":")
    audience = _audiences.get(name)
    return audience.named(value) if audience and audience.named else ""


def enrolled(enrolments: Any) -> list[Person]:
    """The people of a query of enrolments, each with its class."""
    rows = enrolments.select_related(
        "trainee", "training_class__project", "training_class__village__parent"
    ).defer("photo", "trainee__id_sealed")
    return [Person(each.trainee, each.training_class) for each in rows]


def _classes() -> Iterable[tuple[str, str]]:
    rows = TrainingClass.objects.select_related("project")[:OFFERED]
    return [(each.code, f"{each.code} {each.project_name}") for each in rows]


def _of_class(code: str) -> list[Person]:
    if not TrainingClass.objects.filter(code=code).exists():
        raise LookupError(code)
    return enrolled(Enrolment.objects.on_roll().filter(training_class__code=code).order_by("pk"))


def _with_waiting() -> Iterable[tuple[str, str]]:
    rows = TrainingClass.objects.filter(enrolments__state=Enrolment.State.WAITING).distinct()
    return [(each.code, f"{each.code} {each.project_name}") for each in rows[:OFFERED]]


def _waiting(code: str) -> list[Person]:
    rows = Enrolment.objects.filter(training_class__code=code, state=Enrolment.State.WAITING)
    if not rows.exists():
        raise LookupError(code)
    return enrolled(rows.order_by("queue"))


def _sendings() -> Iterable[tuple[str, str]]:
    """Those with somebody whom it did not reach."""
    unreached = Notice.objects.filter(message__state=Message.State.FAILED).values("sending")
    rows = Sending.objects.filter(pk__in=unreached)[:OFFERED]
    return [(str(each.pk), f"{each.at:%Y-%m-%d} {each}") for each in rows]


def _unreached(pk: str) -> list[Person]:
    if not pk.isdecimal() or not Sending.objects.filter(pk=int(pk)).exists():
        raise LookupError(pk)
    rows = Notice.objects.filter(sending=int(pk), message__state=Message.State.FAILED)
    rows = rows.select_related(
        "trainee", "training_class__project", "training_class__village__parent"
    )
    return [Person(each.trainee, each.training_class) for each in rows]


def chosen_value(trainees: Iterable[int]) -> str:
    """For an address: the keys, each as its distance from the one before, in base 36."""
    keys, last, parts = sorted(set(trainees)), 0, []
    for key in keys:
        parts.append(_base36(key - last))
        last = key
    return "chosen:" + ".".join(parts)


def _base36(number: int) -> str:
    signs = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = signs[rest] + text
    return text or "0"


def _keys(value: str) -> list[int]:
    """Raises LookupError for what is no value of ours."""
    keys, last = [], 0
    for part in value.split("."):
        if not (part.isascii() and part.isalnum() and len(part) <= 11):
            raise LookupError(value)
        last += int(part, 36)
        keys.append(last)
    return keys


def _chosen(value: str) -> list[Person]:
    keys = [key for key in _keys(value) if key < 2**63]
    rows = Trainee.objects.filter(pk__in=keys).defer("id_sealed").order_by("pk")
    return [Person(each) for each in rows]


def _chosen_named(value: str) -> str:
    try:
        return gettext("名单里选中的 %(n)s 人") % {"n": len(_keys(value))}
    except LookupError:
        return ""


register_audience(Audience("chosen", _("选中的人"), list, _chosen, _chosen_named))
register_audience(Audience("class", _("一个班的学员"), _classes, _of_class))
register_audience(Audience("waiting", _("一个班的候补名单"), _with_waiting, _waiting))
register_audience(Audience("unreached", _("上次没有发到的人"), _sendings, _unreached))
