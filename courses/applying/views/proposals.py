"""Proposals of villages at the desk, the terms of a class, and the texts that people agree to."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.applying.forms import ConsentForm, TermsForm
from courses.applying.lists.proposals import COLOURS, PROPOSALS, proposals
from courses.applying.models import ClassProposal, ConsentText
from courses.applying.services.consents import in_force, write_consent
from courses.applying.services.propose import answer
from courses.applying.services.terms import set_terms, terms_of
from courses.models import TrainingClass
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.staff.access import actor, may

MAY = "applying.answer_proposal"


@may(MAY)
def proposal_list(request: HttpRequest) -> HttpResponseBase:
    return show(request, PROPOSALS, proposals(), "applying/proposals.html")


@may(MAY)
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal, and the answer to it."""
    rows = ClassProposal.objects.select_related(
        "village__parent", "trade", "training_class", "consent", "answered_by"
    )
    found = get_object_or_404(rows, pk=pk)
    classes = TrainingClass.objects.filter(project__trade=found.trade).exclude(
        state=TrainingClass.State.FINISHED
    )
    if request.method == "POST":
        code = request.POST.get("training_class", "")[:40]
        one = classes.filter(code=code).select_related("project").first()
        try:
            answer(
                found, request.POST.get("state", ""), request.POST.get("answer", ""),
                actor(request), one,
            )  # fmt: skip
        except ValidationError as error:
            messages.error(request, as_said(error)[0], extra_tags="bad")
        else:
            messages.success(request, _("答复已写给村里。"), extra_tags="ok")
            return redirect("desk_proposals")
    context = {
        "found": found,
        "colour": COLOURS[found.state],
        "classes": classes.select_related("village").order_by("starts_on"),
        "typed": request.POST.get("answer", found.answer)[:300],
    }
    return render(request, "applying/proposal.html", context)


@may("courses.change_trainingclass")
def class_terms(request: HttpRequest, code: str) -> HttpResponse:
    """Lodging, meals, places, what to bring: what the portal says of a class."""
    found = get_object_or_404(TrainingClass.objects.select_related("project"), code=code)
    form = TermsForm(request.POST or None, instance=terms_of(found))
    if request.method == "POST" and form.is_valid():
        try:
            set_terms(found, form.cleaned_data, actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已保存，门户上同时更新。"), extra_tags="ok")
            return redirect("class_detail", code)
    return render(request, "applying/terms.html", {"class": found, "form": form})


@may("applying.write_consent")
def consents(request: HttpRequest) -> HttpResponse:
    """The texts in force and those before; a new one is a new version."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = write_consent(
                form.cleaned_data["kind"], form.cleaned_data["text"], actor(request)
            )
        except ValidationError as error:
            put_faults(form, error)
        else:
            said = _("第 %(n)s 版已生效，以后的报名用这一版。") % {"n": made.version}
            messages.success(request, said, extra_tags="ok")
            return redirect("desk_consents")
    context = {
        "form": form,
        "now": [in_force(kind) for kind in ConsentText.Kind.values],
        "versions": ConsentText.objects.select_related("by").order_by("kind", "-version"),
    }
    return render(request, "applying/consents.html", context)
