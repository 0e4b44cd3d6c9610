"""The one gate: what belongs to a plugin that is off does not exist for the tenant.

What belongs to whom is found by where it comes from: the module of a view, its model, the name
space of its addresses, the app label in an address. An author writes no `if`.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest

from tenants.plugins.registry import active, installed, is_on, owner_of_module

#: Parts of Wagtail's addresses that hold an app label.
APP_PARTS = ("app_label", "app_name", "content_type_app_name", "content_type_app_label")
NONE_OF_OURS = ""


def owner_of(thing: Any) -> str:
    """The plugin that a view, function, class or object belongs to; empty for nobody's."""
    if not installed():
        return NONE_OF_OURS
    for face in _faces(thing):
        label = getattr(getattr(face, "_meta", None), "app_label", "")
        if label in installed():
            return str(label)
        module = getattr(face, "__module__", None) or type(face).__module__
        if found := owner_of_module(str(module)):
            return found
    return NONE_OF_OURS


def _faces(thing: Any) -> Iterator[Any]:
    """All that may tell whose `thing` is: what it wraps, is bound to, or was made from."""
    seen: list[Any] = []
    while thing is not None and thing not in seen:
        seen.append(thing)
        yield thing
        yield type(thing)
        bound = getattr(thing, "__self__", None)
        if bound is not None:
            yield from (bound, type(bound))
        for name in ("view_class", "model", "snippet_viewset", "page_class"):
            for holder in (thing, bound):
                if (found := getattr(holder, name, None)) is not None and holder is not None:
                    yield found
        given = getattr(thing, "view_initkwargs", None) or getattr(thing, "initkwargs", None) or {}
        yield from (value for value in given.values() if isinstance(value, type))
        for cell in getattr(thing, "__closure__", None) or ():
            try:
                held = cell.cell_contents
            except ValueError:  # not filled yet
                continue
            if callable(held) or hasattr(held, "_meta") or hasattr(held, "model"):
                yield held
                if (model := getattr(held, "model", None)) is not None:
                    yield model
        thing = getattr(thing, "__wrapped__", None) or getattr(thing, "func", None)


@cache
def _name_spaces() -> dict[str, str]:
    """Of the viewsets in Wagtail's admin, those of plugins: name space -> plugin."""
    from wagtail.admin.viewsets import viewsets

    found = {}
    for viewset in viewsets.viewsets:
        if owner := owner_of(viewset):
            found[viewset.url_namespace] = owner
    return found


_owners: dict[Any, str] = {}


def owner_of_address(match: Any) -> str:
    """The plugin that the resolved address `match` belongs to."""
    for part in APP_PARTS:
        if match.kwargs.get(part) in installed():
            return str(match.kwargs[part])
    if match.namespaces:
        if match.namespaces[0] in installed():
            return str(match.namespaces[0])
        if owner := _name_spaces().get(match.namespaces[0]):
            return owner
    if match.func not in _owners:
        _owners[match.func] = owner_of(match.func)
    return _owners[match.func]


class PluginGate:
    """404 for every address of a plugin that the tenant does not have."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not installed():
            return
        owner = owner_of_address(request.resolver_match)
        if owner and not is_on(owner):
            raise Http404


def is_hidden(model: Any) -> bool:
    """Whether a model, or an object of it, belongs to a plugin that is off."""
    label = model._meta.app_label
    return label in installed() and not is_on(label)


def hidden_labels() -> list[str]:
    return [name for name in installed() if not is_on(name)]


def wants_second_factor(permission: str) -> bool:
    """Whether the permission counts only with a second factor: the core's and plugins' own."""
    if permission in settings.SECOND_FACTOR_PERMISSIONS:
        return True
    label, _, codename = permission.partition(".")
    config = installed().get(label)
    return config is not None and codename in config.second_factor


def second_factor_permissions() -> list[str]:
    """All of them, those of plugins where they are on."""
    own = [f"{name}.{code}" for name in active() for code in installed()[name].second_factor]
    return [*settings.SECOND_FACTOR_PERMISSIONS, *own]


def allows(permission: str) -> bool:
    """Whether a permission counts: those of a plugin that is off are nobody's."""
    label = permission.partition(".")[0]
    return label not in installed() or is_on(label)
