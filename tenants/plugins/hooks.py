"""Wagtail's hooks of plugins, wrapped: one that is off answers as if it were not there.

Some hooks are asked once a process: what they give is marked, and hidden for each request. The
others are asked for each request, and give nothing while their plugin is off.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from wagtail import hooks

from tenants.plugins.gate import owner_of
from tenants.plugins.registry import is_on

Hook = Callable[..., Any]

#: Asked once a process, for things that are reached through addresses or permissions alone.
PROCESS_WIDE = {
    "register_admin_urls",
    "register_admin_viewset",
    "register_group_permission_panel",
    "register_icons",
    "register_image_operations",
    "register_log_actions",
    "register_permissions",
    "register_rich_text_features",
}
#: Asked once a process, for an item that every request asks whether it is shown.
ITEMS = {
    "register_account_settings_panel",
    "register_admin_menu_item",
    "register_admin_search_area",
    "register_help_menu_item",
    "register_page_action_menu_item",
    "register_reports_menu_item",
    "register_settings_menu_item",
    "register_snippet_action_menu_item",
}
#: Give a list for each request.
LISTS = {
    "register_page_header_buttons",
    "register_page_listing_buttons",
    "register_page_listing_more_buttons",
    "register_snippet_listing_buttons",
    "register_user_listing_buttons",
}
#: Give back one of their arguments, changed: hook -> which.
FILTERS = {
    "construct_document_chooser_queryset": 0,
    "construct_explorer_page_queryset": 1,
    "construct_image_chooser_queryset": 0,
    "construct_page_chooser_queryset": 0,
    "filter_form_submissions_for_user": 1,
}
#: Give markup for each request.
MARKUP = {"insert_editor_js", "insert_global_admin_css", "insert_global_admin_js"}


def fits(name: str) -> bool:
    """Whether the gate knows how a hook of this name is kept shut."""
    known = PROCESS_WIDE | ITEMS | LISTS | MARKUP | FILTERS.keys()
    return name in known or name.startswith(("before_", "after_", "construct_", "on_"))


def _wrapped(name: str, fn: Hook, owner: str) -> Hook:
    @wraps(fn)
    def kept(*args: Any, **kwargs: Any) -> Any:
        if name in PROCESS_WIDE:
            return fn(*args, **kwargs)
        if name in ITEMS:
            return _hiding(fn(*args, **kwargs), owner)
        if is_on(owner):
            return fn(*args, **kwargs)
        if name in FILTERS:
            return args[FILTERS[name]]
        return [] if name in LISTS else "" if name in MARKUP else None

    kept.plugin = owner  # type: ignore[attr-defined]
    return kept


def _hiding(item: Any, owner: str) -> Any:
    """An item that is shown only where its plugin is on; a class makes such items."""
    shown = getattr(item, "is_shown", None) or getattr(item, "is_active", None)
    if shown is None:
        return item
    name = "is_shown" if hasattr(item, "is_shown") else "is_active"
    if isinstance(item, type):

        def of_class(self: Any, *args: Any) -> bool:
            return is_on(owner) and bool(shown(self, *args))

        return type(item.__name__, (item,), {name: of_class, "__module__": item.__module__})

    def of_item(*args: Any) -> bool:
        return is_on(owner) and bool(shown(*args))

    setattr(item, name, of_item)
    return item


def wrap_hooks() -> None:
    """Wrap every hook of a plugin that is registered by now. Harmless to repeat."""
    for name, listed in hooks._hooks.items():
        for index, (fn, order) in enumerate(listed):
            owner = "" if hasattr(fn, "plugin") else owner_of(fn)
            if owner and fits(name) and not isinstance(fn, type):
                listed[index] = (_wrapped(name, fn, owner), order)


def unwrapped() -> list[tuple[str, str, str]]:
    """Hooks of plugins that the gate does not keep: (plugin, hook, function)."""
    wrap_hooks()
    return [
        (owner, name, getattr(fn, "__qualname__", str(fn)))
        for name, listed in hooks._hooks.items()
        for fn, _order in listed
        if not hasattr(fn, "plugin") and (owner := owner_of(fn))
    ]
