"""Draft, print, file and read letters."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lms.plugin import Division, actor, current_tenant, private_file
from trainbase_letters import rules
from trainbase_letters.access import DECIDE, RECORD, VIEW, of_letter, of_unit, year_of
from trainbase_letters.forms import NewVersionForm, ReasonForm, SignForm, TargetsForm
from trainbase_letters.models import Letter, LettersSettings, Unit
from trainbase_letters.services import letters as services
from trainbase_letters.services import standing
from trainbase_letters.views.steps import posted, step
from trainbase_letters.words import EN, ZH


@of_unit(RECORD)
def letter_new(request: HttpRequest, unit: Unit) -> HttpResponse:
    """The first letter of a year, or a new version of the one that is signed."""
    year = year_of(request)
    bound = Letter.objects.filter(unit=unit, year=year).order_by("-version").first()
    kind = NewVersionForm if bound else TargetsForm
    form = kind(posted(request)[0], letter=bound)
    title = _("变更责任状（新版本）") if bound else _("下达目标")
    return step(
        request,
        form,
        lambda data: services.draft(
            unit, year, form.targets(), actor(request), data.get("reason", "")
        ),
        unit=unit,
        year=year,
        title=title,
        note=_("原版本保留不变，新版本签订归档后才替代它。") if bound else "",
    )


@of_letter(RECORD)
def letter_edit(request: HttpRequest, letter: Letter) -> HttpResponse:
    form = TargetsForm(posted(request)[0], letter=letter)
    return step(
        request,
        form,
        lambda data: services.change(letter, form.targets(), actor(request), data["seen"] or 0),
        unit=letter.unit,
        year=letter.year,
        title=_("修改草稿"),
    )


@of_letter(RECORD)
def letter_discard(request: HttpRequest, letter: Letter) -> HttpResponse:
    return step(
        request,
        ReasonForm(posted(request)[0]),
        lambda data: services.discard(letter, actor(request), data["reason"]),
        unit=letter.unit,
        year=letter.year,
        title=_("删除草稿"),
    )


@of_letter(RECORD)
def letter_sign(request: HttpRequest, letter: Letter) -> HttpResponse:
    return step(
        request,
        SignForm(*posted(request)),
        lambda data: services.sign(
            letter, data["file"], data["signed_on"], data["code"], actor(request)
        ),
        unit=letter.unit,
        year=letter.year,
        title=_("归档签订件"),
        note=_("归档以后目标不能再改；变更须另起新版本并写明理由。"),
    )


@of_letter(DECIDE)
def letter_withdraw(request: HttpRequest, letter: Letter) -> HttpResponse:
    return step(
        request,
        ReasonForm(posted(request)[0]),
        lambda data: services.withdraw(letter, actor(request), data["reason"]),
        unit=letter.unit,
        year=letter.year,
        title=_("撤回责任状"),
        note=_("撤回后不再考核；责任状和扫描件保留可查。"),
    )


@of_letter(VIEW)
def letter_print(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The letter on A4, in Chinese; `english=1` adds English labels. Refused while sums differ."""
    faults = services.print_faults(letter)
    settings = LettersSettings.load()
    context = {
        "letter": letter,
        "centre": current_tenant(),
        "faults": faults,
        "english": request.GET.get("english") == "1",
        "targets": [
            (ZH[metric], EN[metric], letter.targets[metric])
            for metric in rules.METRICS
            if letter.targets[metric]
        ],
        "settings": settings,
        "code": standing.paper_code(letter),
        "places": _places(standing.scope_of(letter)),
        "judged": "、".join(ZH[metric] for metric in settings.judged),
        "judged_en": ", ".join(EN[metric] for metric in settings.judged),
    }
    return render(request, "letters/letter.html", context, status=409 if faults else 200)


def _places(scope: Sequence[rules.Clause]) -> list[tuple[str, str, str]]:
    """What is counted, for the paper: name and code of each division, and its trades."""
    codes = [clause.prefix for clause in scope if clause.prefix]
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        (names.get(clause.prefix, ""), clause.prefix, "、".join(sorted(clause.trades)))
        for clause in scope
    ]


@of_letter(VIEW)
def letter_scan(request: HttpRequest, letter: Letter) -> HttpResponse:
    """The signed scan: a download."""
    if not letter.scan:
        raise Http404
    return private_file(services.scan_of(letter))
