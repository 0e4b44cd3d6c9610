"""What on the site comes to an end: consents of stories, policies."""

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from wagtail.models import Page

from courses.site.rules import SOON, State, state_of

#: How long what is over stays on the list: somebody has still to clear up behind it.
AFTER = 90


def with_terms() -> QuerySet[Any]:
    """Pages that have an end, each with `ends`, the nearest first."""
    consent = Least(F("storypage__consent_until"), F("storypage__withdrawn_on"))
    found = Page.objects.annotate(ends=Coalesce(consent, F("policypage__valid_until")))
    return found.filter(ends__isnull=False).order_by("ends", "pk").select_related("content_type")


def coming(today: date | None = None) -> QuerySet[Any]:
    """Those that end within `SOON` days, or have ended within `AFTER`."""
    today = today or timezone.localdate()
    window = (today - timedelta(days=AFTER), today + timedelta(days=SOON))
    return with_terms().filter(ends__range=window)


def standing(page: Any, today: date | None = None) -> State:
    return state_of(None, page.ends, today or timezone.localdate())
