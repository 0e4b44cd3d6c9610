"""Where units and their letters stand: read only."""

from collections.abc import Iterable

from django.utils import timezone

from trainbase_letters import rules
from trainbase_letters.models import Appeal, Assessment, Decision, Letter, Unit


def year_now() -> int:
    return timezone.localdate().year


def nodes() -> list[rules.Node]:
    return [unit.node for unit in Unit.objects.select_related("division")]


def scope_of(letter: Letter) -> tuple[rules.Clause, ...]:
    """What is counted for a letter: as it was signed, else as its unit stands now."""
    return letter.signed_scope or rules.scopes(nodes()).get(letter.unit_id) or ()


def paper_code(letter: Letter) -> str:
    """The code on the paper; it changes with the targets and with what is counted."""
    given = (letter.unit_id, letter.year, letter.version, letter.targets)
    return rules.paper_code(*given, scope_of(letter))


def latest(year: int, units: Iterable[Unit] | None = None) -> dict[int, Letter]:
    """By unit the letter to add up with: the draft, else the signed one."""
    found = Letter.objects.filter(year=year, state__in=["draft", "signed"]).order_by("version")
    if units is not None:
        found = found.filter(unit__in=list(units))
    return {letter.unit_id: letter for letter in found.select_related("unit")}


def signed(year: int) -> dict[int, Letter]:
    """By unit the letter that binds it."""
    found = Letter.objects.filter(year=year, state="signed").select_related("unit__division")
    return {letter.unit_id: letter for letter in found}


def assessments(letters: Iterable[Letter]) -> dict[int, Assessment]:
    """By letter its last assessment, with decision and appeal."""
    found = Assessment.objects.filter(letter__in=list(letters)).order_by("number")
    found = found.select_related("letter__unit", "decision__appeal__answer")
    return {assessment.letter_id: assessment for assessment in found}


def decision_of(assessment: Assessment | None) -> Decision | None:
    return getattr(assessment, "decision", None) if assessment else None


def appeal_of(assessment: Assessment | None) -> Appeal | None:
    return getattr(decision_of(assessment), "appeal", None)


def is_settled(assessment: Assessment | None) -> bool:
    """Nothing is left to do: met, or decided, with its appeal answered where there is one."""
    if assessment is None:
        return False
    if not assessment.missed:
        return True
    appeal = appeal_of(assessment)
    return decision_of(assessment) is not None and (appeal is None or hasattr(appeal, "answer"))


def holds(assessment: Assessment | None) -> bool:
    """Whether the missed year and its step stand: confirmed, and no appeal was upheld."""
    decision = decision_of(assessment)
    if not (assessment and assessment.missed and decision and decision.kind == "confirmed"):
        return False
    answer = getattr(appeal_of(assessment), "answer", None)
    return answer is None or answer.kind != "upheld"


def missed_years(unit_id: int, before: int) -> dict[int, bool]:
    """The years before `before` of a unit's signed letters: whether each was missed, and stands."""
    letters = {
        letter.pk: letter.year
        for letter in Letter.objects.filter(unit=unit_id, state="signed", year__lt=before)
    }
    last = assessments(Letter.objects.filter(pk__in=letters))
    return {year: holds(last.get(pk)) for pk, year in letters.items()}


def unsettled(up_to: int) -> list[Letter]:
    """Signed letters of years up to `up_to` whose assessment is not over."""
    letters = Letter.objects.filter(state="signed", year__lte=up_to).select_related("unit")
    letters = letters.order_by("year", "unit__name")
    last = assessments(letters)
    return [letter for letter in letters if not is_settled(last.get(letter.pk))]


def open_duties() -> list[str]:
    """Why the plugin cannot be switched off now, one line a year."""
    by_year: dict[int, list[str]] = {}
    for letter in unsettled(year_now()):
        by_year.setdefault(letter.year, []).append(letter.unit.name)
    said = []
    for year, names in by_year.items():
        some = "、".join(names[:5]) + ("……" if len(names) > 5 else "")
        said.append(
            f"{year} 年有 {len(names)} 份已签订的责任状还没有考核完（{some}）：请先考核并决定，"
            f"或写明理由撤回 / {len(names)} signed letters of {year} are not settled: assess and"
            " decide them, or withdraw them with a reason"
        )
    return said
