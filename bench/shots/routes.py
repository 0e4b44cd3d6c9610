"""Which addresses are ours to show: all but Wagtail's own, and those of our viewsets in it.

Of plugins those in `plugins/`: others are their authors' to look at.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tenants.plugins.registry import installed
from tenants.plugins.urls import PluginResolver

SITES = {"centre": "lms.urls.centre", "base": "lms.urls.base"}
OURS = {"lms", "certificates", "courses", "tenants"}
PLUGINS = Path(__file__).parents[2] / "plugins"


def _is_ours(plugin: str) -> bool:
    return PLUGINS in Path(installed()[plugin].path).parents


def _our_viewsets() -> set[str]:
    """Namespaces of the viewsets that our apps put into Wagtail's admin."""
    from wagtail.admin.viewsets import viewsets

    viewsets.populate()
    return {
        viewset.url_namespace
        for viewset in viewsets.viewsets
        if type(viewset).__module__.split(".")[0] in OURS
    }


def _names(
    resolver: URLResolver, spaces: tuple[str, ...], ours: bool, mine: set[str]
) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, PluginResolver) and not _is_ours(entry.plugin):
            continue
        if isinstance(entry, URLResolver):
            module: Any = getattr(entry.urlconf_name, "__name__", "")
            inside = (ours and not module.startswith("wagtail")) or entry.namespace in mine
            inner = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from _names(entry, inner, inside, mine)
        elif isinstance(entry, URLPattern) and ours:
            yield ":".join([*spaces, entry.name or str(entry.pattern)])


def our_routes(site: str) -> set[str]:
    """Names of our addresses at a `centre` or a `base`, as `reverse` takes them.

    An address without a name is called by its pattern.
    """
    return set(_names(get_resolver(SITES[site]), (), True, _our_viewsets()))
