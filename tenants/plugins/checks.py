"""System checks: a plugin that the gate could not keep shut is found before it serves anybody."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.urls import get_resolver

from tenants.plugins.registry import installed
from tenants.staff.roles import AT_BASE, AT_CENTRE


def check_plugins(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name, config in installed().items():
        found += _of_config(name, config)
        found += _of_pages(name)
        found += _of_roles(name, config)
    if installed():
        taken = addresses_taken()
        found += [
            Error(
                f"{name}: 地址 /{name}/ 是系统自己的 / the core has the address /{name}/",
                hint="给插件换一个名称 / give the plugin another name",
                id="plugins.E004",
            )
            for name in installed()
            if name in taken
        ]
        from tenants.plugins.hooks import unwrapped

        found += [
            Error(
                f"{owner}: 钩子 {hook} 没有开关可管 / the hook {hook} ({function}) cannot be kept"
                " shut while the plugin is off",
                hint="改用 plugin-api.md 中的扩展点 / use an extension point instead",
                id="plugins.E001",
            )
            for owner, hook, function in unwrapped()
        ]
    return found


def _of_config(name: str, config: Any) -> list[CheckMessage]:
    faults = []
    if config.label != name:
        faults.append(
            f"label 是 {config.label}，应与入口名相同 / label differs from its entry point"
        )
    faults += [
        f"没有 {field} / {field} is missing"
        for field in ("title", "title_en", "description", "description_en")
        if not getattr(config, field)
    ]
    return [Error(f"{name}: {fault}", id="plugins.E002") for fault in faults]


def _of_pages(name: str) -> list[CheckMessage]:
    from wagtail.models import Page

    from tenants.plugins.pages import PluginPage

    return [
        Error(
            f"{name}: {model.__name__} 应继承 PluginPage / must be a PluginPage", id="plugins.E003"
        )
        for model in apps.get_app_config(name).get_models()
        if issubclass(model, Page) and not issubclass(model, PluginPage)
    ]


def addresses_taken() -> set[str]:
    """The first parts of the core's own addresses: no plugin of such a name would be reached."""
    from tenants.plugins.urls import PluginResolver

    kinds = ("centre", "base")
    patterns = [p for kind in kinds for p in get_resolver(_urls(kind)).url_patterns]
    firsts = {str(p.pattern).split("/")[0] for p in patterns if not isinstance(p, PluginResolver)}
    return {first for first in firsts if first.isidentifier()}


def _urls(kind: str) -> str:
    return str(settings.TENANT_TYPES[kind]["URLCONF"])


def _of_roles(name: str, config: Any) -> list[CheckMessage]:
    """Roles that are none, and permissions that no model of the plugin has."""
    roles = {*AT_BASE, *AT_CENTRE}
    known = {
        codename
        for model in apps.get_app_config(name).get_models()
        for codename in [
            *(f"{act}_{model._meta.model_name}" for act in model._meta.default_permissions),
            *(codename for codename, _title in model._meta.permissions),
        ]
    }
    faults = [
        f"roles 里的 {role} 不是角色 / {role} is no role; there are {', '.join(sorted(roles))}"
        for role in config.roles
        if role not in roles
    ]
    faults += [
        f"没有权限 {codename} / no model of it has the permission {codename}"
        for given in config.roles.values()
        for codename in given
        if codename not in known
    ]
    return [Error(f"{name}: {fault}", id="plugins.E005") for fault in faults]
