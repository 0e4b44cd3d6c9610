"""The desk: sittings of a base and of a class, and a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.assessing.forms import SittingForm, examiners
from courses.assessing.lists.sittings import SITTINGS, sittings
from courses.assessing.models import Part, Sitting
from courses.assessing.services.appeals import open_appeals
from courses.assessing.services.plan import NewSitting, add_examiner, make_sitting
from courses.assessing.services.policy import policy_of
from courses.assessing.services.standing import PartStanding, standings
from courses.assessing.views.access import PLAN, of_assessment
from courses.models import TrainingClass
from courses.services.assessment import latest_scores
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


@of_assessment
def sitting_list(request: HttpRequest) -> HttpResponseBase:
    """All sittings; an examiner's own where `mine` is asked for."""
    waiting = open_appeals().count()
    rows = sittings(actor(request))
    return show(request, SITTINGS, rows, "assessing/sittings.html", appeals=waiting)


def _class(code: str) -> TrainingClass:
    return get_object_or_404(
        TrainingClass.objects.select_related("project", "rule_set", "trainer"), code=code
    )


@of_assessment
def class_assessment(request: HttpRequest, code: str) -> HttpResponse:
    """Where everybody of a class stands in both parts, and its sittings."""
    one = _class(code)
    rows = _rows(one)
    if wants_excel(request):
        return workbook_response(f"{code}-assessment", _header(), [_line(row) for row in rows])
    context = {
        "class": one,
        "rows": rows,
        "policy": policy_of(one.rule_set),
        "sittings": one.sittings.annotate(
            people=Count("attempts", distinct=True),
            done=Count("attempts", filter=Q(attempts__state="done"), distinct=True),
        ),
        "parts": [(part.value, part.label) for part in Part],
    }
    return render(request, "assessing/class.html", context)


def _rows(one: TrainingClass) -> list[dict[str, Any]]:
    parts = {part: standings(one, part) for part in Part.values}
    entered = latest_scores(one)
    return [
        {
            "enrolment": each,
            "parts": [(part, parts[part][each.pk]) for part in Part.values],
            "score": entered.get(each.pk),
        }
        for each in one.enrolments.on_roll().select_related("trainee").order_by("id")
    ]


def _header() -> list[str]:
    said = [_("姓名"), _("证件后四位")]
    for part in Part:
        said += [
            _("%(part)s成绩") % {"part": part.label},
            _("%(part)s考过几次") % {"part": part.label},
            _("%(part)s是否及格") % {"part": part.label},
            _("%(part)s历次") % {"part": part.label},
        ]
    return said


def _line(row: dict[str, Any]) -> list[Any]:
    trainee = row["enrolment"].trainee
    said: list[Any] = [trainee.name, trainee.id_last4]
    for _part, each in row["parts"]:
        said += [each.score, each.used, _passed(each), _times(each)]
    return said


def _passed(each: PartStanding) -> str:
    if each.score is None:
        return ""
    return _("及格") if each.passed else _("不及格")


def _times(each: PartStanding) -> str:
    """Every attempt with its day, state and result, as one cell."""
    told = []
    for attempt in each.attempts:
        last = list(attempt.results.all())[-1:]
        score = f" {last[0].score}" if last else ""
        told.append(f"{attempt.sitting.held_on} {attempt.get_state_display()}{score}")
    return "; ".join(told)


@may(PLAN)
def sitting_new(request: HttpRequest, code: str, part: str) -> HttpResponse:
    """Who may sit is ticked already; who may not says why."""
    if part not in Part.values:
        raise Http404
    one = _class(code)
    rows = [
        {"enrolment": each, "standing": found[each.pk], "why": _why(found[each.pk])}
        for found in [standings(one, part)]
        for each in one.enrolments.on_roll().select_related("trainee").order_by("id")
    ]
    form = SittingForm(one, part, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = {int(pk) for pk in request.POST.getlist("people") if pk.isdecimal()}
        wanted = NewSitting(
            part=part,
            how=data["how"],
            held_on=data["held_on"],
            examiners=list(data["examiners"]),
            blueprint=data.get("blueprint"),
            checklist=data.get("checklist"),
            minutes=data.get("minutes"),
            enrolments=chosen,
            seed=data.get("seed") or "",
        )
        try:
            made = make_sitting(one, wanted, actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已安排。"), extra_tags="ok")
            return redirect("sitting", made.pk)
    context = {
        "class": one,
        "part": Part(part),
        "form": form,
        "rows": rows,
        "chosen": request.POST.getlist("people") if request.method == "POST" else None,
        "apart": policy_of(one.rule_set).apart,
    }
    return render(request, "assessing/new.html", context)


@may(PLAN)
@require_POST
def sitting_examiner(request: HttpRequest, pk: int) -> HttpResponse:
    """One more examiner."""
    one = get_object_or_404(Sitting, pk=pk)
    key = request.POST.get("examiner", "")
    user = examiners().filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0).first()
    try:
        if user is None:
            raise ValidationError("请选一位考评人 / choose an examiner")
        add_examiner(one, user, actor(request))
        messages.success(request, _("已加入考评人。"), extra_tags="ok")
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
    return redirect("sitting", pk)


def _why(standing: PartStanding) -> str:
    return "" if standing.may.ok else in_language(standing.may.zh, standing.may.en)
