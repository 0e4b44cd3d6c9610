"""Addresses that a centre and a base share."""

from allauth.account import views as account
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from certificates.designs.views import design_preview
from certificates.views import wellknown
from courses.site.views import robots
from tenants.jobs.views import job_cancel, job_page
from tenants.lists.record import record_history
from tenants.looks.views import look_list
from tenants.outbox.views import message_list
from tenants.plugins import reports
from tenants.plugins import views as plugins
from tenants.plugins.hooks import wrap_hooks
from tenants.plugins.urls import addresses
from tenants.staff import views as staff
from tenants.staff.views import SignIn
from tenants.views import media

front = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path(".well-known/did.json", wellknown.did_document, name="did_document"),
    path("login/", SignIn.as_view(), name="account_login"),
    path("logout/", LogoutView.as_view(), name="account_logout"),
    path("invitation/<str:token>/", staff.accept_invitation, name="accept_invitation"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/sessions/", staff.my_sessions, name="usersessions_list"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("desk/jobs/<int:pk>/", job_page, name="job"),
    path("desk/jobs/<int:pk>/cancel/", job_cancel, name="job_cancel"),
    path("desk/designs/<slug:digest>.pdf", design_preview, name="design_preview"),
    path("desk/plugins/", plugins.plugin_list, name="plugin_list"),
    path("desk/plugins/<slug:name>/switch/", plugins.plugin_switch, name="plugin_switch"),
    path("desk/reports/", reports.report_list, name="report_list"),
    path("desk/reports/<slug:plugin>/<slug:name>/", reports.report, name="report"),
    path("desk/history/<slug:kind>/<int:pk>/", record_history, name="record_history"),
    path("desk/looks/", look_list, name="look_list"),
    path("desk/messages/", message_list, name="message_list"),
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
wrap_hooks()  # those that Wagtail's viewsets have registered while its addresses were read
# Before the pages: a plugin's addresses, which are free for pages where it is off.
front += addresses()
pages = [path("", include(wagtail_urls))]
