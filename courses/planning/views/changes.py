"""变更: place, trainer and times of a class that is open; at once, or by a request to the centre."""

from dataclasses import replace
from datetime import date, time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.models import TrainingClass
from courses.planning.forms import ChangeForm, change_initial
from courses.planning.models import Proposal
from courses.planning.services import proposals
from courses.planning.services.changes import (
    asks_first,
    change_class,
    facts_after,
    faults_of_change,
    is_free,
    last_change,
)
from courses.planning.services.opening import facts_of_class
from courses.requests.facts import facts_from
from courses.requests.services.steps import By
from tenants.faults import put_faults
from tenants.models import in_language
from tenants.staff.access import actor, may


@may("planning.ask_opening")
def class_change(request: HttpRequest, code: str) -> HttpResponse:
    """The form; a change that is free is made at once, another one becomes a request."""
    found = get_object_or_404(
        TrainingClass.objects.select_related("village__parent", "project__trade", "trainer"),
        code=code,
    )
    waiting = _waiting(found)
    start = facts_from(waiting.facts) if waiting else facts_of_class(found)
    initial = change_initial(start, _dragged(request)) | {"seen": last_change(found)}
    form = ChangeForm(request.POST or None, initial=initial, found=found)
    if request.method == "POST" and form.is_valid():
        answer = _make(request, found, form, waiting)
        if answer is not None:
            return answer
    context = {
        "class": found,
        "form": form,
        "terms": asks_first(found),
        "waiting": waiting,
        "under_way": None if waiting else _under_way(found),
        "changes": [
            (change, [(in_language(zh, en), a, b) for zh, en, a, b in change.what])
            for change in found.changes.all()
        ],
    }
    return render(request, "planning/change.html", context)


def _waiting(found: TrainingClass) -> Proposal | None:
    """The request of this class that is still the base's to write."""
    for proposal in Proposal.objects.filter(training_class=found).exclude(
        state=Proposal.State.DROPPED
    ):
        if proposals.may_edit(proposal, proposals.request_of(proposal)):
            return proposal
    return None


def _under_way(found: TrainingClass) -> Proposal | None:
    """The request of this class that the centre has to decide."""
    for proposal in Proposal.objects.filter(training_class=found, state=Proposal.State.SENT):
        row = proposals.request_of(proposal)
        if row is not None and row.state == "sent":
            return proposal
    return None


def _dragged(request: HttpRequest) -> dict[int, tuple[date, time]]:
    """The session that was moved on the calendar, and whereto; nothing for what cannot be read."""
    asked = request.GET
    try:
        number, day = int(asked["session"]), date.fromisoformat(asked["day"])
        return {number: (day, time.fromisoformat(asked["at"]))}
    except (KeyError, ValueError):
        return {}


def _make(
    request: HttpRequest, found: TrainingClass, form: ChangeForm, waiting: Proposal | None
) -> HttpResponse | None:
    """Where to go on; None when the form has faults."""
    who, change = actor(request), form.change()
    reason = form.cleaned_data["reason"]
    try:
        if is_free(found, change):
            by = By(str(who), who.username)
            seen = form.cleaned_data["seen"]
            change_class(found, change, by, reason=reason, seen=seen)
            messages.success(request, _("已变更，记入班次的变更记录。"), extra_tags="ok")
            return redirect("class_change", found.code)
        if faults := faults_of_change(found, change):
            raise ValidationError(faults)
        facts = replace(facts_after(found, change), reason=reason.strip())
        kept = proposals.write(facts, who, proposal=waiting, training_class=found)
    except ValidationError as error:
        put_faults(form, error)
        return None
    return redirect("request_page", kept.pk)
