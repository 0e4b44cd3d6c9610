"""The way back from a page of a base: Wagtail's own line of links above it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from tenants.designations.models import TrainingBase


def crumbs(base: TrainingBase, title: str = "") -> list[dict[str, str]]:
    """Bases, this base, and what is done to it; the last one is where the reader stands."""
    found = [
        {"url": reverse("console:index"), "label": _("培训基地")},
        {"url": reverse("console:base", args=[base.pk]), "label": base.name},
    ]
    return [*found, {"url": "", "label": title}] if title else found
