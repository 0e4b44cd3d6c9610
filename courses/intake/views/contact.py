"""A trainee's telephone and village, corrected at the desk."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from courses.intake.forms import ContactForm
from courses.models import Trainee
from courses.services import contact
from tenants.faults import put_faults
from tenants.staff.access import actor, may


@may("courses.view_trainee", "courses.import_roster")
def trainee_contact(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        trainee = get_object_or_404(Trainee.objects.select_related("village__parent"), pk=pk)
        return _page(request, trainee, ContactForm(trainee))
    with transaction.atomic():  # the form tells the second of two what the first has changed
        try:
            trainee = contact.lock(pk)
        except Trainee.DoesNotExist:
            raise Http404 from None
        form = ContactForm(trainee, request.POST)
        if not form.is_valid():
            return _page(request, trainee, form)
        data = form.cleaned_data
        try:
            changed = contact.correct(trainee, data["phone"], data["village"], actor(request))
        except ValidationError as error:
            put_faults(form, error)
            return _page(request, trainee, form)
    if changed:
        messages.success(request, _("联系方式已更正。"), extra_tags="ok")
    else:
        messages.info(request, _("没有改动。"))
    return redirect("trainee", pk)


def _page(request: HttpRequest, trainee: Trainee, form: ContactForm) -> HttpResponse:
    return render(request, "intake/trainee_contact.html", {"trainee": trainee, "form": form})
