"""Addresses below the admin's `letters/`; the plugin has no public ones."""

from django.urls import path

from trainbase_letters.views import assessments, board, letters

app_name = "letters"
urlpatterns = [
    path("", board.board, name="board"),
    path("unit/<int:pk>/", board.unit_page, name="unit"),
    path("unit/<int:pk>/new/", letters.letter_new, name="new"),
    path("letter/<int:pk>/edit/", letters.letter_edit, name="edit"),
    path("letter/<int:pk>/discard/", letters.letter_discard, name="discard"),
    path("letter/<int:pk>/print/", letters.letter_print, name="print"),
    path("letter/<int:pk>/sign/", letters.letter_sign, name="sign"),
    path("letter/<int:pk>/scan/", letters.letter_scan, name="scan"),
    path("letter/<int:pk>/withdraw/", letters.letter_withdraw, name="withdraw"),
    path("letter/<int:pk>/assess/", assessments.assess_one, name="assess"),
    path("letter/<int:pk>/decide/", assessments.decide, name="decide"),
    path("letter/<int:pk>/appeal/", assessments.appeal, name="appeal"),
    path("letter/<int:pk>/answer/", assessments.answer, name="answer"),
    path("assessment/", assessments.assessment_list, name="assessments"),
    path("assessment/run/", assessments.assess_year, name="assess_year"),
]
