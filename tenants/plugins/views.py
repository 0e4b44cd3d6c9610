"""The Plugins page: what each plugin does, whether it is on, what fails, and who switched it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django_tenants.utils import schema_context

from tenants.current import current_tenant, is_type
from tenants.faults import as_said
from tenants.models import SiteChange, Tenant
from tenants.plugins.config import PluginConfig
from tenants.plugins.models import PluginFault
from tenants.plugins.points import POINTS
from tenants.plugins.registry import installed, is_on, missing
from tenants.plugins.services import blockers_of, switch
from tenants.staff.access import actor, may

#: What people call the extension points.
TITLES = {
    "eligibility_rules": gettext_lazy("发证条件"),
    "evidence_checks": gettext_lazy("佐证核查"),
    "class_opening_rules": gettext_lazy("开班条件"),
    "certificate_templates": gettext_lazy("证书样式"),
    "verification_outputs": gettext_lazy("核验页说明"),
    "channels": gettext_lazy("消息通道"),
    "reports": gettext_lazy("报表"),
    "dashboard_panels": gettext_lazy("首页面板"),
    "jobs": gettext_lazy("后台任务"),
}
SWITCHES = (SiteChange.Kind.PLUGIN_ON, SiteChange.Kind.PLUGIN_OFF)


@dataclass(frozen=True)
class Line:
    """A plugin as the page shows it for one tenant."""

    config: PluginConfig
    version: str
    author: str
    on: bool
    points: list[str]
    faults: list[PluginFault]
    blockers: list[str]
    may_switch: bool
    settings_address: str


def _switches(tenant: Tenant) -> list[SiteChange]:
    with schema_context("public"):
        return list(SiteChange.objects.filter(tenant=tenant, kind__in=SWITCHES)[:100])


def _lines(tenant: Tenant) -> list[Line]:
    found = {plugin.name: plugin for plugin in settings.PLUGINS}
    failed: dict[str, list[PluginFault]] = {}
    for fault in PluginFault.objects.all()[:200]:
        failed.setdefault(fault.plugin, []).append(fault)
    return [
        Line(
            config=config,
            version=found[name].version,
            author=found[name].author,
            on=is_on(name, tenant),
            points=[
                str(TITLES.get(p.name, p.name))
                for p in POINTS.values()
                if any(c.plugin == name for c in p.all())
            ],
            faults=failed.get(name, [])[:5],
            blockers=blockers_of(name, tenant) if is_on(name, tenant) else [],
            may_switch=not config.restricted or is_type("centre"),
            settings_address=_settings_of(config) if is_on(name, tenant) else "",
        )
        for name, config in installed().items()
        if config.made_for(tenant.type)
    ]


def _settings_of(config: PluginConfig) -> str:
    """The plugin's settings page in Wagtail's admin, when it has one."""
    from django.urls import reverse
    from wagtail.contrib.settings.registry import registry

    for model in registry:
        if model._meta.app_label == config.label:
            parts = [model._meta.app_label, model._meta.model_name]
            return reverse("wagtailsettings:edit", args=parts)
    return ""


@may("plugins.switch_plugin")
def plugin_list(request: HttpRequest) -> HttpResponse:
    """The plugins of this tenant; at the centre also a table of all bases."""
    tenant = current_tenant()
    names = {name: config.label_in_language for name, config in installed().items()}
    context: dict[str, Any] = {
        "lines": _lines(tenant),
        "bad": settings.BAD_PLUGINS,
        "missing": missing(tenant),
        "switches": [
            (change, names.get(change.after, change.after)) for change in _switches(tenant)
        ],
    }
    if is_type("centre"):
        for_bases = {n: c for n, c in installed().items() if c.made_for("base")}
        with schema_context("public"):
            bases = list(Tenant.objects.filter(centre_id=tenant.pk, closed_on__isnull=True))
        context["columns"] = for_bases.values()
        context["bases"] = [
            (base, [(name, is_on(name, base)) for name in for_bases], missing(base))
            for base in bases
        ]
    return render(request, "plugins/list.html", context)


@may("plugins.switch_plugin")
@require_POST
def plugin_switch(request: HttpRequest, name: str) -> HttpResponse:
    """Switch for this tenant, or, at the centre, for one of its bases (`base` is its slug)."""
    tenant = current_tenant()
    at_centre = is_type("centre")
    slug = request.POST.get("base", "")
    if slug:
        if not at_centre:
            raise Http404
        with schema_context("public"):
            tenant = get_object_or_404(Tenant, centre_id=tenant.pk, slug=slug)
    on = request.POST.get("on") == "1"
    try:
        switch(tenant, name, on, str(actor(request)), at_centre)
    except ValidationError as error:
        for text in as_said(error):
            messages.error(request, text, extra_tags="bad")
    else:
        done = _("已启用：%(name)s") if on else _("已停用：%(name)s")
        config = installed().get(name)
        title = config.label_in_language if config else name
        messages.success(request, done % {"name": f"{title} · {tenant.name}"})
    return redirect("plugin_list")
