"""What came back on paper, the printed papers, statistics, and the sheet to sign."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.assessing.models import Picture, Sitting
from courses.assessing.services.figures import of_sitting
from courses.assessing.services.printed import JOB, KINDS, file_of
from courses.assessing.services.standing import result_of
from courses.assessing.services.typed import Typed, enter_typed
from courses.assessing.views.access import EXAMINE, of_assessment
from courses.assessing.views.hold import How, State, sitting_of
from tenants.faults import as_said
from tenants.jobs.services import start
from tenants.staff.access import actor, may
from tenants.tables import download, wants_excel, workbook_response


@may(EXAMINE)
def sitting_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """A line a person: the variant's answers, or only the score."""
    one = sitting_of(pk)
    if one.how not in (How.PAPER, How.SCORES):
        raise Http404
    attempts = list(
        one.attempts.select_related("enrolment__trainee", "sitting").prefetch_related("results")
    )
    sent: dict[int, Typed] = {}
    faults: list[str] = []
    if request.method == "POST":
        sent = {a.pk: _typed(request, a.pk) for a in attempts}
        try:
            count = enter_typed(one, sent, actor(request))
            messages.success(request, _("已录入 %(n)s 人。") % {"n": count}, extra_tags="ok")
            return redirect("sitting", pk)
        except ValidationError as error:
            faults = as_said(error)
    rows = [
        {
            "attempt": a,
            "trainee": a.enrolment.trainee,
            "result": result_of(a),
            "typed": sent.get(a.pk, Typed(variant=a.variant)),
        }
        for a in attempts
    ]
    context = {
        "sitting": one,
        "class": one.training_class,
        "rows": rows,
        "faults": faults,
        "asked": one.questions.count(),
        "open": one.state == State.OPEN,
    }
    return render(request, "assessing/enter.html", context)


def _typed(request: HttpRequest, pk: int) -> Typed:
    said = {
        name: request.POST.get(f"{name}-{pk}", "").strip()[:600]
        for name in ("variant", "answers", "score")
    }
    return Typed(**said)


@of_assessment
@require_POST
def sitting_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """A job draws the variants and the key."""
    one = sitting_of(pk)
    if one.how != How.PAPER:
        raise Http404
    label = f"{one.training_class.code} {one.held_on}"
    run = start(JOB, label, {"sitting": pk}, actor(request), reverse("sitting", args=[pk]))
    return redirect("job", run.pk)


@of_assessment
def sitting_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    one = sitting_of(pk)
    if kind not in KINDS or one.how != How.PAPER:
        raise Http404
    content = file_of(one, kind)
    if content is None:
        messages.error(request, _("试卷还没有制作，请先点“制作试卷”。"), extra_tags="bad")
        return redirect("sitting", pk)
    name = f"{one.training_class.code}-{one.held_on}-{KINDS[kind]}.pdf"
    return download(content, name, "application/pdf")


@of_assessment
def sitting_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """How many got each question right. Only when the sitting is over: nobody reads it before."""
    one = sitting_of(pk)
    if one.state != State.CLOSED:
        raise Http404
    rows = of_sitting(one)
    if wants_excel(request):
        header = [
            _("题号"),
            _("题型"),
            _("题干"),
            _("答案"),
            _("分值"),
            _("作答人数"),
            _("答对人数"),
            "%",
        ]
        lines = [
            [r.question.place, r.question.version.get_kind_display(), r.question.version.text,
             r.question.version.answer, r.question.points, r.asked, r.right, r.percent]
            for r in rows
        ]  # fmt: skip
        return workbook_response(f"{one.training_class.code}-questions", header, lines)
    context = {"sitting": one, "class": one.training_class, "rows": rows}
    return render(request, "assessing/questions.html", context)


@of_assessment
def sitting_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The result sheet: to print and sign, or as Excel."""
    one = sitting_of(pk)
    rows = [_result_row(one, a) for a in _of_sheet(one)]
    if wants_excel(request):
        header = [_("姓名"), _("证件后四位"), _("第几次"), _("状态"), _("得分"), _("满分"), _("成绩"),
                  _("结论"), _("备注")]  # fmt: skip
        lines = [
            [r["trainee"].name, r["trainee"].id_last4, r["attempt"].number,
             r["attempt"].get_state_display(), r["points"], r["total"], r["score"], r["said"],
             r["note"]]
            for r in rows
        ]  # fmt: skip
        return workbook_response(f"{one.training_class.code}-{one.part}-results", header, lines)
    marked = [r for r in rows if r["score"] is not None]
    context: dict[str, Any] = {
        "sitting": one,
        "class": one.training_class,
        "rows": rows,
        "people": len(rows),
        "sat": len(marked),
        "passed": sum(1 for r in marked if r["passed"]),
        "examiners": [each.user for each in one.examiners.all()],
    }
    return render(request, "assessing/sheet.html", context)


def _of_sheet(one: Sitting) -> Any:
    return one.attempts.select_related("enrolment__trainee", "sitting").prefetch_related("results")


def _result_row(one: Sitting, attempt: Any) -> dict[str, Any]:
    result = result_of(attempt)
    score = result.score if result else None
    passed = score is not None and score >= one.pass_mark
    return {
        "attempt": attempt,
        "trainee": attempt.enrolment.trainee,
        "score": score,
        "points": result.points if result else None,
        "total": result.total if result else None,
        "passed": passed,
        "said": "" if score is None else _("及格") if passed else _("不及格"),
        "note": result.reason if result and result.replaces_id else "",
    }


@of_assessment
def question_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A picture of the bank, for the desk."""
    return picture_response(get_object_or_404(Picture, pk=pk))


def picture_response(picture: Picture) -> HttpResponse:
    response = HttpResponse(bytes(picture.content), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
