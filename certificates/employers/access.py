"""The session of an employer on the centre's host: a secret in Django's session, a row that ends it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from certificates.employers.models import Employer
from certificates.employers.services.sign_in import signed_in

KEY = "employer"
View = Callable[..., HttpResponse]


def employer_of(request: HttpRequest) -> Employer | None:
    """Who is signed in, if an employer is."""
    return signed_in(str(request.session.get(KEY, "")))


def as_employer(view: View) -> View:
    """For signed-in employers; the view gets the employer after the request."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        employer = employer_of(request)
        if employer is None:
            return redirect("employer_sign_in")
        response = view(request, employer, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return guarded
