"""Sign in, with a limit on guesses."""

from typing import Any

from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.throttle import too_often


class SignIn(LoginView):
    """Twenty tries in ten minutes an address, and ten a user name."""

    template_name = "registration/login.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")[:150].lower()
        if too_often(request, "login", 20, 600) or too_often(request, "login", 10, 600, name):
            return render(request, "registration/too_often.html", status=429)
        return super().post(request, *args, **kwargs)
