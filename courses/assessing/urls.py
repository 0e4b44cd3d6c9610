"""Addresses of a base: the desk's, the examiner's and the examinee's."""

from django.urls import path

from courses.assessing.views import appeals, bank, hold, phone, plan, results

at_base = [
    path("desk/assessments/", plan.sitting_list, name="sitting_list"),
    path("desk/classes/<slug:code>/assessment/", plan.class_assessment, name="class_assessment"),
    path("desk/classes/<slug:code>/assessment/<slug:part>/", plan.sitting_new, name="sitting_new"),
    path("desk/sittings/<int:pk>/", hold.sitting, name="sitting"),
    path("desk/sittings/<int:pk>/act/", hold.sitting_act, name="sitting_act"),
    path("desk/sittings/<int:pk>/examiner/", plan.sitting_examiner, name="sitting_examiner"),
    path(
        "desk/sittings/<int:pk>/people/<int:attempt>/", hold.sitting_person, name="sitting_person"
    ),
    path("desk/sittings/<int:pk>/enter/", results.sitting_enter, name="sitting_enter"),
    path("desk/sittings/<int:pk>/papers/", results.sitting_papers, name="sitting_papers"),
    path(
        "desk/sittings/<int:pk>/papers/<slug:kind>.pdf",
        results.sitting_paper,
        name="sitting_paper",
    ),
    path("desk/sittings/<int:pk>/questions/", results.sitting_questions, name="sitting_questions"),
    path("desk/sittings/<int:pk>/sheet/", results.sitting_sheet, name="sitting_sheet"),
    path("desk/appeals/", appeals.appeal_list, name="appeal_list"),
    path("desk/appeals/<int:pk>/", appeals.appeal, name="appeal"),
    path("desk/attempts/<int:pk>/appeal/", appeals.appeal_new, name="appeal_new"),
    path("desk/questions/", bank.question_statistics, name="question_statistics"),
    path("desk/questions/import/", bank.question_import, name="question_import"),
    path(
        "desk/questions/import/<int:pk>/",
        bank.question_import_preview,
        name="question_import_preview",
    ),
    path(
        "desk/questions/import/<int:pk>/marked/",
        bank.question_import_marked,
        name="question_import_marked",
    ),
    path("desk/questions/pictures/<int:pk>.jpg", results.question_picture, name="question_picture"),
    # Without an account.
    path("exam/", phone.exam_door, name="exam_door"),
    path("exam/paper/", phone.exam_paper, name="exam_paper"),
    path("exam/appeal/", phone.exam_appeal, name="exam_appeal"),
    path("exam/leave/", phone.exam_leave, name="exam_leave"),
    path("exam/pictures/<int:pk>.jpg", phone.exam_picture, name="exam_picture"),
]
