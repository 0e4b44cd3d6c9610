"""Assess a year, decide, record an appeal and answer it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.plugin import actor, may, wants_excel, workbook_response
from trainbase_letters.access import DECIDE, RECORD, VIEW, of_letter, sight_of, year_of
from trainbase_letters.forms import AnswerForm, AppealForm, DecideForm
from trainbase_letters.models import Appeal, Assessment, Decision, Letter, LettersSettings
from trainbase_letters.models.letters import METRIC_TITLES
from trainbase_letters.rules import assessable_from
from trainbase_letters.services import assessments as services
from trainbase_letters.services import standing
from trainbase_letters.views.board import years
from trainbase_letters.views.steps import crumbs, posted, step, unit_url


@may(VIEW)
def assessment_list(request: HttpRequest) -> HttpResponse:
    """Every signed letter in sight of a year, what was proposed, and what was decided."""
    year, sight = year_of(request), sight_of(actor(request))
    letters = [x for x in standing.signed(year).values() if x.unit_id in sight]
    last = standing.assessments(letters)
    rows = [_row(letter, last.get(letter.pk)) for letter in letters]
    if wants_excel(request):
        titles = (_("单位"), _("责任人"), _("未完成指标"), _("连续年数"), _("建议处理"), _("状态"))
        keys = ("name", "leader", "missed", "in_row", "step", "state")
        listed = [[row[key] for key in keys] for row in rows]
        return workbook_response(f"assessment-{year}", titles, listed)
    settings = LettersSettings.load()
    context = {
        "rows": rows,
        "year": year,
        "years": years(),
        "crumbs": crumbs(None, year, _("年终考核")),
        "settings": settings,
        "judged": [METRIC_TITLES[m] for m in settings.judged],
        "from": assessable_from(year, settings.early_days),
        "can_record": request.user.has_perm(RECORD),
    }
    return render(request, "letters/assessments.html", context)


def _row(letter: Letter, found: Assessment | None) -> dict[str, Any]:
    missed = [line for line in found.lines if line["missed"]] if found else []
    return {
        "unit": letter.unit,
        "name": letter.unit.name,
        "leader": letter.leader,
        "missed": " · ".join(
            f"{METRIC_TITLES[x['metric']]} {x['actual']}/{x['target']}({x['percent']}%)"
            for x in missed
        ),
        "in_row": found.in_row if found else None,
        "step": found.step_title if found else "",
        "state": str(state_of(found)),
    }


def state_of(found: Assessment | None) -> Any:
    """Where an assessment stands, in one word or two."""
    decision = standing.decision_of(found)
    appeal = standing.appeal_of(found)
    if found is None:
        return _("未考核")
    if not found.missed:
        return _("完成")
    if decision is None:
        return _("待决定")
    if appeal is None:
        return decision.get_kind_display()
    return appeal.answer.get_kind_display() if hasattr(appeal, "answer") else _("申诉中")


@may(RECORD)
def assess_year(request: HttpRequest) -> HttpResponse:
    """Count the ledgers once and assess every signed letter of the year; on a POST alone."""
    year = year_of(request)
    there = f"{reverse('letters:assessments')}?year={year}"
    if request.method != "POST":
        return redirect(there)
    done, faults = services.propose_all(year, actor(request))
    for text in faults[:20]:
        messages.error(request, text)
    if done:
        messages.success(request, _("已考核 %(n)s 个单位") % {"n": done})
    elif not faults:
        messages.info(request, _("没有要考核的责任状"))
    return redirect(there)


@of_letter(RECORD)
def assess_one(request: HttpRequest, letter: Letter) -> HttpResponse:
    if request.method != "POST":
        return redirect(unit_url(letter.unit, letter.year))
    try:
        services.propose(letter, actor(request))
    except ValidationError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        messages.success(request, _("已记入：%(what)s") % {"what": _("考核")})
    return redirect(unit_url(letter.unit, letter.year))


def _last(letter: Letter) -> Assessment:
    found = standing.assessments([letter]).get(letter.pk)
    if found is None:
        raise Http404
    return found


@of_letter(DECIDE)
def decide(request: HttpRequest, letter: Letter) -> HttpResponse:
    """Confirm what is proposed or grant an exception. The form says which assessment it is for."""
    found = _last(letter)
    return step(
        request,
        DecideForm(posted(request)[0], initial={"assessment": found.pk}),
        lambda data: services.decide(
            get_object_or_404(letter.assessments, pk=data["assessment"] or found.pk),
            data["kind"],
            data["reason"],
            actor(request),
        ),
        unit=letter.unit,
        year=letter.year,
        title=_("决定：%(what)s") % {"what": found.step_title},
        note=_("系统只提出建议；由您具名决定，记入后不能修改。"),
    )


@of_letter(RECORD)
def appeal(request: HttpRequest, letter: Letter) -> HttpResponse:
    decision = _decision(letter)
    return step(
        request,
        AppealForm(posted(request)[0]),
        lambda data: services.appeal(
            decision, data["appellant"], data["received_on"], data["text"], actor(request)
        ),
        unit=letter.unit,
        year=letter.year,
        title=_("登记申诉"),
    )


@of_letter(DECIDE)
def answer(request: HttpRequest, letter: Letter) -> HttpResponse:
    found = standing.appeal_of(_last(letter))
    if not isinstance(found, Appeal):
        raise Http404
    return step(
        request,
        AnswerForm(posted(request)[0]),
        lambda data: services.answer(found, data["kind"], data["reason"], actor(request)),
        unit=letter.unit,
        year=letter.year,
        title=_("答复申诉"),
        note=found.text,
    )


def _decision(letter: Letter) -> Decision:
    found = standing.decision_of(_last(letter))
    if found is None:
        raise Http404
    return found
