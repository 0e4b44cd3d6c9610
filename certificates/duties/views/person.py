"""One person to call: the number, what to say, and the outcome in three taps."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.duties import rules
from certificates.duties.forms import KINDS, CallForm, ScriptForm
from certificates.duties.models import Call, Result
from certificates.duties.services import calls
from certificates.duties.services.calls import Said, tel
from certificates.duties.services.script import WORDS, change_script, script
from certificates.models import FollowUp, Outcome
from certificates.rules.employment import WORK
from certificates.services.outcomes import histories
from courses.models import Trainee
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.staff.models import User

#: The kind of a call that reached somebody who told nothing.
NOTHING = "nothing"


@dataclass(frozen=True)
class Step:
    """Where the three taps stand: who answered, which kind."""

    answer: str = ""
    kind: str = ""

    @property
    def result(self) -> str:
        return Result.REACHED.value if self.answer in Call.Who.values else self.answer

    @property
    def asks_kind(self) -> bool:
        return self.result == Result.REACHED and not self.kind

    @property
    def known(self) -> bool:
        return self.result == Result.REACHED and self.kind != NOTHING


def _step(request: HttpRequest, kinds: set[str]) -> Step:
    """As the address or the form says; what is not offered is nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    answer, kind = sent.get("answer", ""), sent.get("kind", "")
    if answer not in {*Call.Who.values, *Result.values} - {Result.REACHED.value}:
        return Step()
    return Step(answer, kind if kind in kinds and answer in Call.Who.values else "")


@may("duties.call_people")
def call_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answered, what they do, confirm. The phone number is shown to whoever sees the list."""
    user, today = actor(request), timezone.localdate()
    trainee = get_object_or_404(Trainee.objects.select_related("village__parent"), pk=pk)
    duties = list(
        calls.open_duties(user)
        .filter(certificate__trainee=trainee)
        .select_related("certificate__enrolment__training_class", "assigned_to")
        .order_by("due_on", "pk")
    )
    whole = user.has_perm(calls.WHOLE_LIST)
    held = trainee.certificates.exists()
    if not duties and not (whole and held):
        raise Http404
    on_record = _on_record(duties)
    offered = {kind for kind, _label in KINDS} | {NOTHING} | ({calls.SAME} if on_record else set())
    step = _step(request, offered)
    form = None
    if duties and step.answer and not step.asks_kind:
        form = _form(request, step, on_record, trainee, today)
        if request.method == "POST" and form.is_valid() and _recorded(form, step, trainee, user):
            said = _("已登记：%(name)s") % {"name": trainee.name}
            messages.success(request, said, extra_tags="ok")
            return redirect("call_list")
    context = {
        "trainee": trainee,
        "tel": tel(trainee.phone),
        "duties": duties,
        "lines": rules.folded((_duty(duty) for duty in duties), today),
        "step": step,
        "form": form,
        "kinds": KINDS,
        "on_record": on_record,
        "same": calls.SAME,
        "nothing": NOTHING,
        "who": Call.Who.choices,
        "missed": [each for each in Result.choices if each[0] != Result.REACHED],
        "history": trainee.calls.select_related("by", "outcome").order_by("-id"),
        "whole": whole,
        "script": _script(duties, trainee, user) if duties else "",
        "answer_label": dict([*Call.Who.choices, *Result.choices]).get(step.answer, ""),
        "kind_label": dict(KINDS).get(step.kind, ""),
    }
    return render(request, "duties/call_person.html", context)


def _duty(duty: FollowUp) -> rules.Duty:
    person = duty.certificate.trainee_id
    return rules.Duty(duty.pk, person, duty.due_on, duty.next_call_on)


def _on_record(duties: list[FollowUp]) -> Outcome | None:
    found = histories({duty.certificate for duty in duties})
    return next((history.counts for history in found.values() if history.counts), None)


def _script(duties: list[FollowUp], trainee: Trainee, user: User) -> str:
    certificate = duties[0].certificate
    training_class = certificate.enrolment.training_class
    tenant = current_tenant()
    words = {"name": trainee.name, "caller": str(user), "date": f"{certificate.issued_on}"}
    zh, _en = script().said(course=training_class.project_name, base=tenant.name, **words)
    english = training_class.project_name_en
    _zh, en = script().said(course=english, base=tenant.name_en or tenant.name, **words)
    return in_language(zh, en)


def _form(
    request: HttpRequest, step: Step, on_record: Outcome | None, trainee: Trainee, today: date
) -> CallForm:
    ends = (
        step.known and step.kind != calls.SAME and on_record is not None and on_record.kind in WORK
    )
    missed = calls.misses(trainee) + (step.result != Result.REACHED)
    proposed = rules.next_call(step.result, step.known, missed, today)
    return CallForm(
        request.POST if request.method == "POST" else None,
        kind=step.kind,
        ended=ends,
        known=step.known,
        initial={"next_call_on": proposed},
    )


def _recorded(form: CallForm, step: Step, trainee: Trainee, user: User) -> bool:
    said = Said(
        result=step.result,
        who=step.answer if step.result == Result.REACHED else "",
        kind="" if step.kind == NOTHING else step.kind,
        **form.cleaned_data,
    )
    try:
        calls.record_call(trainee, said, user)
    except ValidationError as error:
        put_faults(form, error)
        return False
    return True


@may("duties.add_callscript")
def call_script(request: HttpRequest) -> HttpResponse:
    """The words of the callers; every change is a new row with its author."""
    now: Any = script()
    form = ScriptForm(request.POST or None, initial={"zh": now.zh, "en": now.en})
    if request.method == "POST" and form.is_valid():
        try:
            change_script(by=actor(request), **form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("话术已更改。"), extra_tags="ok")
            return redirect("call_list")
    return render(request, "duties/call_script.html", {"form": form, "words": WORDS})
