"""The plugin's report and its panel on the front page."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.plugin import Column, Filter, Panel, Report, actor, dashboard_panels, reports
from trainbase_letters.access import RECORD, VIEW, sight_of
from trainbase_letters.models import Letter, Unit
from trainbase_letters.models.letters import METRIC_TITLES
from trainbase_letters.rules import METRICS
from trainbase_letters.services import progress, standing


@reports
class LetterReport(Report):  # type: ignore[misc]
    """All units of a level. For who sees every unit: a report is not told who asks."""

    name = "targets"
    title = gettext_lazy("责任状目标与完成")
    definition = gettext_lazy(
        "目标取自已签订的责任状（没有时取草稿）；完成数由各基地台账计算，不能填报；"
        "百分比为完成数除以目标，舍去小数"
    )
    permission = RECORD
    columns = (
        Column(gettext_lazy("单位")),
        Column(gettext_lazy("类别")),
        Column(gettext_lazy("责任人")),
        Column(gettext_lazy("指标")),
        Column(gettext_lazy("目标"), number=True),
        Column(gettext_lazy("完成"), number=True),
        Column("%", number=True),
    )

    @property
    def filters(self) -> Sequence[Filter]:
        known = set(Letter.objects.values_list("year", flat=True)) | {standing.year_now()}
        years = [(str(year), str(year)) for year in sorted(known, reverse=True)]
        return (
            Filter("year", gettext_lazy("年度"), years),
            Filter("level", gettext_lazy("类别"), Unit.Kind.choices),
        )

    def rows(self, asked: Mapping[str, str]) -> Iterable[Sequence[Any]]:
        given = asked.get("year", "")
        year = int(given) if given in dict(self.filters[0].choices) else standing.year_now()
        units = Unit.objects.select_related("division")
        if asked.get("level") in Unit.Kind.values:
            units = units.filter(kind=asked["level"])
        for row in progress.board(year, units, set()).rows:
            for cell in row.cells:
                if cell.target:
                    yield [
                        row.unit.name,
                        str(row.unit.get_kind_display()),
                        row.unit.leader,
                        str(cell.title),
                        cell.target,
                        "" if cell.actual is None else cell.actual,
                        "" if cell.percent is None else cell.percent,
                    ]


@dashboard_panels
def panel(request: HttpRequest) -> Panel | None:
    """This year so far: sums of the top units in sight, and what waits for somebody."""
    if not request.user.has_perm(VIEW):
        return None
    sight = sight_of(actor(request))
    top = [u for u in Unit.objects.filter(pk__in=sight, active=True) if u.parent_id not in sight]
    if not top:
        return None
    year = standing.year_now()
    found = progress.board(year, top, sight)
    address = f"{reverse('letters:board')}?year={year}"
    lines = [line for metric in METRICS if (line := _line(found, metric, address))]
    waiting = [x for x in standing.unsettled(year - 1) if x.unit_id in sight]
    if waiting:
        there = f"{reverse('letters:assessments')}?year={waiting[-1].year}"
        lines.append((_("考核未办结"), str(len(waiting)), there))
    note = _("完成数由台账计算，截至 %(at)s") % {
        "at": f"{timezone.localtime(found.counted.as_of):%H:%M}"
    }
    return Panel(_("%(year)s 年责任状") % {"year": year}, lines, note)


def _line(found: progress.Board, metric: str, address: str) -> tuple[str, str, str] | None:
    cells = [c for row in found.rows for c in row.cells if c.metric == metric and c.target]
    if not cells:
        return None
    target, actual = sum(c.target for c in cells), sum(c.actual or 0 for c in cells)
    return (
        str(METRIC_TITLES[metric]),
        f"{actual} / {target}（{actual * 100 // target}%）",
        address,
    )
