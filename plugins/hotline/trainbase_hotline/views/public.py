"""The doors that need no account: complain, and follow a complaint by its receipt number."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from lms.plugin import too_often
from trainbase_hotline import rules
from trainbase_hotline.forms import ComplaintForm, FollowForm, mark
from trainbase_hotline.models import Complaint, Step, settings_now
from trainbase_hotline.services.consent import consent_now, consent_of
from trainbase_hotline.services.intake import file_complaint
from trainbase_hotline.views.faults import put_faults

AN_HOUR = 3600
#: Whole villages share one address of a mobile network.
COMPLAINTS, LOOKS = 30, 60
BUSY = (
    "来自这个网络的提交太多，您填写的内容还在；请一小时后再提交，或拨打热线电话 / too many from this "
    "network. What you typed is kept; try again in an hour, or call the hotline"
)


@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest) -> HttpResponse:
    """The form. What was typed stays, whatever is wrong with it; only files are chosen again."""
    if request.method != "POST":
        initial = {
            "once": mark(),
            "consent_version": consent_now().version,
            "via": "qr" if request.GET.get("via") == "qr" else "",
        }
        return _form(request, ComplaintForm(initial=initial))
    form = ComplaintForm(request.POST, request.FILES)
    if form.is_valid():
        if too_often(request, "hotline.file", COMPLAINTS, AN_HOUR):
            form.add_error(None, BUSY)
            return _form(request, form, status=429)
        try:
            complaint = file_complaint(form.sent())
        except ValidationError as error:
            put_faults(form, error)
        else:
            return redirect("hotline:receipt", rules.spoken(complaint.number))
    return _form(request, form)


def _form(request: HttpRequest, form: ComplaintForm, status: int = 200) -> HttpResponse:
    version = str(form["consent_version"].value())
    consent = consent_of(int(version) if version.isdecimal() and len(version) < 10 else 0)
    context = {"form": form, "consent": consent, "hotline": settings_now()}
    response = render(request, "hotline/complain.html", context, status=status)
    response["Cache-Control"] = "private"  # `no-store` would empty the form when somebody goes back
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Ask by receipt number."""
    if request.method != "POST":
        return render(request, "hotline/follow.html", {"form": FollowForm()})
    form = FollowForm(request.POST)
    if not form.is_valid():
        return render(request, "hotline/follow.html", {"form": form})
    return _found(request, form)


@require_http_methods(["GET", "HEAD"])
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The same by an address that can be kept."""
    form = FollowForm({"number": number})
    form.is_valid()
    return _found(request, form)


def _found(request: HttpRequest, form: FollowForm) -> HttpResponse:
    """One answer for every number that is none of ours, however it is wrong."""
    if too_often(request, "hotline.follow", LOOKS, AN_HOUR):
        form.add_error(None, "查询太多，请一小时后再试 / too many questions; try again in an hour")
        return _no_store(render(request, "hotline/follow.html", {"form": form}, status=429))
    number = rules.read_number(form.cleaned_data.get("number", ""))
    complaint = Complaint.objects.filter(number=number).first()
    if complaint is None:
        form.add_error(
            None,
            "没有找到，请核对回执号，或拨打热线电话 / not found; check the receipt number, or call the "
            "hotline",
        )
        return _no_store(render(request, "hotline/follow.html", {"form": form}, status=404))
    steps = complaint.steps.all()
    context = {
        "complaint": complaint,
        "status": rules.public_status(
            complaint.state,
            complaint.answered_at is not None,
            complaint.opinion_at is not None,
            complaint.round,
        ),
        "said": [step for step in steps if step.kind in Step.PUBLIC],
        "hotline": settings_now(),
    }
    return _no_store(render(request, "hotline/receipt.html", context))


def _no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
