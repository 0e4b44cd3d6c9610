from django.urls import path

from trainbase_sample import views

urlpatterns = [
    path("", views.index, name="index"),
    path("api/notes/", views.notes, name="notes"),
]
