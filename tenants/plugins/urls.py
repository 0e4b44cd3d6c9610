"""The addresses of plugins: `/NAME/` where the plugin is on, and free for pages where it is not."""

from typing import Any

from django.urls import URLResolver, include
from django.urls.exceptions import Resolver404
from django.urls.resolvers import RoutePattern

from tenants.plugins.registry import installed, is_on


class PluginResolver(URLResolver):
    """Resolves nothing for a tenant that does not have the plugin."""

    def __init__(self, name: str, module: str) -> None:
        urlconf, app_name, namespace = include((module, name), namespace=name)
        super().__init__(
            RoutePattern(f"{name}/", is_endpoint=False), urlconf, None, app_name, namespace
        )
        self.plugin = name

    def resolve(self, path: Any) -> Any:
        if not is_on(self.plugin):
            raise Resolver404({"path": path, "tried": []})
        return super().resolve(path)


def addresses() -> list[URLResolver]:
    return [
        PluginResolver(name, config.urls) for name, config in installed().items() if config.urls
    ]
