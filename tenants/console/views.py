"""A base's record at the centre: its papers, its history, and the next step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from tenants.applications.models import Application, Paper, SiteCheck
from tenants.applications.services import CHECKLIST, record_check
from tenants.console.access import PERMISSION, at_centre
from tenants.console.crumbs import crumbs
from tenants.console.forms import FORMS, CheckForm, DesignateForm, StepForm
from tenants.designations.models import Step, TrainingBase
from tenants.designations.rules import NEXT
from tenants.designations.services import Official, designate, take_step
from tenants.faults import put_faults
from tenants.links import absolute
from tenants.staff.access import actor
from tenants.tables import download

#: Which permission a step asks for, and what its button says. "fail" is what a check may become.
STEPS = {
    "check": "check_base",
    "designate": "decide_base",
    "refuse": "decide_base",
    "warn": "decide_base",
    "lift": "decide_base",
    "suspend": "decide_base",
    "remove": "decide_base",
}
WARNINGS = {"remove": "bad", "suspend": "bad", "refuse": "bad", "warn": "warn"}


def title_of(kind: str) -> str:
    return _("实地核查") if kind == "check" else str(Step.Kind(kind).label)


@at_centre("view_trainingbase")
def base_detail(request: HttpRequest, base: TrainingBase) -> HttpResponse:
    checks = list(SiteCheck.objects.filter(base_id=base.pk).prefetch_related("papers"))
    items = [(code, zh, en) for code, zh, en in CHECKLIST]
    context = {
        "base": base,
        "crumbs": crumbs(base),
        "applications": Application.objects.filter(base_id=base.pk).prefetch_related(
            "trades__trade", "papers"
        ),
        "checks": [
            (check, [(zh, en, *check.items[code]) for code, zh, en in items if code in check.items])
            for check in checks
        ],
        "steps": Step.objects.filter(base=base).order_by("-number"),
        "terms": base.designations.prefetch_related("trades__trade").order_by("-id").first(),
        "site_url": absolute(base.tenant) if base.tenant else "",
        "changes": base.tenant.changes.all() if base.tenant else [],
        "can_open": request.user.has_perm(PERMISSION("open_base_site")),
        "next": [
            (kind, title_of(kind), WARNINGS.get(kind, ""))
            for kind, permission in STEPS.items()
            if kind in NEXT[base.state] and request.user.has_perm(PERMISSION(permission))
        ],
    }
    return render(request, "console/base.html", context)


@at_centre("view_trainingbase")
def base_step(request: HttpRequest, base: TrainingBase, kind: str) -> HttpResponse:
    """One step: its form, and the decision."""
    if kind not in STEPS or kind not in NEXT[base.state]:
        raise Http404
    if not request.user.has_perm(PERMISSION(STEPS[kind])):
        return HttpResponse(status=403)
    kwargs: dict[str, Any] = {}
    if kind == "designate":
        wanted = Application.objects.filter(base_id=base.pk).first()
        kwargs["wanted"] = (
            {line.trade.code: line.places for line in wanted.trades.select_related("trade")}
            if wanted
            else {}
        )
    form = FORMS.get(kind, StepForm)(request.POST or None, request.FILES or None, **kwargs)
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, base, kind, form)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已记入：%(what)s") % {"what": title_of(kind)})
            return redirect("console:base", base.pk)
    title = title_of(kind)
    context = {"base": base, "form": form, "title": title, "crumbs": crumbs(base, title)}
    return render(request, "console/step.html", context)


def _take(request: HttpRequest, base: TrainingBase, kind: str, form: Any) -> None:
    user, data = actor(request), form.cleaned_data
    by = Official(str(user), user.username)
    if isinstance(form, CheckForm):
        record_check(
            base,
            user,
            people=data["people"],
            items=form.items(),
            note=data["note"],
            photos=form.photos(),
            on=data["on"],
        )
    elif isinstance(form, DesignateForm):
        terms = ("document", "starts_on", "ends_on", "reason", "on")
        designate(base, by, trades=form.places(), **{name: data[name] for name in terms})
    else:
        take_step(base, kind, by, **data)


@at_centre("view_trainingbase")
def base_notice(request: HttpRequest, base: TrainingBase, number: int) -> HttpResponse:
    """A step as a notice to print on A4."""
    step = get_object_or_404(
        Step.objects.select_related("designation").prefetch_related("designation__trades__trade"),
        base=base,
        number=number,
    )
    return render(request, "console/notice.html", {"base": base, "step": step})


@at_centre("view_trainingbase")
def base_paper(request: HttpRequest, base: TrainingBase, uuid: str) -> HttpResponse:
    """A paper of this base's applications and checks: a download, never shown in the page."""
    paper = get_object_or_404(Paper, uuid=uuid)
    owner = paper.application or paper.site_check
    if owner is None or owner.base_id != base.pk:
        raise Http404
    kind = "application/pdf" if paper.file_name.endswith(".pdf") else "image/jpeg"
    with paper.file.open("rb") as file:
        return download(file.read(), paper.file_name, kind)
