"""The examiner's pages, for a phone: a sitting, one person of it, a look by the checklist."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.assessing.forms import examiners
from courses.assessing.models import Attempt, Sitting
from courses.assessing.services import appeals, hold, plan, practice
from courses.assessing.services.policy import examiner_verdict
from courses.assessing.services.standing import result_of
from courses.assessing.views.access import DECIDE, EXAMINE, PLAN, of_assessment
from courses.models import Enrolment
from tenants.current import current_tenant
from tenants.faults import as_said
from tenants.links import absolute
from tenants.models import as_read
from tenants.qr import qr_inline
from tenants.staff.access import actor, may

How, State = Sitting.How, Sitting.State


def sitting_of(pk: int) -> Sitting:
    return get_object_or_404(
        Sitting.objects.select_related(
            "training_class__project", "training_class__rule_set", "blueprint__project"
        ).prefetch_related("examiners__user"),
        pk=pk,
    )


@of_assessment
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress of everybody; the code that examinees type or scan."""
    one = sitting_of(pk)
    if one.state == State.OPEN and one.how == How.PHONE:
        hold.finish_overdue(one)
    asked = one.questions.count()
    rows = [_row(attempt, asked) for attempt in _attempts(one)]
    user = actor(request)
    mine = hold.is_examiner(one, user)
    waiting = [row["attempt"] for row in rows if row["attempt"].state == Attempt.State.WAITING]
    address = absolute(current_tenant(), reverse("exam_door")) + f"?code={one.code}"
    context = {
        "sitting": one,
        "class": one.training_class,
        "rows": rows,
        "asked": asked,
        "mine": mine,
        "closing": mine and one.state == State.OPEN and request.GET.get("close") == "1",
        "missing": [attempt.enrolment.trainee.name for attempt in waiting],
        "sitting_now": sum(1 for row in rows if row["attempt"].state == Attempt.State.STARTED),
        "done": sum(1 for row in rows if row["result"] is not None),
        "address": address,
        "qr": qr_inline(address) if one.how == How.PHONE else "",
        "others": _others(one) if user.has_perm(PLAN) else [],
        "may_decide": user.has_perm(DECIDE),
    }
    return render(request, "assessing/sitting.html", context)


def _others(one: Sitting) -> list[Any]:
    """Who may still be asked to examine; nobody when it is over."""
    if one.state not in (State.PLANNED, State.OPEN):
        return []
    known = {each.user_id for each in one.examiners.all()}
    found = examiners().exclude(pk__in=known)
    return [user for user in found if examiner_verdict(one.training_class, user).ok]


def _attempts(one: Sitting) -> Any:
    return (
        one.attempts.select_related("enrolment__trainee", "sitting")
        .prefetch_related("results", "looks__examiner")
        .annotate(answered=Count("answers", filter=~Q(answers__chosen=""), distinct=True))
    )


def _row(attempt: Attempt, asked: int) -> dict[str, Any]:
    left = 0
    if attempt.state == Attempt.State.STARTED and attempt.ends_at:
        left = max(0, -(-int((attempt.ends_at - timezone.now()).total_seconds()) // 60))
    result = result_of(attempt)
    found: dict[str, Any] = {"attempt": attempt, "result": result, "left": left, "asked": asked}
    found["passed"] = result is not None and result.score >= attempt.sitting.pass_mark
    if attempt.sitting.how == How.CHECKLIST and attempt.state == Attempt.State.WAITING:
        found["needs"] = practice.comes_to(attempt).needs
    return found


@may(EXAMINE)
@require_POST
def sitting_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Open, close or cancel."""
    one, user, act = sitting_of(pk), actor(request), request.POST.get("act", "")
    try:
        if act == "open":
            hold.open_sitting(one, user)
            messages.success(request, _("已开始，学员可以进入。"), extra_tags="ok")
        elif act == "close":
            absent = request.POST.get("absent", "")
            changed = hold.close(one, int(absent) if absent.isdecimal() else -1, user)
            said = _("已结束并公布，%(n)s 人的成绩已写入。") % {"n": changed}
            messages.success(request, said, extra_tags="ok")
        elif act == "cancel":
            plan.cancel(one, user)
            messages.success(request, _("已取消。"), extra_tags="ok")
            return redirect("class_assessment", one.training_class.code)
    except ValidationError as error:
        for fault in as_said(error):
            messages.error(request, fault, extra_tags="bad")
    return redirect("sitting", pk)


@of_assessment
def sitting_person(request: HttpRequest, pk: int, attempt: int) -> HttpResponse:
    """One examinee: what happened, what was seen; absent, late, void, and the examiner's look."""
    one = sitting_of(pk)
    found = get_object_or_404(_attempts(one), pk=attempt)
    faults: list[str] = []
    if request.method == "POST":
        if not request.user.has_perm(EXAMINE):
            return HttpResponse(status=403)
        try:
            _act(request, one, found)
            return redirect("sitting", pk)
        except ValidationError as error:
            faults = as_said(error)
    user = actor(request)
    seen = [look for look in found.looks.all() if _may_see(one, found, look.examiner_id, user.pk)]
    row = _row(found, one.questions.count())
    mine = hold.is_examiner(one, user)
    due = (
        one.how == How.CHECKLIST
        and one.state == State.OPEN
        and found.state == Attempt.State.WAITING
        and mine
        and not found.looks.filter(examiner=user).exists()
    )
    context = row | {
        "sitting": one,
        "class": one.training_class,
        "trainee": Enrolment.objects.select_related("trainee").get(pk=found.enrolment_id).trainee,
        "events": found.events.select_related("by"),
        "results": found.results.select_related("by"),
        "looks": [(look, _items(one, look)) for look in seen],
        "hidden": found.looks.count() - len(seen),
        "items": _sent(request, one) if due else [],
        "due": due,
        "mine": mine,
        "faults": faults,
        "may_void": (mine and one.state == State.OPEN)
        or (one.state == State.CLOSED and user.has_perm(DECIDE)),
        "may_appeal": user.has_perm(PLAN) and not appeals.why_not(found),
        "why_not": _said(appeals.why_not(found)),
    }
    return render(request, "assessing/person.html", context)


def _said(fault: str) -> str:
    return as_read(fault)


def _may_see(one: Sitting, attempt: Attempt, examiner: int, user: int) -> bool:
    """Examiners look apart: what another gave is shown when the person is done, or to the third."""
    return attempt.state != Attempt.State.WAITING or examiner == user


def _items(one: Sitting, look: Any) -> list[dict[str, Any]]:
    return [
        {"item": item, "points": points, "failed": n in look.failed}
        for n, (item, points) in enumerate(zip(one.checklist, look.points, strict=True))
    ]


def _sent(request: HttpRequest, one: Sitting) -> list[dict[str, Any]]:
    """The checklist as a form, with what was sent when something is wrong with it."""
    return [
        {
            "n": n,
            "item": item,
            "points": request.POST.get(f"points-{n}", ""),
            "failed": f"failed-{n}" in request.POST,
        }
        for n, item in enumerate(one.checklist)
    ]


def _act(request: HttpRequest, one: Sitting, attempt: Attempt) -> None:
    """Raises ValidationError."""
    act, user = request.POST.get("act", ""), actor(request)
    name = attempt.enrolment.trainee.name
    if act in ("absent", "late"):
        hold.mark_absent(one, attempt.pk, user, act == "absent")
        said = _("%(name)s 已记缺考。") if act == "absent" else _("%(name)s 已取消缺考。")
    elif act == "take_in":
        hold.take_in(one, attempt.pk, user)
        said = _("%(name)s 的试卷已收。")
    elif act == "void":
        hold.void(one, attempt.pk, request.POST.get("reason", ""), user)
        said = _("%(name)s 的成绩已作废。")
    elif act == "look":
        points = [request.POST.get(f"points-{n}", "") for n in range(len(one.items))]
        if not all(text.isascii() and text.isdigit() for text in points):
            raise ValidationError("每一项都要评分，写整数 / score every item, a whole number")
        failed = [n for n in range(len(one.items)) if f"failed-{n}" in request.POST]
        found = practice.look(
            one,
            attempt.pk,
            [int(text[:4]) for text in points],
            failed,
            request.POST.get("note", ""),
            user,
        )
        said = (
            _("%(name)s 已评分，还需 %(n)s 位考评人评分。")
            if found.needs
            else _("%(name)s 已评完。")
        ) % {"name": name, "n": found.needs}
        messages.success(request, said, extra_tags="ok")
        return
    else:
        raise ValidationError("请刷新页面后再试 / reload the page and try again")
    messages.success(request, said % {"name": name}, extra_tags="ok")
