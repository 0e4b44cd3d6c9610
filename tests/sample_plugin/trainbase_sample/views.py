from django.http import JsonResponse
from django.shortcuts import render

from trainbase_sample.models import Note


def index(request):
    return render(request, "sample/index.html", {"notes": Note.objects.all()})


def notes(request):
    return JsonResponse({"notes": [note.text for note in Note.objects.all()]})


def in_admin(request):
    return render(request, "sample/index.html", {"notes": Note.objects.all()})
