"""Addresses of the base's desk, and of the centre."""

from django.urls import path

from certificates.duties.views import base, calls, centre, person

at_base = [
    path("desk/calls/", calls.call_list, name="call_list"),
    path("desk/calls/print/", calls.call_print, name="call_print"),
    path("desk/calls/script/", person.call_script, name="call_script"),
    path("desk/calls/<int:pk>/", person.call_person, name="call_person"),
    path("desk/discrepancies/", base.discrepancy_list, name="discrepancy_list"),
    path("desk/discrepancies/<int:pk>/", base.discrepancy, name="discrepancy"),
    path("desk/gate/", base.gate, name="gate"),
    path("desk/gate/<slug:trade>/", base.gate_names, name="gate_names"),
]
at_centre = [
    path("desk/follow-up/", centre.follow_up_bases, name="follow_up_bases"),
    path("desk/follow-up/<slug:base>/", centre.sample_list, name="sample_list"),
    path("desk/follow-up/<slug:base>/gate/", centre.gate_exceptions, name="gate_exceptions"),
    path("desk/follow-up/<slug:base>/<int:pk>/", centre.sample_person, name="sample_person"),
]
