"""The centre looks into a base: only at the people who were drawn, and every look at a number is kept."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tenants.utils import tenant_context

from certificates.duties.forms import ExceptionForm, HeardForm
from certificates.duties.lists import differences_of, kind_label
from certificates.duties.models import GateException, SampleCheck, SampledPerson
from certificates.duties.services import gate as gates
from certificates.duties.services import samples
from certificates.duties.services.calls import tel
from certificates.duties.services.samples import Heard, Sampled
from certificates.duties.views.base import excel_header, excel_line, standings
from tenants.cells import is_here
from tenants.console.access import bases_of
from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.models import Tenant
from tenants.staff.access import actor, may
from tenants.staff.models import User
from tenants.tables import wants_excel, workbook_response

PAGE = 25
STATES = {
    "ready": gettext_lazy("待抽查"),
    "waiting": gettext_lazy("等基地登记"),
    "open": gettext_lazy("有差异，待答复"),
    "answered": gettext_lazy("有差异，已答复"),
    "agrees": gettext_lazy("一致"),
    "void": gettext_lazy("已撤销，另抽一人"),
}
COLOURS = {"ready": "warn", "open": "bad", "agrees": "ok"}


def _bases(user: User) -> QuerySet[Tenant]:
    in_sight = bases_of(user).exclude(tenant=None).values("tenant")
    found = Tenant.objects.filter(type=Tenant.Type.BASE, pk__in=in_sight, closed_on__isnull=True)
    return found.order_by("name", "pk")


def of_base(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view gets the tenant of that short name, if this person sees it and this cell serves it."""

    @wraps(view)
    def found(request: HttpRequest, base: str, **kwargs: Any) -> HttpResponse:
        tenant = _bases(actor(request)).filter(slug=base).first()
        if tenant is None:
            raise Http404
        if not is_here(tenant) or tenant.moving:
            said = _("该基地由另一分区办理，请到那里的中心网站。")
            messages.error(request, said, extra_tags="bad")
            return redirect("follow_up_bases")
        return view(request, tenant, **kwargs)

    return found


@may("duties.check_sample")
def follow_up_bases(request: HttpRequest) -> HttpResponse:
    """Bases with what was drawn and heard; as Excel, every discrepancy with both versions."""
    bases = _bases(actor(request))
    if wants_excel(request):
        return _discrepancies(bases)
    page = Paginator(bases, PAGE).get_page(request.GET.get("page"))
    rows = [(base, _counted(base) if _open(base) else None) for base in page]
    return render(request, "duties/follow_up_bases.html", {"page": page, "rows": rows})


def _open(base: Tenant) -> bool:
    return is_here(base) and not base.moving


def _counted(base: Tenant) -> dict[str, int]:
    """Counts alone: no name leaves the base for this page."""
    with tenant_context(base):
        checks = SampleCheck.objects.filter(result="reached")
        differ = checks.exclude(differences=[])
        return {
            "drawn": SampledPerson.objects.count(),
            "heard": checks.count(),
            "differ": differ.count(),
            "open": differ.filter(answer__isnull=True).count(),
        }


def _discrepancies(bases: QuerySet[Tenant]) -> HttpResponse:
    lines = []
    for base in bases:
        if _open(base):
            with tenant_context(base):
                checks = SampleCheck.objects.exclude(differences=[]).select_related(
                    "certificate__enrolment__training_class", "answer__by"
                )
                lines += [[base.name, *excel_line(check)] for check in checks]
    name = f"discrepancies-{timezone.localdate()}"
    return workbook_response(name, [_("基地"), *excel_header()], lines)


@may("duties.check_sample")
@of_base
def sample_list(request: HttpRequest, base: Tenant) -> HttpResponse:
    """Who was drawn at a base, class by class. No phone number, and no outcome that was not compared."""
    with tenant_context(base):
        found = samples.sampled()
        draws = _draws() if not wants_excel(request) else []
    if asked := request.GET.get("class", ""):
        found = [each for each in found if each.class_code == asked]
    if wants_excel(request):
        return _sample_workbook(base, found)
    context = {
        "base": base,
        "rows": [_shown(each) for each in found],
        "draws": draws,
        "class": asked,
    }
    return render(request, "duties/sample_list.html", context)


def _draws() -> list[dict[str, Any]]:
    """What proves that nobody chose: the seed, and of how many how many were drawn."""
    from certificates.duties.models import SampleDraw

    draws = SampleDraw.objects.select_related("training_class").order_by("-id")[:50]
    return [
        {
            "class": draw.training_class.code,
            "at": draw.at,
            "seed": draw.seed,
            "people": len(draw.numbers),
            "wanted": draw.wanted,
            "percent": draw.percent,
        }
        for draw in draws
    ]


def _shown(each: Sampled) -> dict[str, Any]:
    check = each.check
    return {
        "each": each,
        "state": STATES[each.state],
        "colour": COLOURS.get(each.state, ""),
        "differences": differences_of(check) if check else [],
        "of_base": kind_label(check.base_kind) if check else "",
        "of_centre": kind_label(check.kind) if check else "",
    }


def _sample_workbook(base: Tenant, found: list[Sampled]) -> HttpResponse:
    header = [_("班次"), _("姓名"), _("证书编号"), _("状态"), _("差异"), _("基地：去向")]
    header += [_("基地：用人单位"), _("中心：去向"), _("中心：用人单位"), _("中心：抽查人")]
    lines = []
    for each in found:
        shown, check = _shown(each), each.check
        line = [each.class_code, each.name, each.number, str(shown["state"])]
        line += ["、".join(shown["differences"]), shown["of_base"]]
        line += [check.base_employer if check else "", shown["of_centre"]]
        lines.append([*line, *((check.employer, check.officer) if check else ("", ""))])
    return workbook_response(f"samples-{base.slug}", header, lines)


@may("duties.check_sample")
@of_base
def sample_person(request: HttpRequest, base: Tenant, pk: int) -> HttpResponse:
    """See the number (which is kept), call, write down what was heard; then both versions are shown."""
    officer = actor(request)
    who = {"officer": str(officer), "account": officer.username}
    form, phone = HeardForm(), None
    if request.method == "POST":
        try:
            with tenant_context(base):
                if not SampledPerson.objects.filter(pk=pk).exists():
                    raise Http404
                if request.POST.get("act") == "look":
                    phone = samples.look(pk, **who)
                else:
                    form = HeardForm(request.POST)
                    if form.is_valid():
                        samples.record_check(pk, Heard(**form.cleaned_data), **who)
        except ValidationError as error:
            if form.is_bound:
                put_faults(form, error)
            else:
                messages.error(request, as_said(error)[0], extra_tags="bad")
        if form.is_bound and form.is_valid():
            messages.success(request, _("已登记抽查。"), extra_tags="ok")
            return redirect("sample_person", base.slug, pk)
    with tenant_context(base):
        found = samples.sampled(pk)
        person = SampledPerson.objects.filter(pk=pk).first()
        looks = list(person.looks.all()) if person else []
        tries = list(person.checks.exclude(result="reached")) if person else []
    if not found:
        raise Http404
    looked = any(look.account == officer.username for look in looks)
    context = {
        "base": base,
        "shown": _shown(found[0]),
        "check": found[0].check,
        "phone": phone,
        "tel": tel(phone or ""),
        "form": form if looked and found[0].state == "ready" else None,
        "looks": looks,
        "tries": tries,
    }
    response = render(request, "duties/sample_person.html", context)
    response["Cache-Control"] = "no-store"
    return response


@may("duties.check_sample")
@of_base
def gate_exceptions(request: HttpRequest, base: Tenant) -> HttpResponse:
    """How each trade of a base stands before the gate; whoever may grants an exception for a reason."""
    officer = actor(request)
    may_grant = officer.has_perm("duties.grant_exception")
    form = ExceptionForm(request.POST or None)
    if request.method == "POST" and may_grant and form.is_valid():
        try:
            with tenant_context(base):
                gates.grant_exception(
                    officer=str(officer), account=officer.username, **form.cleaned_data
                )
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("例外已批准。"), extra_tags="ok")
            return redirect("gate_exceptions", base.slug)
    context: dict[str, Any] = {"base": base, "form": form if may_grant else None}
    with tenant_context(base):
        context["exceptions"] = list(GateException.objects.select_related("trade"))
        try:
            context["standings"] = standings()
        except ValidationError as error:
            context["fault"] = as_said(error)[0]
    context |= {"today": timezone.localdate(), "centre": current_tenant()}
    return render(request, "duties/gate_exceptions.html", context)
