"""Switch a plugin on or off for a tenant."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django_tenants.utils import schema_context, tenant_context

from tenants.cells import must_be_here
from tenants.models import SiteChange, Tenant
from tenants.plugins import faults
from tenants.plugins.registry import installed, is_on


def blockers_of(name: str, tenant: Tenant) -> list[str]:
    """Why the plugin cannot be switched off for the tenant now; a crash of the plugin is one."""
    with tenant_context(tenant), faults.kept(name, "blockers") as outcome:
        outcome.value = [str(text) for text in installed()[name].blockers(tenant)]
    if outcome.failed:
        said = outcome.error
        return [f"插件没能说明能不能停用：{said} / the plugin failed when it was asked: {said}"]
    return list(outcome.value)


@transaction.atomic
def switch(tenant: Tenant, name: str, on: bool, by: str, at_centre: bool) -> None:
    """Switch it, and note who did. Raises ValidationError with what stands against it.

    A plugin that is on and not loaded can only be switched off. A restricted one is the centre's.
    """
    config = installed().get(name)
    with schema_context("public"):
        locked = Tenant.objects.select_for_update().get(pk=tenant.pk)
        must_be_here(locked)
        decided = list(locked.plugins)
        if config is None and (on or name not in decided):
            raise ValidationError(f"没有插件 {name} / there is no plugin {name}")
        if config is not None:
            if not config.made_for(locked.type):
                raise ValidationError(
                    "这个插件不是给这里用的 / this plugin is not made for this site"
                )
            if config.restricted and not at_centre:
                raise ValidationError(
                    "这个插件只能由服务中心开关 / only the centre switches this plugin"
                )
        if config is not None and is_on(name, locked) == on:
            return
    if config is not None and not on and (against := blockers_of(name, tenant)):
        raise ValidationError(against)
    with schema_context("public"):
        rest = [entry for entry in decided if entry.lstrip("-") != name]
        locked.plugins = sorted([*rest, name if on else f"-{name}"] if config else rest)
        locked.save(update_fields=["plugins"])
        SiteChange.objects.create(
            tenant=locked,
            kind=SiteChange.Kind.PLUGIN_ON if on else SiteChange.Kind.PLUGIN_OFF,
            after=name,
            by=by[:60],
        )


def settle_defaults() -> None:
    """Write down, where nobody has decided, which plugins are on by their author's default.

    So that one which cannot be loaded later is known to be missing, and refuses certificates.
    """
    wanted = [(name, config) for name, config in installed().items() if config.default_on]
    with schema_context("public"):
        for tenant in Tenant.objects.all() if wanted else ():
            decided = {entry.lstrip("-") for entry in tenant.plugins}
            new = [n for n, config in wanted if n not in decided and config.made_for(tenant.type)]
            if new:
                tenant.plugins = sorted([*tenant.plugins, *new])
                tenant.save(update_fields=["plugins"])
