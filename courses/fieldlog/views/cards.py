"""Trainees' cards on A4, ten a page: the trainer's phone scans them instead of a tap."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from courses.fieldlog.services.pack import card_of
from courses.models import TrainingClass
from tenants.qr import qr_inline
from tenants.staff.access import may

A_PAGE = 10


@may("fieldlog.manage_device")
def class_cards(request: HttpRequest, code: str) -> HttpResponse:
    """All of the class, or one whose card was lost.

    Not for trainers: a scanned card is stronger evidence than a tap, and a trainer with everybody's
    cards in his pocket could scan them without anybody there.
    """
    found = get_object_or_404(TrainingClass.objects.select_related("project"), code=code)
    people = (
        found.enrolments.on_roll()
        .select_related("trainee")
        .order_by("pk")
        .defer("trainee__id_sealed")
    )
    one = request.GET.get("enrolment", "")
    if one.isdecimal() and len(one) < 19:
        people = people.filter(pk=int(one))
    cards = [{"enrolment": each, "qr": qr_inline(card_of(each.trainee))} for each in people]
    pages = [cards[start : start + A_PAGE] for start in range(0, len(cards), A_PAGE)]
    context = {"class": found, "pages": pages, "count": len(cards), "one": one}
    return render(request, "fieldlog/cards.html", context)
