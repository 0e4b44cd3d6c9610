"""The desk's front page: the funnel, and the names behind each of its numbers."""

from typing import Any

from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.duties.services.calls import in_numbers
from certificates.duties.services.samples import open_discrepancies
from certificates.employment.models import Claim
from certificates.external.services import standing_list
from certificates.figures.models import Figure
from certificates.figures.services import sums
from certificates.figures.words import DEFINITIONS, TITLES
from certificates.models import Objection, Revocation
from certificates.services.places import STEPS, Place
from certificates.services.reevaluate import open_reevaluations
from certificates.standing.services.names import Number, behind, people
from courses.applying.services.waiting import to_do
from courses.assessing.models import Sitting
from courses.assessing.services.appeals import open_appeals
from courses.fieldlog.models import Reading, SessionLog
from courses.fieldlog.services.due import tiles
from courses.models import TrainingClass, VillageSession
from tenants.current import current_tenant
from tenants.jobs.models import JobRun
from tenants.plugins.panels import panels
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

ON_ROLL = Q(training_class__enrolments__state="enrolled")


def own_funnel() -> dict[str, int]:
    """The base's own figures of all years: read, not worked out."""
    rows = Figure.objects.filter(tenant=current_tenant().pk, dimension="total")
    return sums(rows)[0]


@may()
def desk(request: HttpRequest) -> HttpResponse:
    user = actor(request)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "classes": TrainingClass.objects.exclude(state=TrainingClass.State.FINISHED)
        .select_related("project", "village")
        .order_by("starts_on"),
        "sessions": VillageSession.objects.filter(
            held_on__lte=today, training_class__state=TrainingClass.State.IN_SESSION
        )
        .annotate(
            marked=Count("attendance", distinct=True),
            people=Count("training_class__enrolments", filter=ON_ROLL, distinct=True),
        )
        .filter(marked__lt=F("people"))
        .select_related("training_class__project")
        .order_by("held_on", "starts_at")[:20],
    }
    context["panels"] = panels(request)
    context["field"] = tiles(user)
    if not user.has_perm("courses.view_trainingclass"):
        context["classes"] = context["sessions"] = []
    context |= to_do(user)
    if user.has_perm("fieldlog.review_attendance"):
        context["review"] = _to_review()
    if user.has_perm("courses.enter_scores") or user.has_perm("assessing.plan_sitting"):
        context["assessment"] = {
            "sittings": Sitting.objects.filter(state__in=["planned", "open"]).count(),
            "appeals": open_appeals().count(),
        }
    if user.has_perm("fieldlog.manage_device"):
        context["unreadable"] = Reading.objects.exclude(fault="").count()
    if user.has_perm("certificates.revoke_certificate"):
        context["revocations"] = Revocation.objects.filter(state=Revocation.State.OPEN).count()
        context["changed"] = open_reevaluations().order_by("found_at")[:10]
    if user.has_perm("external.view_externalcertificate"):
        context["external"] = standing_list("expired").count(), standing_list("90").count()
    if user.has_perm("duties.call_people"):
        context["calls"] = in_numbers(user, today)
    if user.has_perm("duties.answer_sample"):
        context["discrepancies"] = open_discrepancies()
    if user.has_perm("certificates.record_outcome"):
        context["claims"] = Claim.objects.filter(state=Claim.State.OPEN).count()
        context["objections"] = Objection.objects.filter(state=Objection.State.OPEN).count()
    if user.has_perm("certificates.view_funnel"):
        counts = own_funnel()
        top = max(counts["enrolled"], 1)
        context["funnel"] = [
            {"step": s, "title": TITLES[s], "count": counts[s], "definition": DEFINITIONS[s]}
            for s in STEPS
        ]
        context["top"] = top
        context["jobs"] = JobRun.objects.all()[:5]
    return render(request, "desk/desk.html", context)


def _to_review() -> dict[str, int]:
    """Sessions that wait for a supervisor, and how many of them changed after a review."""
    waiting = SessionLog.objects.filter(marked__gt=0).exclude(review=SessionLog.Review.ACCEPTED)
    return {
        "total": waiting.count(),
        "changed": waiting.filter(review=SessionLog.Review.CHANGED).count(),
    }


@may("certificates.view_funnel")
def funnel_names(request: HttpRequest, step: str) -> HttpResponse:
    """Who is counted by a number of the funnel."""
    if step not in STEPS:
        raise Http404
    found = people(behind(Number(step)))
    if wants_excel(request):
        header = [_("姓名"), _("证件后四位"), _("班次"), _("证书编号"), _("去向"), _("用人单位")]
        return workbook_response(step, header, [_line(place) for place in found])
    context = {"step": step, "title": TITLES[step], "definition": DEFINITIONS[step]}
    return render(request, "desk/funnel_names.html", context | {"places": found})


def _line(place: Place) -> list[str]:
    trainee = place.enrolment.trainee
    return [
        trainee.name,
        trainee.id_last4,
        place.enrolment.training_class.code,
        place.certificate.number if place.certificate else "",
        str(place.outcome.get_kind_display()) if place.outcome else "",
        place.outcome.employer if place.outcome else "",
    ]
