"""The public door of a base: apply for a course, follow the application, take it back. No account."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.applying import follow
from courses.applying.forms import FollowForm, JoinForm
from courses.applying.models import ApplicationStep, ConsentText, CourseApplication
from courses.applying.places import Picker, picker
from courses.applying.rules import MAY_WITHDRAW
from courses.applying.services import apply as door
from courses.applying.services.consents import in_force
from courses.applying.services.terms import terms_of
from courses.services.identity import base_digest
from courses.villages import written
from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.staff.models import User
from tenants.throttle import too_often, used_up

BUSY = "registration/too_often.html"
#: An hour, of one address: a village's office sends for everybody.
SENDS, ASKS, WRONG = 60, 120, 20
SENDS_OF_ONE = 6  # an hour, of one resident ID
FORM = ["GET", "HEAD", "POST"]


def typed(request: HttpRequest) -> Any:
    """What was typed, when a place was tapped: the village is filled in at the third tap."""
    if "at" not in request.POST:
        return request.POST
    data = request.POST.copy()
    found = picker(str(data.get("at", "")), current_tenant()).village
    if found is not None:
        data["village"], data["village_code"] = written(found), found.code
    return data


def tapped(request: HttpRequest, form: Any) -> Picker:
    """What can be tapped now: villages that the typed name may mean, or the next level."""
    if getattr(form, "found", None):
        return Picker((), tuple(form.found))
    return picker(request.POST.get("at", ""), current_tenant())


def staff_of(request: HttpRequest) -> User | None:
    """Whoever is signed in and fills the form in for somebody."""
    return request.user if isinstance(request.user, User) else None


@sensitive_post_parameters("name", "resident_id", "phone")
@require_http_methods(FORM)
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """The form. A tap on a place comes back with all that was typed, without a script too."""
    consent = in_force(ConsentText.Kind.APPLICATION)
    taps = request.method == "POST" and "at" in request.POST
    if taps:
        form = JoinForm(initial=_initial(typed(request)), consent=consent)
    elif request.method == "POST":
        form = JoinForm(request.POST, consent=consent)
    else:
        form = JoinForm(initial={"wish": _wish(request, code)}, consent=consent)
    if request.method == "POST" and not taps and form.is_valid():
        if _too_many(request, form.cleaned_data["resident_id"]):
            return follow.private(render(request, BUSY, status=429))
        try:
            made = door.apply(form.sent(), staff_of(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            follow.hold(request, "application", made.number)
            messages.success(request, _("报名已收到，请记下受理号。"), extra_tags="ok")
            return redirect("join_mine")
    context = {
        "form": form,
        "consent": in_force(ConsentText.Kind.APPLICATION),
        "picker": tapped(request, form),
        "village_code": typed(request).get("village_code", ""),
        "base": current_tenant(),
        "none": not form.fields["wish"].choices,  # type: ignore[attr-defined]
    }
    return follow.private(render(request, "applying/join.html", context))


def _initial(data: Any) -> dict[str, Any]:
    return {name: data.get(name, "") for name in (*JoinForm.base_fields, "village_code")}


def _wish(request: HttpRequest, code: str) -> str:
    course = request.GET.get("course", "")[:60]
    return f"class:{code}" if code else f"course:{course}"


def _too_many(request: HttpRequest, resident_id: str) -> bool:
    """Counted for what is sent in full: who mistypes is not shut out."""
    if too_often(request, "join", SENDS, 3600):
        return True
    return too_often(request, "join-one", SENDS_OF_ONE, 3600, base_digest(resident_id).hex())


@sensitive_post_parameters("number", "last4")
@require_http_methods(FORM)
def status(request: HttpRequest) -> HttpResponse:
    """The number and the last four of the ID; the same answer whichever of them is wrong."""
    form = FollowForm(request.POST or None)
    code = 200
    if request.method == "POST" and form.is_valid():
        wrong = ("join-wrong", WRONG, 3600)
        if too_often(request, "join-status", ASKS, 3600) or used_up(request, *wrong):
            return follow.private(render(request, BUSY, status=429))
        found = door.find(form.cleaned_data["number"], form.cleaned_data["last4"])
        if found is not None:
            follow.hold(request, "application", found.number)
            return follow.private(redirect("join_mine"))
        too_often(request, *wrong)
        form.add_error(None, _("受理号或者后四位不对，请核对；找不到受理号请打电话。"))
        code = 403
    context = {"form": form, "base": current_tenant()}
    return follow.private(render(request, "applying/status.html", context, status=code))


def _held(request: HttpRequest) -> CourseApplication | None:
    number = follow.held(request, "application")
    rows = CourseApplication.objects.select_related(
        "project", "training_class__village", "placed_in__village__parent", "repeats"
    )
    return rows.filter(number=number).first() if number else None


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where the application stands, for whoever has shown its number, or has just sent it."""
    found = _held(request)
    if found is None:
        return follow.private(redirect("join_status"))
    shown = door.shown_of(found)
    context = {
        "found": found,
        "shown": shown,
        "steps": shown.steps.exclude(kind=ApplicationStep.Kind.REPEATED),
        "terms": terms_of(shown.placed_in) if shown.placed_in else None,
        "may_withdraw": shown.state in MAY_WITHDRAW,
        "base": current_tenant(),
        "minutes": follow.MINUTES,
    }
    return follow.private(render(request, "applying/mine.html", context))


@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    found = _held(request)
    if found is None:
        return follow.private(redirect("join_status"))
    try:
        door.withdraw(door.shown_of(found))
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
    else:
        messages.success(request, _("报名已撤回。"), extra_tags="ok")
    return redirect("join_mine")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    for kind in ("application", "proposal"):
        follow.drop(request, kind)
    return redirect("join")


@require_safe
def places(request: HttpRequest, code: str) -> JsonResponse:
    """The next taps, for the page's script: names of public divisions."""
    if too_often(request, "places", 600, 3600):
        return JsonResponse({}, status=429)
    found = picker(code, current_tenant())
    if code != "0" and not found.path:
        raise Http404
    return JsonResponse(
        {
            "path": [{"code": each.code, "name": each.name} for each in found.path],
            "choices": [{"code": each.code, "name": each.name} for each in found.choices],
            "written": written(found.village) if found.village else "",
        }
    )
