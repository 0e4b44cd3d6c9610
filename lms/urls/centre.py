"""The centre's portal."""

from django.urls import path
from django.views.generic import RedirectView

from certificates.views import verify
from lms.portal import views
from lms.urls.common import front, pages

urlpatterns = [
    path("c/<str:code>", verify.verify, name="verify"),
    path("c/<str:code>/", RedirectView.as_view(pattern_name="verify", permanent=True)),
    path("check/", verify.check, name="check"),
    path("bases/", views.bases, name="bases"),
    path("courses/", views.courses, name="courses"),
    path("desk/", RedirectView.as_view(url="/admin/"), name="desk"),
    *front,
    *pages,
]
