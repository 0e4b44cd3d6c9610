"""The statistics: counts alone, each share with what it is made of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.plugin import Column, Filter, Report
from trainbase_hotline import clock, rules
from trainbase_hotline.kinds import Kind, Satisfaction
from trainbase_hotline.models import Complaint, Department, Step
from trainbase_hotline.rules import Duty, Share

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


def month_span(text: str) -> tuple[datetime, datetime] | None:
    """[first moment, first moment of the next month) in local time; None for no month."""
    found = MONTH.fullmatch(text)
    if found is None:
        return None
    start = datetime(int(found[1]), int(found[2]), 1, tzinfo=timezone.get_current_timezone())
    after = (start + timedelta(days=32)).replace(day=1)
    return start, after


class HotlineReport(Report):
    """By kind, with a total; whoever may count sees it, and it names nobody."""

    name = "complaints"
    title = _("投诉统计")
    permission = "hotline.view_counts"
    definition = _(
        "件数：受理时间在所选月份内的投诉。按时比例：第一轮的首次答复（处理意见）不晚于时限的件数（分子），"
        "除以已登记和已过时限仍未登记的件数（分母）；未到时限的不算。时限从受理起按自然时间计算，节假日也算。"
        "满意度：现已结案的，按最近一次结案时投诉人的意见。"
    )
    columns = (
        Column(_("类别")),
        Column(_("件数"), number=True),
        Column(_("已结案"), number=True),
        Column(_("重新办理"), number=True),
        Column(_("答复按时"), number=True),
        Column(_("答复应计"), number=True),
        Column(_("答复按时比例"), number=True),
        Column(_("意见按时"), number=True),
        Column(_("意见应计"), number=True),
        Column(_("意见按时比例"), number=True),
        *(Column(label, number=True) for _value, label in Satisfaction.choices),
    )

    @property
    def filters(self) -> Sequence[Filter]:
        months = (
            Complaint.objects.annotate(month=TruncMonth("received_at"))
            .values_list("month", flat=True)
            .distinct()
            .order_by("-month")
        )
        listed = [f"{timezone.localtime(m):%Y-%m}" for m in months]
        departments = [(str(d.pk), str(d)) for d in Department.objects.all()]
        return (
            Filter("month", _("受理月份"), [("", _("全部")), *((m, m) for m in listed)]),
            Filter("kind", _("类别"), [("", _("全部")), *Kind.choices]),
            Filter("department", _("办理部门"), [("", _("全部")), *departments]),
        )

    def rows(self, asked: Mapping[str, str]) -> Iterable[Sequence[Any]]:
        found = Complaint.objects.order_by()
        if span := month_span(asked.get("month", "")):
            found = found.filter(received_at__gte=span[0], received_at__lt=span[1])
        if asked.get("kind") in Kind.values:
            found = found.filter(kind=asked["kind"])
        if re.fullmatch(r"[0-9]{1,9}", asked.get("department", "")):
            found = found.filter(department_id=int(asked["department"]))
        cases = list(
            found.only(
                *("kind", "state", "round", "satisfaction", "answer_due_at", "opinion_due_at"),
                *("answered_at", "opinion_at"),
            )
        )
        first = _first_round(cases)
        now = clock.now()
        for kind, label in Kind.choices:
            if some := [c for c in cases if c.kind == kind]:
                yield _row(label, some, first, now)
        yield _row(_("合计"), cases, first, now)


def _first_round(cases: Sequence[Complaint]) -> dict[tuple[int, str], Duty]:
    """Both duties of each complaint's first round; of re-opened ones they stand in the history."""
    found = {}
    for case in cases:
        found[case.pk, rules.ANSWERED] = case.answer
        found[case.pk, rules.OPINION] = case.opinion
    steps = Step.objects.filter(round=1, kind__in=Step.PUBLIC, complaint__round__gt=1)
    known = {case.pk for case in cases}
    for pk, kind, due, at in steps.values_list("complaint_id", "kind", "due_at", "at"):
        if pk in known:
            found[pk, kind] = Duty(due, at)
    return found


def _row(
    label: Any,
    cases: Sequence[Complaint],
    first: Mapping[tuple[int, str], Duty],
    now: datetime,
) -> list[Any]:
    shares: list[Share] = [
        rules.share_in_time((first[c.pk, kind] for c in cases), now)
        for kind in (rules.ANSWERED, rules.OPINION)
    ]
    closed = [c for c in cases if c.state == Complaint.State.CLOSED]
    mix: dict[str, int] = defaultdict(int)
    for case in closed:
        mix[case.satisfaction] += 1
    cells: list[Any] = [str(label), len(cases), len(closed), sum(c.round > 1 for c in cases)]
    for share in shares:
        cells += [share.numerator, share.denominator, share.percent]
    return [*cells, *(mix[value] for value in Satisfaction.values)]
