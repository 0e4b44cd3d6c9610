"""The progress board, level by level: on screen, as Excel, on paper."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lms.plugin import actor, current_tenant, may, wants_excel, workbook_response
from trainbase_letters import rules
from trainbase_letters.access import DECIDE, RECORD, VIEW, of_unit, sight_of, year_of
from trainbase_letters.models import Assessment, Event, Letter, Unit
from trainbase_letters.models.letters import METRIC_TITLES
from trainbase_letters.services import progress, standing
from trainbase_letters.services.letters import print_faults
from trainbase_letters.views.steps import crumbs


def years() -> list[int]:
    """Those that have letters, and this one and the next to begin them."""
    known = set(Letter.objects.values_list("year", flat=True))
    return sorted(known | {standing.year_now(), standing.year_now() + 1}, reverse=True)


@may(VIEW)
def board(request: HttpRequest) -> HttpResponse:
    """The top units in sight, or with `unit` those right below it."""
    year, sight = year_of(request), sight_of(actor(request))
    unit, units = _level(request, sight)
    found = progress.board(year, units, sight)
    if wants_excel(request):
        header, rows = progress.sheet(found)
        return workbook_response(f"letters-{year}", header, rows)
    context = {
        "board": found,
        "year": year,
        "years": years(),
        "unit": unit,
        "crumbs": crumbs(unit, year),
        "definitions": [(m, METRIC_TITLES[m], progress.DEFINITIONS[m]) for m in
                        rules.METRICS],
        "can_record": request.user.has_perm(RECORD),
        "can_add": request.user.has_perm("letters.add_unit"),
        "tenant_name": current_tenant().name,
    }  # fmt: skip
    on_paper = request.GET.get("format") == "print"
    return render(
        request, "letters/board_print.html" if on_paper else "letters/board.html", context
    )


def _level(request: HttpRequest, sight: set[int]) -> tuple[Unit | None, list[Unit]]:
    """The unit that is asked for and what lies below it; else the highest ones in sight."""
    seen = Unit.objects.select_related("division", "parent").filter(pk__in=sight)
    asked = request.GET.get("unit", "")
    if not asked:
        top = [u for u in seen if u.parent_id not in sight]
        return None, [u for u in top if u.active or u.letters.exists()]
    if not (asked.isascii() and asked.isdecimal()) or int(asked) not in sight:
        raise Http404
    return seen.get(pk=asked), list(seen.filter(parent=int(asked)))


@of_unit(VIEW)
def unit_page(request: HttpRequest, unit: Unit) -> HttpResponse:
    """A unit in a year: its letters, its numbers, its assessment, and what was done."""
    year, sight = year_of(request), sight_of(actor(request))
    found = progress.board(year, [unit], sight)
    letters = list(Letter.objects.filter(unit=unit, year=year).order_by("-version"))
    draft = next((x for x in letters if x.is_draft), None)
    row = found.rows[0]
    earlier = Letter.objects.filter(unit=unit, state="signed").exclude(year=year)
    last = standing.assessments(earlier)
    context = {
        "unit": unit,
        "year": year,
        "years": years(),
        "board": found,
        "row": row,
        "letters": letters,
        "draft": draft,
        "signed": next((x for x in letters if x.state == "signed"), None),
        "faults": print_faults(draft) if draft else [],
        "assessments": list(Assessment.objects.filter(letter__unit=unit, letter__year=year)),
        "settled": standing.is_settled(row.assessment),
        "decision": standing.decision_of(row.assessment),
        "appeal": standing.appeal_of(row.assessment),
        "answer": getattr(standing.appeal_of(row.assessment), "answer", None),
        "earlier": [(x, last.get(x.pk), standing.holds(last.get(x.pk))) for x in earlier],
        "events": Event.objects.filter(unit=unit, year=year),
        "crumbs": crumbs(None, year, unit.name),
        "can_record": request.user.has_perm(RECORD),
        "can_decide": request.user.has_perm(DECIDE),
    }
    return render(request, "letters/unit.html", context)
