"""Appeals at the desk: made on behalf, read, decided."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.assessing.forms import AppealForm, DecideForm
from courses.assessing.lists.appeals import APPEALS
from courses.assessing.lists.appeals import appeals as all_appeals
from courses.assessing.models import Appeal, Attempt
from courses.assessing.services import appeals
from courses.assessing.services.sit import lines
from courses.assessing.services.standing import result_of
from courses.assessing.views.access import DECIDE, PLAN, of_assessment
from tenants.faults import put_faults
from tenants.lists.views import show
from tenants.staff.access import actor, may


@of_assessment
def appeal_list(request: HttpRequest) -> HttpResponseBase:
    """Those that wait come first."""
    return show(request, APPEALS, all_appeals(), "assessing/appeals.html")


@of_assessment
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper or the looks beside the appeal; a manager decides."""
    found = get_object_or_404(Appeal.objects.select_related("result__attempt__sitting"), pk=pk)
    attempt = found.result.attempt
    may_decide = request.user.has_perm(DECIDE)
    form = DecideForm(request.POST or None)
    if request.method == "POST":
        if not may_decide:
            return HttpResponse(status=403)
        if form.is_valid():
            data = form.cleaned_data
            try:
                appeals.decide(found, data["score"], data["reason"], actor(request))
            except ValidationError as error:
                put_faults(form, error)
            else:
                messages.success(request, _("已裁定。"), extra_tags="ok")
                return redirect("appeal", pk)
    context = {
        "appeal": found,
        "decision": getattr(found, "decision", None),
        "attempt": attempt,
        "sitting": attempt.sitting,
        "class": attempt.sitting.training_class,
        "trainee": attempt.enrolment.trainee,
        "result": result_of(attempt),
        "lines": lines(attempt) if attempt.answers.exists() else [],
        "looks": attempt.looks.select_related("examiner"),
        "form": form,
        "may_decide": may_decide,
    }
    return render(request, "assessing/appeal.html", context)


@may(PLAN)
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A clerk writes down what somebody came to say."""
    attempt = get_object_or_404(
        Attempt.objects.select_related("sitting__training_class", "enrolment__trainee"), pk=pk
    )
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = appeals.appeal(attempt, form.cleaned_data["text"], actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已登记申诉。"), extra_tags="ok")
            return redirect("appeal", made.pk)
    context = {
        "attempt": attempt,
        "sitting": attempt.sitting,
        "trainee": attempt.enrolment.trainee,
        "result": result_of(attempt),
        "form": form,
    }
    return render(request, "assessing/appeal_new.html", context)
