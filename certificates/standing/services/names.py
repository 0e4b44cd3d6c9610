"""Who is counted by a number: the rows that the figures were added up from, and their people."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from certificates.figures.rules.counts import CAME_OF_IT, CHAIN
from certificates.figures.rules.report import OTHER, TRANSFERRED
from certificates.services.places import Place, places
from certificates.standing.models import NamesSeen, Standing
from tenants.staff.models import User

#: The dimension of a number -> the field that its key is of.
FIELDS = {
    "trade": "trade",
    "township": "township",
    "class": "class_code",
    "programme": "programme",
    "place": "place",
}
#: What a number of the report counts -> the day on which it happened.
HAPPENED = {"trained": "ended_on", "certified": "certified_on", "employed": "employed_on"}


@dataclass(frozen=True)
class Number:
    """One number of a dashboard or report: `year` None is all years. Of a report `key` is its month and
    township, `whole_year` counts from January up to that month.
    """

    step: str
    year: int | None = None
    dimension: str = "total"
    key: str = ""
    whole_year: bool = False


def behind(number: Number) -> QuerySet[Standing]:
    """The rows that this number of the tenant that is served counts."""
    rows = Standing.objects.filter(_reached(number.step))
    if number.dimension == "report":
        return rows.filter(**_in_the_month(number))
    if number.dimension == "place":
        rows = rows.filter(value="employed")
    if number.year is not None:
        rows = rows.filter(ended_on__year=number.year)
    if number.dimension == "month":
        return rows.filter(**_month("ended_on", number.key, False))
    if number.dimension in FIELDS:
        return rows.filter(**{FIELDS[number.dimension]: number.key})
    return rows


def _reached(step: str) -> Q:
    if step in CHAIN:
        return Q(reached__in=CHAIN[CHAIN.index(step) :])
    if step in CAME_OF_IT:
        return Q(value=step)
    kind, _, rest = step.partition("_")
    if kind == "not":
        return Q(reached=CHAIN[CHAIN.index(rest) - 1])
    if step == "transferred":
        return Q(value="employed", kind__in=[name[5:] for name in TRANSFERRED])
    if step == "other_work":
        return Q(value="employed", kind__in=[name[5:] for name in OTHER])
    if kind == "work":
        return Q(value="employed", kind=rest)
    if kind == "known":
        return Q(evidence=rest)
    return Q(value="employed", evidence=rest)


def _month(field: str, text: str, whole_year: bool) -> dict[str, date]:
    try:
        year, month = (int(part) for part in text.split("-"))
        start, end = date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    except ValueError:
        return {f"{field}__lt": date.min}
    return {f"{field}__gte": date(year, 1, 1) if whole_year else start, f"{field}__lt": end}


def _in_the_month(number: Number) -> dict[str, str | date]:
    month, _, township = number.key.partition(" ")
    field = HAPPENED.get(number.step, "employed_on")
    found: dict[str, str | date] = {**_month(field, month, number.whole_year)}
    return found | ({"township": township} if township else {})


def people(rows: QuerySet[Standing]) -> list[Place]:
    """The people of those rows with what is known of them now."""
    return places(list(rows.values_list("enrolment_id", flat=True)))


def looked(by: User, base: str, number: Number, names: int, excel: bool) -> None:
    """Write down, at the centre, that somebody opened a list of names."""
    NamesSeen.objects.create(
        by=by,
        base=base,
        year=number.year or 0,
        dimension=number.dimension,
        key=number.key,
        step=number.step,
        names=names,
        excel=excel,
    )
