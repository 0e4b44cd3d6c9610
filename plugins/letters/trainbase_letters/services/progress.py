"""The progress board: units with targets, actual numbers and percent, level by level."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from trainbase_letters import rules
from trainbase_letters.models import Assessment, Letter, LettersSettings, Unit
from trainbase_letters.models.letters import METRIC_TITLES
from trainbase_letters.services import standing
from trainbase_letters.services.actuals import Actuals, actuals

DEFINITIONS = {
    "trained": _("当年结束的班次中，出勤达到规则要求的人次"),
    "certified": _("当年签发且有效的培训合格证书数"),
    "employed": _("已发证、最新去向为就业（含自主创业、灵活就业），且当年上岗的人次"),
    "local": _("其中：就地就近"),
    "outward": _("其中：外出"),
    "overseas": _("其中：境外"),
}


@dataclass(frozen=True)
class Cell:
    """One metric of one unit. `actual` is None where nothing can be counted."""

    metric: str
    target: int
    actual: int | None
    percent: int | None

    @property
    def title(self) -> Any:
        return METRIC_TITLES[self.metric]

    @property
    def definition(self) -> Any:
        return DEFINITIONS[self.metric]

    @property
    def bar(self) -> int:
        """How far the bar goes: it ends at the target."""
        return min(self.percent or 0, 100)


@dataclass(frozen=True)
class Row:
    unit: Unit
    letter: Letter | None
    cells: tuple[Cell, ...]
    assessment: Assessment | None
    below: int

    @property
    def stands(self) -> bool:
        return standing.holds(self.assessment)

    @property
    def targeted(self) -> list[Cell]:
        """What a target was set for; all of it where there is none."""
        return [cell for cell in self.cells if cell.target] or list(self.cells)


@dataclass(frozen=True)
class Board:
    year: int
    rows: tuple[Row, ...]
    counted: Actuals
    judged: frozenset[str]
    threshold: int


def board(year: int, units: Iterable[Unit], sight: set[int]) -> Board:
    """Rows of `units`; the binding letter's targets, else the draft's. `sight` limits what counts
    as below."""
    units = list(units)
    counted = actuals(year)
    nodes = standing.nodes()
    scopes = rules.scopes(nodes)
    below = rules.children_of(nodes)
    letters = standing.latest(year, units) | {
        pk: letter for pk, letter in standing.signed(year).items() if pk in {u.pk for u in units}
    }
    last = standing.assessments(letters.values())
    settings = LettersSettings.load()
    rows = []
    for unit in units:
        letter = letters.get(unit.pk)
        scope = (letter.signed_scope if letter else ()) or scopes.get(unit.pk) or ()
        numbers = counted.of(scope) if scope else None
        rows.append(
            Row(
                unit,
                letter,
                tuple(_cell(metric, letter, numbers) for metric in rules.METRICS),
                last.get(letter.pk) if letter else None,
                sum(pk in sight for pk in below.get(unit.pk, [])),
            )
        )
    return Board(year, tuple(rows), counted, frozenset(settings.judged), settings.threshold)


def _cell(metric: str, letter: Letter | None, numbers: rules.Counts | None) -> Cell:
    target = letter.targets[metric] if letter else 0
    actual = numbers[metric] if numbers is not None else None
    share = rules.percent(actual, target) if actual is not None else None
    return Cell(metric, target, actual, share)


def sheet(found: Board) -> tuple[list[str], list[list[Any]]]:
    """Header and rows for Excel: numbers as numbers."""
    header = [str(_("单位")), str(_("类别")), str(_("责任人")), str(_("责任状"))]
    for metric in rules.METRICS:
        title = METRIC_TITLES[metric]
        header += [f"{title} {_('目标')}", f"{title} {_('完成')}", f"{title} %"]
    rows = []
    for row in found.rows:
        state = row.letter.get_state_display() if row.letter else ""
        line: list[Any] = [
            row.unit.name,
            str(row.unit.get_kind_display()),
            row.unit.leader,
            str(state),
        ]
        for cell in row.cells:
            line += [cell.target, cell.actual, cell.percent]
        rows.append(line)
    return header, rows
