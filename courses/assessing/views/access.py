"""Who sees pages of assessment: whoever plans or examines, never the trainer as such."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.staff.access import may

PLAN, EXAMINE, DECIDE = "assessing.plan_sitting", "courses.enter_scores", "assessing.decide_appeal"
View = Callable[..., HttpResponseBase]


def of_assessment(view: View) -> View:
    """Whoever has one of the three permissions."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(request.user.has_perm(name) for name in (PLAN, EXAMINE, DECIDE)):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return may()(guarded)
