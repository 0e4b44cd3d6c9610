"""The desk's front page: what is due today, jobs that run, the funnel; and the names behind its numbers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.figures.models import Figure
from certificates.figures.services import sums
from certificates.figures.words import DEFINITIONS, TITLES
from certificates.services.places import STEPS, Place
from certificates.standing.services.names import Number, behind, people
from lms.due import coming, due_today
from tenants.current import current_tenant
from tenants.jobs.models import JobRun
from tenants.plugins.panels import panels
from tenants.staff.access import actor, may
from tenants.staff.models import User
from tenants.tables import wants_excel, workbook_response

MOST_JOBS = 5


def own_funnel() -> dict[str, int]:
    """The base's own figures of all years: read, not worked out."""
    rows = Figure.objects.filter(tenant=current_tenant().pk, dimension="total")
    return sums(rows)[0]


@may()
def desk(request: HttpRequest) -> HttpResponse:
    user, today = actor(request), timezone.localdate()
    found = due_today(user, today)
    context: dict[str, Any] = {"due": found, "today": today, "panels": panels(request)}
    if not found:
        context["coming"] = coming(user, today)
    if user.has_perm("jobs.view_jobrun"):
        context["jobs"] = list(_jobs(user)[:MOST_JOBS])
    if user.has_perm("certificates.view_funnel"):
        context |= _funnel()
    return render(request, "desk/desk.html", context)


def _jobs(user: User) -> QuerySet[JobRun]:
    """Those that run; and the own that ended today, so that whoever left them finds them again."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    runs = Q(state__in=[JobRun.State.WAITING, JobRun.State.RUNNING])
    return JobRun.objects.filter(runs | Q(started_by=user, finished_at__gte=midnight))


def _funnel() -> dict[str, Any]:
    counts = own_funnel()
    steps = [
        {"step": s, "title": TITLES[s], "count": counts[s], "definition": DEFINITIONS[s]}
        for s in STEPS
    ]
    return {"funnel": steps, "top": max(counts["enrolled"], 1)}


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
