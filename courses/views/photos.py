from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from courses.forms import PhotoForm
from courses.models import Enrolment
from courses.services.photos import set_photo
from tenants.staff.access import may


@may("courses.import_roster")
def enrolment_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and set the photo that the paper will print."""
    found = get_object_or_404(
        Enrolment.objects.select_related("trainee", "training_class__project"), pk=pk
    )
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_photo(found, form.cleaned_data["file"].read())
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("enrolment_photo", pk)
    return render(request, "courses/photo.html", {"enrolment": found, "form": form})


@may("courses.import_roster")
def enrolment_photo_file(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Enrolment, pk=pk)
    if not found.photo:
        raise Http404
    response = HttpResponse(bytes(found.photo), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response
