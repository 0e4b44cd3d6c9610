"""One trainee's resident ID, after a reason."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses.models import Trainee
from courses.services import seen
from tenants.faults import as_said
from tenants.looks.services import Reason
from tenants.looks.views import after_reason
from tenants.staff.access import actor, may


@may("looks.see_resident_id")
def trainee_id(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks why; POST writes the look down and shows the number once: no address leads to it."""
    trainee = get_object_or_404(Trainee, pk=pk)
    back = reverse("trainee", args=[pk])

    def show(reason: Reason) -> HttpResponse:
        try:
            number = seen.resident_id(trainee, reason, actor(request))
        except ValidationError as error:
            return render(
                request, "courses/trainee_id.html", {"trainee": trainee, "fault": as_said(error)[0]}
            )
        return render(request, "courses/trainee_id.html", {"trainee": trainee, "number": number})

    title = _("查看身份证号：%(name)s") % {"name": trainee.name}
    return after_reason(request, {"title": title, "back": back, "back_title": trainee.name}, show)
