"""Addresses that a centre and a base share."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from tenants.staff.views import SignIn
from tenants.views import media

front = [
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/<path:path>", media, name="media"),
    path("documents/", include(wagtaildocs_urls)),
    # Wagtail's own sign-in has no limit on guesses.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
]
pages = [path("", include(wagtail_urls))]
