"""Addresses of the base's site and desk."""

from django.urls import path

from courses.applying.views import desk, join, proposals, propose

at_base = [
    path("join/", join.join, name="join"),
    path("join/status/", join.status, name="join_status"),
    path("join/mine/", join.mine, name="join_mine"),
    path("join/withdraw/", join.withdraw, name="join_withdraw"),
    path("join/leave/", join.leave, name="join_leave"),
    path("join/places/<str:code>.json", join.places, name="join_places"),
    path("join/class/<slug:code>/", join.join, name="join_class"),
    path("propose/", propose.propose, name="propose"),
    path("propose/status/", propose.status, name="propose_status"),
    path("propose/mine/", propose.mine, name="propose_mine"),
    path("desk/applications/", desk.application_list, name="desk_applications"),
    path("desk/applications/decide/", desk.application_decide, name="desk_application_decide"),
    path("desk/applications/<int:pk>/", desk.application, name="desk_application"),
    path("desk/proposals/", proposals.proposal_list, name="desk_proposals"),
    path("desk/proposals/<int:pk>/", proposals.proposal, name="desk_proposal"),
    path("desk/classes/<slug:code>/terms/", proposals.class_terms, name="class_terms"),
    path("desk/consents/", proposals.consents, name="desk_consents"),
]
