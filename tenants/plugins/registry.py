"""Which plugins there are, and which of them are on for the tenant that is served.

The tenant's row holds what was decided for it: `name` is on, `-name` is off, and for all else the
author's default counts. Nothing here asks the database.
"""

from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings

from tenants.current import connection
from tenants.plugins.config import PluginConfig
from tenants.plugins.discover import PluginRefused


@cache
def installed() -> dict[str, PluginConfig]:
    """The plugins that this process has loaded, by name, in the order of their names."""
    found = {}
    for plugin in settings.PLUGINS:
        config = apps.app_configs.get(plugin.name)
        if not isinstance(config, PluginConfig):
            fault = (
                f"{plugin.package}.apps 里没有 label 为 {plugin.name} 的 PluginConfig"
                f" / {plugin.package}.apps has no PluginConfig with the label {plugin.name}"
            )
            raise PluginRefused(replace(plugin, fault=fault).line)
        found[plugin.name] = config
    return found


@cache
def _packages() -> dict[str, str]:
    return {config.name: name for name, config in installed().items()}


def owner_of_module(module: str) -> str:
    """The plugin that a module is part of; empty for the core and for libraries."""
    if not settings.PLUGINS:
        return ""
    packages = _packages()
    while module:
        if module in packages:
            return packages[module]
        module = module.rpartition(".")[0]
    return ""


def served() -> Any:
    """The tenant that the connection is set to; inside `schema_context` it has no plugins."""
    return connection.tenant


def is_on(name: str, tenant: Any = None) -> bool:
    """Whether the plugin is loaded and on for `tenant` (the one that is served)."""
    config = installed().get(name)
    if config is None:
        return False
    tenant = tenant or served()
    decided = getattr(tenant, "plugins", None)
    if decided is None or not config.made_for(tenant.type):
        return False
    return name in decided or (config.default_on and f"-{name}" not in decided)


def active(tenant: Any = None) -> list[str]:
    """The plugins that are on, in the order of their names."""
    return [name for name in installed() if is_on(name, tenant)]


def missing(tenant: Any = None) -> list[str]:
    """Plugins that are on for the tenant and not loaded: skipped as bad, or taken away."""
    decided = getattr(tenant or served(), "plugins", None) or []
    return [name for name in decided if not name.startswith("-") and name not in installed()]
