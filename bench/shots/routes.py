"""Which addresses are ours to show: all but Wagtail's own, and those of our viewsets in it."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

SITES = {"centre": "lms.urls.centre", "base": "lms.urls.base"}
OURS = {"lms", "certificates", "courses", "tenants"}


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
