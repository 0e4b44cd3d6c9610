"""What an examinee sees on a phone, without an account: the door, the paper, the result.

Everything works without scripts; with them the paper saves itself and shows the time.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from courses.assessing.forms import AppealForm
from courses.assessing.models import Attempt, Picture, Sitting
from courses.assessing.services import appeals, hold, sit
from courses.assessing.services.standing import result_of
from courses.assessing.views.results import picture_response
from tenants.faults import as_said, put_faults
from tenants.throttle import too_often, used_up

NAME = "exam"
HOURS = 6
View = Callable[..., HttpResponse]
Stands = Attempt.State


def private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def inside(view: View) -> View:
    """The view gets the attempt whose door this browser has; others are led to the door."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        said = request.session.get(NAME) or {}
        attempt = (
            Attempt.objects.filter(pk=said.get("attempt", 0))
            .select_related("sitting__training_class__rule_set", "enrolment__trainee")
            .first()
        )
        if attempt is None:
            return private(redirect("exam_door"))
        return private(view(request, attempt, said["door"], *args, **kwargs))

    return guarded


def exam_door(request: HttpRequest) -> HttpResponse:
    """Code and last four; the name too when two have the same. Guesses are counted, by caller and by code."""
    said = {
        "code": request.POST.get("code", request.GET.get("code", ""))[:20],
        "last4": request.POST.get("last4", "")[:8],
        "name": request.POST.get("name", "")[:60],
    }
    context: dict[str, Any] = said | {"ask_name": bool(said["name"])}
    if request.method != "POST":
        return private(render(request, "assessing/door.html", context))
    code = sit.clean_code(said["code"])
    wrong = (("exam-wrong", 30, 600, ""), ("exam-wrong-code", 60, 600, f"code {code}"))
    if too_often(request, "exam-door", 400, 600) or any(used_up(request, *w) for w in wrong):
        return private(render(request, "registration/too_often.html", status=429))
    try:
        attempt = sit.find(**said)
    except sit.AskName as error:
        context |= {"ask_name": True, "faults": as_said(error)}
    except ValidationError as error:
        for each in wrong:
            too_often(request, *each)
        context["faults"] = as_said(error)
    else:
        door = sit.enter(attempt)
        if not request.user.is_authenticated:
            request.session.cycle_key()
            request.session.set_expiry(HOURS * 3600)
        request.session[NAME] = {"attempt": attempt.pk, "door": door}
        return private(redirect("exam_paper"))
    return private(render(request, "assessing/door.html", context))


@inside
def exam_paper(request: HttpRequest, attempt: Attempt, door: str) -> HttpResponse:
    """Begin; read and save; hand in, after a look at what is empty; then the result."""
    if request.method == "POST":
        if too_often(request, "exam-save", 1500, 600, f"attempt {attempt.pk}"):
            return render(request, "registration/too_often.html", status=429)
        try:
            return _posted(request, attempt, door)
        except sit.Elsewhere as error:
            if _by_script(request):
                return JsonResponse({"fault": _said(error)}, status=409)
            context = {"fault": _said(error)}
            return render(request, "assessing/elsewhere.html", context, status=409)
        except ValidationError as error:
            return _show(request, attempt, _said(error))
    if attempt.state == Stands.STARTED and sit.is_over(attempt):
        hold.finish_overdue(attempt.sitting)
        attempt.refresh_from_db()
    return _show(request, attempt)


def _said(error: ValidationError) -> str:
    return as_said(error)[0]


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "exam"


def _chosen(request: HttpRequest, attempt: Attempt) -> dict[int, str]:
    """By question; a question without a word in the form has nothing chosen."""
    keys = attempt.sitting.questions.values_list("pk", flat=True)
    return {pk: "".join(request.POST.getlist(f"q{pk}"))[:12] for pk in keys}


def _posted(request: HttpRequest, attempt: Attempt, door: str) -> HttpResponse:
    act = request.POST.get("act", "save")
    if act == "begin":
        sit.begin(attempt.pk, door)
        return redirect("exam_paper")
    if act == "hand_in":
        sit.hand_in(attempt.pk, door)
        return redirect("exam_paper")
    saved = sit.save(attempt.pk, door, _chosen(request, attempt))
    if _by_script(request):
        answered = saved.answers.exclude(chosen="").count()
        return JsonResponse(
            {"answered": answered, "left": _left(saved), "over": saved.state != Stands.STARTED}
        )
    if act == "check" and saved.state == Stands.STARTED:
        empty = [line.number for line in sit.lines(saved) if not line.chosen]
        context = {"attempt": saved, "empty": empty, "asked": saved.sitting.questions.count()}
        return render(request, "assessing/check_paper.html", context | {"left": _left(saved)})
    return redirect("exam_paper")


def _left(attempt: Attempt) -> int:
    """Whole seconds by the server's clock."""
    if attempt.ends_at is None:
        return 0
    return max(0, int((attempt.ends_at - timezone.now()).total_seconds()))


def _show(request: HttpRequest, attempt: Attempt, fault: str = "") -> HttpResponse:
    one = attempt.sitting
    context: dict[str, Any] = {
        "attempt": attempt,
        "sitting": one,
        "class": one.training_class,
        "trainee": attempt.enrolment.trainee,
        "fault": fault,
        "asked": one.questions.count(),
    }
    if attempt.state == Stands.WAITING:
        return render(request, "assessing/begin.html", context)
    if attempt.state == Stands.STARTED:
        lines = sit.lines(attempt)
        context |= {
            "lines": lines,
            "answered": sum(1 for line in lines if line.chosen),
            "left": _left(attempt),
            "minutes_left": -(-_left(attempt) // 60),
        }
        return render(request, "assessing/paper_phone.html", context)
    published = one.state == Sitting.State.CLOSED
    result = result_of(attempt) if published else None
    appeal = result.appeals.first() if result else None
    context |= {
        "published": published,
        "result": result,
        "passed": result is not None and result.score >= one.pass_mark,
        "appeal": appeal,
        "decision": getattr(appeal, "decision", None) if appeal else None,
        "may_appeal": result is not None and not appeals.why_not(attempt),
    }
    return render(request, "assessing/after.html", context)


@inside
def exam_appeal(request: HttpRequest, attempt: Attempt, door: str) -> HttpResponse:
    """Only who came in by code and last four appeals here."""
    form = AppealForm(request.POST or None)
    if appeals.why_not(attempt):
        return redirect("exam_paper")
    if request.method == "POST":
        if too_often(request, "exam-appeal", 10, 3600):
            return render(request, "registration/too_often.html", status=429)
        if form.is_valid():
            try:
                appeals.appeal(attempt, form.cleaned_data["text"])
                return redirect("exam_paper")
            except ValidationError as error:
                put_faults(form, error)
    context = {"form": form, "attempt": attempt, "sitting": attempt.sitting}
    return render(request, "assessing/appeal_phone.html", context)


@inside
def exam_picture(request: HttpRequest, attempt: Attempt, door: str, pk: int) -> HttpResponse:
    """A picture of the own paper."""
    own = attempt.sitting.questions.filter(version__picture=pk).exists()
    picture = Picture.objects.filter(pk=pk).first() if own else None
    if picture is None or attempt.state != Stands.STARTED:
        raise Http404
    return picture_response(picture)


@require_POST
def exam_leave(request: HttpRequest) -> HttpResponse:
    """One phone, several people: the next one begins at the door."""
    said = request.session.pop(NAME, None) or {}
    one = Attempt.objects.filter(pk=said.get("attempt", 0)).select_related("sitting").first()
    answer = redirect("exam_door")
    if one is not None and one.sitting.state == Sitting.State.OPEN:
        answer["Location"] += f"?code={one.sitting.code}"
    return private(answer)
