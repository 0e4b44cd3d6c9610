"""System checks: a plugin that the gate could not keep shut is found before it serves anybody."""

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from tenants.plugins.registry import installed


def check_plugins(**kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for name, config in installed().items():
        found += _of_config(name, config)
        found += _of_pages(name)
    if installed():
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
