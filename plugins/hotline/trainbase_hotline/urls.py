"""Addresses below /hotline/."""

from django.urls import path

from trainbase_hotline.views import case, desk, public

app_name = "hotline"
urlpatterns = [
    path("", public.complain, name="complain"),
    path("follow/", public.follow, name="follow"),
    path("follow/<str:number>/", public.receipt, name="receipt"),
    path("desk/", desk.desk, name="desk"),
    path("desk/breaches/", desk.breaches, name="breaches"),
    path("desk/sheet/", desk.sheet, name="sheet"),
    path("desk/new/", case.by_phone, name="by_phone"),
    path("desk/<int:pk>/", case.case, name="case"),
    path("desk/<int:pk>/do/<str:name>/", case.act, name="act"),
    path("desk/<int:pk>/who/", case.look, name="look"),
    path("desk/<int:pk>/files/<int:file>/", case.attachment, name="attachment"),
]
