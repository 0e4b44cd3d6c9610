from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from courses.models import Enrolment, Score, TrainingClass
from courses.rules import score_of
from courses.services.assessment import ScoreEntry, enter_scores, latest_scores
from courses.services.pasted import read_pasted
from tenants.faults import as_said
from tenants.staff.access import actor, may


@may("courses.enter_scores")
def class_scores(request: HttpRequest, code: str) -> HttpResponse:
    """Scores by page, or pasted from Excel: the paste fills the page, and "save" saves."""
    training_class = get_object_or_404(
        TrainingClass.objects.select_related("project", "rule_set"), code=code
    )
    on_roll = training_class.enrolments.on_roll()
    people = list(on_roll.select_related("trainee").order_by("id"))
    current = latest_scores(training_class)
    sent: dict[int, dict[str, str]] = {}
    faults: list[str] = []
    if request.method == "POST" and "fill" in request.POST:
        sent, faults = read_pasted(request.POST.get("pasted", "")[:200_000], people)
        if not request.POST.get("pasted", "").strip():
            faults = [_("请先从 Excel 复制三列，粘贴到框里。")]
    elif request.method == "POST":
        sent = {
            e.pk: {
                field: request.POST.get(f"{field}-{e.pk}", "").strip()[:200]
                for field in ("theory", "practice", "reason")
            }
            for e in people
        }
        faults = _save(request, training_class, people, sent)
        if not faults:
            return redirect("class_scores", code)
    context = {
        "class": training_class,
        "rows": [_row(e, current.get(e.pk), sent.get(e.pk, {})) for e in people],
        "faults": faults,
        "pasted": request.POST.get("pasted", "") if "fill" in request.POST else "",
        "on": request.POST.get("on") or timezone.localdate().isoformat(),
    }
    return render(request, "courses/scores.html", context)


def _row(enrolment: Enrolment, score: Score | None, sent: dict[str, str]) -> dict[str, Any]:
    return {
        "enrolment": enrolment,
        "score": score,
        "theory": sent.get("theory", score.theory if score else ""),
        "practice": sent.get("practice", score.practice if score else ""),
        "reason": sent.get("reason", ""),
    }


def _save(
    request: HttpRequest,
    training_class: TrainingClass,
    people: list[Enrolment],
    sent: dict[int, dict[str, str]],
) -> list[str]:
    try:
        on = parse_date(request.POST.get("on", ""))
    except ValueError:  # a day that no month has
        on = None
    if on is None or on > timezone.localdate():
        return [_("请填写考核日期，不能晚于今天。")]
    entries, faults = {}, []
    for enrolment in people:
        typed = sent[enrolment.pk]
        if not typed["theory"] and not typed["practice"]:
            continue
        try:
            entries[enrolment.pk] = ScoreEntry(
                score_of(typed["theory"]), score_of(typed["practice"]), typed["reason"]
            )
        except ValueError:
            faults.append(
                _("%(name)s：理论和实操成绩都应是 0 到 100 的数，最多一位小数")
                % {"name": enrolment.trainee.name}
            )
    if faults:
        return faults
    try:
        count = enter_scores(training_class, entries, on, actor(request))
    except ValidationError as error:
        return as_said(error)
    messages.success(request, _("已保存 %(n)s 人的成绩。") % {"n": count}, extra_tags="ok")
    return []
