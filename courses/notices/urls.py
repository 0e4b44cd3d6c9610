"""Addresses of the base's desk."""

from django.urls import path

from courses.notices import views

at_base = [
    path("desk/notices/", views.notice_list, name="notice_list"),
    path("desk/notices/new/", views.notice_new, name="notice_new"),
    path("desk/notices/templates/", views.notice_templates, name="notice_templates"),
    path("desk/notices/templates/new/", views.notice_template, name="notice_template_new"),
    path("desk/notices/templates/<int:pk>/", views.notice_template, name="notice_template"),
    path("desk/notices/opt-outs/", views.notice_opt_outs, name="notice_opt_outs"),
    path("desk/notices/<int:pk>/", views.notice_sending, name="notice_sending"),
    path("desk/notices/<int:pk>/stop/", views.notice_stop, name="notice_stop"),
]
