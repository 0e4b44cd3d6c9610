"""Addresses of the base's desk, of the centre, and the feed."""

from django.urls import path

from courses.planning.views import calendar, centre, changes, links, requests

at_base = [
    path("desk/requests/", requests.request_list, name="request_list"),
    path("desk/requests/new/", requests.request_new, name="request_new"),
    path("desk/requests/<int:pk>/", requests.request_page, name="request_page"),
    path("desk/requests/<int:pk>/edit/", requests.request_edit, name="request_edit"),
    path("desk/requests/<int:pk>/act/", requests.request_act, name="request_act"),
    path("desk/classes/<slug:code>/change/", changes.class_change, name="class_change"),
    path("desk/calendar/", calendar.calendar, name="calendar"),
    path("desk/calendar/print/", calendar.calendar_print, name="calendar_print"),
    path("desk/calendar/sessions/<int:pk>/", calendar.session_move, name="session_move"),
    path("desk/calendar/links/", links.calendar_links, name="calendar_links"),
    path(
        "desk/calendar/links/<int:pk>/revoke/",
        links.calendar_link_revoke,
        name="calendar_link_revoke",
    ),
    path("calendar/<slug:secret>.ics", links.calendar_feed, name="calendar_feed"),
]
at_centre = [
    path("desk/requests/", centre.centre_requests, name="centre_requests"),
    path("desk/requests/<slug:number>/", centre.centre_request, name="centre_request"),
    path("desk/calendar/", centre.centre_calendar, name="centre_calendar"),
    path("desk/holidays/<int:year>/", centre.holiday_year, name="holiday_year"),
]
