from django.http import HttpResponse
from django.urls import path


def broken(request):
    raise RuntimeError("a page of the plugin")


urlpatterns = [path("", broken), path("ok/", lambda request: HttpResponse("ok"))]
