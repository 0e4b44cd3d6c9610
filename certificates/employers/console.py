"""Employers in the centre's admin: the list, one of them, and what an official decides."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from certificates.employers.forms import ChangeForm
from certificates.employers.models import Confirmation, Employer, EmployerStep
from certificates.employers.services.register import NEXT, change, decide
from certificates.employers.services.sign_in import end_all
from tenants.current import current_tenant, is_type
from tenants.faults import as_said, put_faults
from tenants.staff.access import actor

VIEW, DECIDE = "employers.view_employer", "employers.decide_employer"
FIELDS = ("name", "trade", "division_code", "address", "contact", "phone", "email")


def _guard(request: HttpRequest, *permissions: str) -> None:
    if not is_type("centre"):
        raise Http404
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def employers_here() -> QuerySet[Employer]:
    return Employer.objects.filter(centre_id=current_tenant().pk)


def crumbs(employer: Employer, title: str = "") -> list[dict[str, str]]:
    found = [
        {"url": reverse("employers:index"), "label": _("用人单位")},
        {"url": reverse("employers:employer", args=[employer.pk]), "label": employer.name},
    ]
    return [*found, {"url": "", "label": title}] if title else found


class EmployerIndex(IndexView):  # type: ignore[misc]
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _guard(request, VIEW)
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet[Employer]:
        return employers_here()


class EmployerMenuItem(MenuItem):  # type: ignore[misc]
    def is_shown(self, request: HttpRequest) -> bool:
        return is_type("centre") and request.user.has_perm(VIEW)


def employer_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Data, history, next steps; POST decides."""
    _guard(request, VIEW)
    found = get_object_or_404(employers_here(), pk=pk)
    may_decide = request.user.has_perm(DECIDE)
    faults: list[str] = []
    if request.method == "POST":
        _guard(request, DECIDE)
        try:
            _act(request, found)
            return redirect("employers:employer", found.pk)
        except ValidationError as error:
            faults = as_said(error)
    kinds = NEXT[Employer.State(found.state)]
    now = timezone.now()
    context = {
        "employer": found,
        "crumbs": crumbs(found),
        "steps": found.steps.order_by("-id"),
        "next": [(kind.value, kind.label) for kind in kinds] if may_decide else [],
        "may_decide": may_decide,
        "faults": faults,
        "reason": request.POST.get("reason", ""),
        "sessions": found.sessions.filter(ended_at__isnull=True, expires_at__gt=now).count(),
        "people": Confirmation.objects.filter(employer_uscc=found.uscc).count(),
        "waiting": Confirmation.objects.filter(employer_uscc=found.uscc, state="waiting").count(),
    }
    return render(request, "employers/console.html", context)


def _act(request: HttpRequest, found: Employer) -> None:
    kind = request.POST.get("kind", "")
    if kind == "sign_out":
        count = end_all(found)
        messages.success(request, _("已结束 %(n)s 个登录。") % {"n": count})
        return
    decide(found, kind, actor(request), request.POST.get("reason", ""))
    label = EmployerStep.Kind(kind).label
    messages.success(request, _("已记入：%(what)s") % {"what": label})


def employer_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an employer's data; never its credit code."""
    _guard(request, VIEW, DECIDE)
    found = get_object_or_404(employers_here(), pk=pk)
    initial = {name: getattr(found, name) for name in FIELDS}
    form = ChangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        reason = data.pop("reason")
        try:
            change(found, data, actor(request), reason)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已更正。"))
            return redirect("employers:employer", found.pk)
    title = EmployerStep.Kind.CHANGED.label
    context = {"employer": found, "form": form, "title": title, "crumbs": crumbs(found, str(title))}
    return render(request, "employers/console_change.html", context)


class EmployerViewSet(ModelViewSet):  # type: ignore[misc]
    model = Employer
    name = "employers"
    url_prefix = "employers"
    icon = "user"
    menu_label = gettext_lazy("用人单位")
    menu_order = 91
    add_to_admin_menu = True
    add_to_reference_index = False
    index_view_class = EmployerIndex
    index_results_template_name = "wagtailadmin/generic/index_results.html"
    form_fields: list[str] = []
    list_display = [
        TitleColumn("name", label=gettext_lazy("法定名称"), url_name="employers:employer"),
        StatusTagColumn(
            "get_state_display", label=gettext_lazy("状态"), primary=True, sort_key="state"
        ),
        Column(
            "state_on", label=gettext_lazy("状态日期"), sort_key="state_on", classname="on-desk"
        ),
        Column("uscc", label=gettext_lazy("统一社会信用代码"), classname="on-desk"),
        Column("contact", label=gettext_lazy("联系人"), classname="on-desk"),
        Column("phone", label=gettext_lazy("联系电话")),
    ]
    list_filter = ["state"]
    list_export = [*FIELDS[:1], "uscc", *FIELDS[1:], "get_state_display", "state_on"]
    export_filename = "employers"
    search_fields = ["name", "uscc"]
    search_backend_name = None

    def get_menu_item(self, order: int | None = None) -> MenuItem:
        return EmployerMenuItem(
            self.menu_label,
            reverse("employers:index"),
            name="employers",
            icon_name=self.icon,
            order=order or self.menu_order,
        )

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", employer_detail, name="employer"),
            path("<int:pk>/change/", employer_change, name="change"),
        ]
