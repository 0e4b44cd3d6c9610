"""Addresses that a centre and a base share."""

from allauth.account import views as account
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from tenants.jobs.views import job_page
from tenants.staff import views as staff
from tenants.staff.views import SignIn
from tenants.views import media

front = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", LogoutView.as_view(), name="account_logout"),
    path("invitation/<str:token>/", staff.accept_invitation, name="accept_invitation"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/sessions/", staff.my_sessions, name="usersessions_list"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("desk/jobs/<int:pk>/", job_page, name="job"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/invite/", staff.staff_invite, name="staff_invite"),
    path("staff/<int:pk>/", staff.staff_person, name="staff_person"),
    path("staff/<int:pk>/act/", staff.staff_act, name="staff_act"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("media/<path:path>", media, name="media"),
    path("documents/", include(wagtaildocs_urls)),
    # Wagtail's own sign-in has no limit on guesses.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", include(wagtailadmin_urls)),
]
pages = [path("", include(wagtail_urls))]
