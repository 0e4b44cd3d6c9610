"""Who waits for a class, who left it and why, and the clerk's steps."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.intake.forms import BackForm, PlacesForm, TransferForm, WithdrawForm
from courses.intake.models import EnrolmentChange
from courses.intake.services import places
from courses.intake.services.enter import room_of
from courses.lists.people import enrolments_of, people_list
from courses.models import Enrolment, TrainingClass
from tenants.faults import as_said, put_faults
from tenants.lists.views import show
from tenants.models import in_language
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

State = Enrolment.State


@may("courses.view_trainingclass", "courses.view_trainee")
def class_intake(request: HttpRequest, code: str) -> HttpResponse:
    """Places, the waiting list in its order, who left, and every step."""
    found = get_object_or_404(
        TrainingClass.objects.select_related("project", "rule_set"), code=code
    )
    rows = found.enrolments.select_related("trainee__village", "training_class__rule_set")
    waiting = list(rows.filter(state=State.WAITING).order_by("queue").defer("photo"))
    changes = list(
        EnrolmentChange.objects.filter(enrolment__training_class=found)
        .exclude(was="", state=State.ENROLLED, moved_from=None, warned=[])
        .select_related(
            "enrolment__trainee",
            "by",
            "moved_to__training_class",
            "moved_from__training_class",
        )
        .order_by("-pk")
    )
    if wants_excel(request):
        return workbook_response(f"{code}-intake", _header(), map(_line, changes))
    judged = places.judgements(found, waiting)
    gone = list(rows.filter(state__in=Enrolment.LEFT).order_by("left_on").defer("photo"))
    last = {change.enrolment_id: change for change in reversed(changes)}
    room = room_of(found)
    context = {
        "class": found,
        "room": room,
        "free": None if room.places is None else room.places - room.on_roll,
        "form": PlacesForm(initial={"places": room.places}),
        "waiting": [(e, judged[e.pk]) for e in waiting],
        "gone": [(e, last.get(e.pk)) for e in gone],
        "changes": changes,
        "closed": found.state == TrainingClass.State.FINISHED,
    }
    return render(request, "intake/class_intake.html", context)


def _header() -> list[str]:
    return [_("日期"), _("姓名"), _("证件后四位"), _("原状态"), _("现状态"), _("原因"), _("说明"), _("班次"), _("经办人")]  # fmt: skip


def _line(change: EnrolmentChange) -> list[Any]:
    trainee = change.enrolment.trainee
    other = change.moved_to or change.moved_from
    return [
        change.on,
        trainee.name,
        trainee.id_last4,
        str(change.get_was_display()),
        str(change.get_state_display()),
        str(change.get_why_display()),
        change.words or "；".join(in_language(v["zh"], v["en"]) for v in change.warned),
        other.training_class.code if other else "",
        str(change.by or ""),
    ]


@may("courses.view_trainingclass", "courses.view_trainee")
def class_people(request: HttpRequest, code: str) -> HttpResponseBase:
    """Everybody of the class as a list, with what is done to many at once."""
    found = get_object_or_404(TrainingClass.objects.select_related("project"), code=code)
    return show(
        request, people_list(found), enrolments_of(found), "intake/class_people.html",
        training_class=found,
    )  # fmt: skip


@may("courses.import_roster")
@require_POST
def class_places(request: HttpRequest, code: str) -> HttpResponse:
    """Set how many the class takes, or fill its free places from the waiting list."""
    found = get_object_or_404(TrainingClass, code=code)
    form = PlacesForm(request.POST)
    try:
        if "move_up" in request.POST:
            moved = places.move_up(found, actor(request))
            if not moved:
                messages.info(request, _("没有空余名额，或候补的人都不符合条件。"))
        elif form.is_valid():
            moved = places.set_places(found, form.cleaned_data["places"], actor(request))
            messages.success(request, _("名额已更新。"), extra_tags="ok")
        else:
            moved = []
            messages.error(request, _("名额应是 1 到 10000 的整数。"), extra_tags="bad")
    except ValidationError as error:
        _tell(request, error)
    else:
        _tell_moved(request, moved)
    return redirect("class_intake", code)


@may("courses.import_roster")
def enrolment_leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw somebody, or transfer to another class of the same project."""
    found = _person(pk)
    one = found.training_class
    goals = (
        TrainingClass.objects.filter(project_key=one.project_key)
        .exclude(pk=one.pk)
        .exclude(state=TrainingClass.State.FINISHED)
        .select_related("project")
        .order_by("starts_on", "code")
    )
    sent = request.POST if request.method == "POST" else None
    leaves = sent is not None and "withdraw" in sent
    out = WithdrawForm(sent if leaves else None)
    over = TransferForm(goals, sent if sent is not None and not leaves else None)
    form = out if leaves else over
    if sent is not None and form.is_valid():
        try:
            moved = _leave(request, found, out if leaves else None, over)
        except ValidationError as error:
            put_faults(form, error)
        else:
            _tell_moved(request, moved)
            return redirect("class_intake", one.code)
    context = {
        "enrolment": found,
        "class": one,
        "withdraw": out,
        "transfer": over,
        "has_goals": goals.exists(),
    }
    return render(request, "intake/leave.html", context)


def _leave(
    request: HttpRequest, found: Enrolment, out: WithdrawForm | None, over: TransferForm
) -> list[Enrolment]:
    name = {"name": found.trainee.name}
    if out is not None:
        moved = places.withdraw(found, **out.cleaned_data, by=actor(request))
        messages.success(request, _("%(name)s 已退班，以前的考勤保留。") % name, extra_tags="ok")
        return moved
    place, moved = places.transfer(found, **over.cleaned_data, by=actor(request))
    said = _("%(name)s 已转到 %(code)s。")
    if place.state == State.WAITING:
        said = _("%(name)s 已转到 %(code)s，名额已满，列入候补。")
    text = said % (name | {"code": place.training_class.code})
    messages.success(request, text, extra_tags="ok")
    return moved


@may("courses.import_roster")
def enrolment_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a waiting person a place, or take back somebody who left."""
    found = _person(pk)
    waits = found.state == State.WAITING
    form = BackForm(request.POST if request.method == "POST" else None)
    if waits:
        form.fields["words"].required = False
        form.fields["words"].help_text = _("越过前面的人时必填")
    if request.method == "POST" and form.is_valid():
        words, by = form.cleaned_data["words"], actor(request)
        try:
            done = places.admit(found, words, by) if waits else places.take_back(found, words, by)
        except ValidationError as error:
            put_faults(form, error)
        else:
            said = (
                _("%(name)s 已列入候补。")
                if done.state == State.WAITING
                else _("%(name)s 已入班。")
            )
            messages.success(request, said % {"name": found.trainee.name}, extra_tags="ok")
            return redirect("class_intake", found.training_class.code)
    context = {"enrolment": found, "class": found.training_class, "form": form, "waits": waits}
    return render(request, "intake/back.html", context)


def _person(pk: int) -> Enrolment:
    return get_object_or_404(
        Enrolment.objects.select_related("trainee", "training_class__project").defer("photo"), pk=pk
    )


def _tell_moved(request: HttpRequest, moved: Sequence[Enrolment]) -> None:
    if moved:
        names = "、".join(each.trainee.name for each in moved)
        messages.success(
            request, _("候补递补入班：%(names)s。") % {"names": names}, extra_tags="ok"
        )


def _tell(request: HttpRequest, error: ValidationError) -> None:
    for fault in as_said(error):
        messages.error(request, fault, extra_tags="bad")
