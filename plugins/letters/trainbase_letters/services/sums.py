"""Whether sub-targets add up: asked when a letter is printed for signing, and when it is filed."""

from trainbase_letters import rules
from trainbase_letters.models import Letter, Unit
from trainbase_letters.services.standing import latest
from trainbase_letters.words import EN, ZH


def sum_faults(letter: Letter) -> list[str]:
    """What does not add up with the units below this letter's and beside it, difference by name."""
    found = _compare(letter.unit, letter.targets, letter.year, replaced=None)
    parent = letter.unit.parent
    if parent is not None:
        above = latest(letter.year, [parent]).get(parent.pk)
        if above is not None:
            found += _compare(parent, above.targets, letter.year, replaced=letter)
    return found


def _compare(unit: Unit, own: rules.Counts, year: int, replaced: Letter | None) -> list[str]:
    """Nothing to compare while no unit below has a letter."""
    below = list(Unit.objects.filter(parent=unit, active=True))
    letters = latest(year, below)
    if replaced is not None:
        letters[replaced.unit_id] = replaced
    if not letters:
        return []
    without = [child.name for child in below if child.pk not in letters]
    parts = [letter.targets for letter in letters.values()]
    return [_said(unit, d, without) for d in rules.differences(own, parts)]


def _said(unit: Unit, found: rules.Difference, without: list[str]) -> str:
    gap = found.parts - found.own
    zh_gap = f"多 {gap}" if gap > 0 else f"少 {-gap}"
    en_gap = f"{gap} too many" if gap > 0 else f"{-gap} short"
    zh_who = f"（尚无责任状：{'、'.join(without[:5])}）" if without else ""
    en_who = f" ({len(without)} units have no letter yet)" if without else ""
    return (
        f"{unit.name} 的“{ZH[found.metric]}”目标 {found.own}，下级合计 {found.parts}，{zh_gap}，请先调整一致"
        f"{zh_who} / {unit.name}, {EN[found.metric]}: the target is {found.own}, the units"
        f" below add up to {found.parts}, {en_gap}; make them equal first{en_who}"
    )
