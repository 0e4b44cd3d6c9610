"""Sign in, with a limit on wrong guesses."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.throttle import too_often, used_up

SECONDS = 600
AN_ADDRESS, A_NAME = 20, 10  # wrong guesses in that time


class SignIn(LoginView):
    """Only what was wrong counts: a whole office signs in from one address every morning."""

    template_name = "registration/login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")[:150].lower()
        if used_up(request, "login", AN_ADDRESS, SECONDS) or used_up(
            request, "login", A_NAME, SECONDS, name
        ):
            return render(request, "registration/too_often.html", status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        name = self.request.POST.get("username", "")[:150].lower()
        too_often(self.request, "login", AN_ADDRESS, SECONDS)
        too_often(self.request, "login", A_NAME, SECONDS, name)
        return super().form_invalid(form)
