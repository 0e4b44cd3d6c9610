"""An employer's way in at the centre: apply, ask for a link, use it, leave."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from certificates.employers.access import KEY, employer_of
from certificates.employers.forms import ApplyForm, SignInForm
from certificates.employers.services import register, sign_in
from tenants.faults import put_faults
from tenants.throttle import too_often

BUSY = "registration/too_often.html"
APPLIES, LINKS, LINKS_OF_ONE = 10, 10, 3  # an hour


def apply(request: HttpRequest) -> HttpResponse:
    """The form; at most APPLIES applications an hour from one address."""
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, "employer-apply", APPLIES, 3600):
            return render(request, BUSY, status=429)
        try:
            employer = register.apply(register.Firm(**form.cleaned_data))
        except ValidationError as error:
            put_faults(form, error)
        else:
            return render(request, "employers/applied.html", {"firm": employer})
    return render(request, "employers/apply.html", {"form": form})


def ask_link(request: HttpRequest) -> HttpResponse:
    """Ask for a link to sign in. The answer tells nobody who is registered."""
    if employer_of(request):
        return redirect("employer_home")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        uscc = form.cleaned_data["uscc"]
        if too_often(request, "employer-link", LINKS, 3600):
            return render(request, BUSY, status=429)
        if not too_often(request, "employer-link", LINKS_OF_ONE, 3600, uscc):
            sign_in.send_link(uscc)
        return render(request, "employers/link_sent.html", {"uscc": uscc})
    return render(request, "employers/sign_in.html", {"form": form})


def enter(request: HttpRequest, token: str) -> HttpResponse:
    """A link is used by a button, not by whoever looks into messages for addresses."""
    if too_often(request, "employer-enter", 30, 3600):
        return render(request, BUSY, status=429)
    employer = sign_in.can_enter(token)
    secret = sign_in.enter(token) if employer and request.method == "POST" else ""
    if secret:
        request.session.cycle_key()
        request.session[KEY] = secret
        return redirect("employer_home")
    status = 200 if employer else 410
    response = render(request, "employers/enter.html", {"employer": employer}, status=status)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    sign_in.end(str(request.session.pop(KEY, "")))
    return redirect("employer_sign_in")
