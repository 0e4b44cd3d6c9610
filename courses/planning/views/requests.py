"""开班申请 at the base: write it, have it sent, follow it, open the class from it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.directory.models import Programme
from courses.forms import SessionFormSet, filled_lines, planned_sessions, with_more_lines
from courses.models import Project
from courses.planning.forms import RequestForm, village_text
from courses.planning.lists.own import COLOURS, REQUESTS, own_requests, state_of
from courses.planning.models import Proposal
from courses.planning.services import proposals
from courses.planning.services.calendar import conflicts_of_facts
from courses.planning.services.opening import facts_of_class, open_from
from courses.requests.facts import Facts, Planned, differences, facts_from
from courses.requests.rules.terms import windows_on
from courses.requests.services.policies import terms_on, windows_of
from courses.roster import RosterError
from courses.services.classes import PlannedSession, proposed_plan, season_note
from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import as_read, in_language
from tenants.staff.access import actor, may


@may("planning.ask_opening")
def request_list(request: HttpRequest) -> HttpResponseBase:
    terms = terms_on(current_tenant(), timezone.localdate())
    return show(request, REQUESTS, own_requests(), "planning/requests.html", terms=terms)


@may("planning.ask_opening")
def request_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@may("planning.ask_opening")
def request_edit(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(Proposal, pk=pk)
    if not proposals.may_edit(proposal, proposals.request_of(proposal)):
        messages.error(request, _("申请已送审，不能再改。"), extra_tags="bad")
        return redirect("request_page", pk)
    if proposal.training_class is not None:
        return redirect("class_change", proposal.training_class.code)
    return _form(request, proposal)


def _form(request: HttpRequest, proposal: Proposal | None) -> HttpResponse:
    """The buttons: "fill" proposes sessions, "more" adds lines, "keep" keeps it."""
    old = facts_from(proposal.facts) if proposal else None
    form = RequestForm(
        request.POST or None, request.FILES or None, initial=_initial(old, actor(request))
    )
    sessions: Any = SessionFormSet(request.POST or None, prefix="s")
    if old and request.method != "POST":
        sessions = filled_lines([PlannedSession(**vars(each)) for each in old.sessions])
    if request.method == "POST" and "fill" in request.POST:
        if form.is_valid():
            data = form.cleaned_data
            plan = proposed_plan(data["project"], data["starts_on"], data["ends_on"])
            sessions = filled_lines(plan)
    elif request.method == "POST" and "more" in request.POST:
        sessions = with_more_lines(request.POST)
    elif request.method == "POST" and form.is_valid() and sessions.is_valid():
        try:
            kept = _keep(request, form, sessions, proposal, old)
        except (ValidationError, RosterError) as error:
            _put(form, error)
        else:
            return redirect("request_page", kept.pk)
    context = {"form": form, "sessions": sessions, "proposal": proposal, "old": old}
    context["file_gone"] = "roster" in request.FILES
    context["edition"] = request.POST.get("edition") or (proposal.edition if proposal else "")
    return render(request, "planning/request_form.html", context)


def _put(form: RequestForm, error: ValidationError | RosterError) -> None:
    if isinstance(error, ValidationError):
        put_faults(form, error)
    else:
        form.add_error("roster", in_language(*error.said))


def _initial(old: Facts | None, who: Any) -> dict[str, Any]:
    if old is None:
        return {"contact": str(who), "contact_phone": current_tenant().phone}
    found: dict[str, Any] = dict(vars(old)) | {"code": old.class_code}
    found["project"] = Project.objects.filter(code=old.project).first()
    found["programme"] = Programme.objects.filter(code=old.programme).first()
    found["village"] = village_text(old.village, old.village_name)
    return found


def _keep(
    request: HttpRequest,
    form: RequestForm,
    sessions: Any,
    proposal: Proposal | None,
    old: Facts | None,
) -> Proposal:
    """With the roster that was sent now, or the count of an earlier one."""
    plan = [Planned(**vars(each)) for each in planned_sessions(sessions)]
    facts, who = form.facts(plan), actor(request)
    if file := form.cleaned_data.get("roster"):
        checked = proposals.check_roster(file.read())
        facts = proposals.with_roster(facts, checked, who, timezone.localdate())
    elif old is not None:
        before = proposals.Checked(old.people, old.roster_bad, old.roster_sha256)
        if old.roster_on is not None:
            facts = proposals.with_roster(facts, before, who, old.roster_on)
    edition = request.POST.get("edition", "") if proposal else ""
    return proposals.write(facts, who, proposal=proposal, edition=edition)


@may("planning.ask_opening")
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked, what stands against it, what the centre has said, and what can be done now."""
    proposal = get_object_or_404(Proposal.objects.select_related("training_class"), pk=pk)
    found, facts = proposals.request_of(proposal), facts_from(proposal.facts)
    state, title = state_of(proposal, found)
    editable = proposals.may_edit(proposal, found)
    before = facts_of_class(proposal.training_class) if proposal.training_class else None
    context = {
        "proposal": proposal,
        "facts": facts,
        "request_row": found,
        "state": state,
        "state_title": title,
        "colour": COLOURS[state],
        "steps": found.steps.order_by("number") if found else [],
        "editable": editable,
        "faults": _faults(proposal) if editable else [],
        "against": [f"{c.day} {in_language(c.zh, c.en)}" for c in conflicts_of_facts(facts)]
        if state in ("draft", "asked", "sent", "returned", "approved")
        else [],
        "season": _season(facts),
        "changed": [
            (in_language(zh, en), one, other)
            for zh, en, one, other in (differences(before, facts) if before else [])
        ],
        "terms": terms_on(current_tenant(), timezone.localdate()),
    }
    return render(request, "planning/request.html", context)


def _season(facts: Facts) -> str:
    """By the centre's windows where it has written some, else by the base's own."""
    windows = windows_of(current_tenant())
    if not windows:
        note = season_note(facts.starts_on)
        return in_language(*note) if note else ""
    if windows_on(facts.starts_on, windows):
        return ""
    year = facts.starts_on.year
    spans = [(in_language(w.name, w.name_en), *w.spans(year)) for w in windows]
    listed = "、".join(f"{name} {first}–{last}" for name, first, last in spans)
    return _("开班日期不在农闲时段（%(listed)s），请确认学员有空。") % {"listed": listed}


def _faults(proposal: Proposal) -> list[str]:
    """In the reader's language: each is written in both."""
    try:
        found = proposals.faults_of_facts(proposal)
    except ValidationError as error:  # no rule set is in force
        found = error.messages
    return [as_read(fault) for fault in found]


@may("planning.ask_opening")
@require_POST
def request_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the manager, send it, withdraw it, open the class."""
    proposal, who = get_object_or_404(Proposal, pk=pk), actor(request)
    act = request.POST.get("act", "")
    needed = {
        "ask": "planning.ask_opening",
        "drop": "planning.ask_opening",
        "open": "courses.add_trainingclass",
    }
    if not who.has_perm(needed.get(act, "planning.send_opening")):
        raise PermissionDenied
    try:
        if act == "ask":
            proposals.ask(proposal)
            said = _("已交管理员送审。")
        elif act == "send":
            proposals.send_on(proposal, who)
            said = _("已送服务中心。")
        elif act == "drop" and not proposal.number:
            proposals.withdraw(proposal, who, "")
            said = _("草稿已作废。")
        elif act == "withdraw":
            proposals.withdraw(proposal, who, request.POST.get("reason", "")[:400])
            said = _("已撤回。")
        elif act == "open":
            opened = open_from(proposal, who)
            messages.success(request, _("班已开，请导入花名册。"), extra_tags="ok")
            return redirect("class_detail", opened.code)
        else:
            raise Http404
    except ValidationError as error:
        for fault in as_said(error):
            messages.error(request, fault, extra_tags="bad")
    else:
        messages.success(request, said, extra_tags="ok")
    return redirect("request_page", pk)
