from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tenants.lists.history import HISTORIES

register = template.Library()


@register.simple_tag(takes_context=True)
def history_link(context: template.Context, kind: str, pk: int) -> SafeString | str:
    """The way to a record's history, for whoever may see it."""
    history = HISTORIES.get(kind)
    user = context["request"].user
    if history is None or not user.has_perms(history.permissions):
        return ""
    return format_html(
        '<a class="no-print" href="{}">{}</a>',
        reverse("record_history", args=[kind, pk]),
        _("变更记录"),
    )


@register.simple_tag(takes_context=True)
def history_line(context: template.Context, kind: str, pk: int) -> SafeString | str:
    """The same on a line of its own, for the page of a record."""
    link = history_link(context, kind, pk)
    return format_html('<p class="no-print small">{}</p>', link) if link else ""
