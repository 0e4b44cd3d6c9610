"""A base's site and desk."""

from django.urls import path

from certificates.views import issue, outcomes
from courses.views import attendance, classes, photos, roster, scores
from lms import dashboard
from lms.urls.common import front, pages

desk = [
    path("desk/", dashboard.desk, name="desk"),
    path("desk/funnel/<slug:step>/", dashboard.funnel_names, name="funnel_names"),
    path("desk/classes/", classes.class_list, name="class_list"),
    path("desk/classes/open/", classes.class_open, name="class_open"),
    path("desk/classes/<slug:code>/", classes.class_detail, name="class_detail"),
    path("desk/classes/<slug:code>/state/", classes.class_state, name="class_state"),
    path("desk/classes/<slug:code>/roster/", roster.roster_upload, name="roster_upload"),
    path("desk/imports/<int:pk>/", roster.roster_preview, name="roster_preview"),
    path("desk/imports/<int:pk>/marked.xlsx", roster.roster_errors, name="roster_errors"),
    path("desk/enrolments/<int:pk>/photo/", photos.enrolment_photo, name="enrolment_photo"),
    path(
        "desk/enrolments/<int:pk>/photo.jpg",
        photos.enrolment_photo_file,
        name="enrolment_photo_file",
    ),
    path("desk/sessions/<int:pk>/", attendance.session_attendance, name="session_attendance"),
    path("desk/classes/<slug:code>/scores/", scores.class_scores, name="class_scores"),
    path(
        "desk/classes/<slug:code>/certificates/",
        issue.class_certificates,
        name="class_certificates",
    ),
    path("desk/classes/<slug:code>/issue/", issue.issue_start, name="issue_start"),
    path("desk/classes/<slug:code>/papers.zip", issue.class_papers, name="class_papers"),
    path("desk/certificates/<slug:number>/", outcomes.certificate, name="certificate"),
    path("desk/certificates/<slug:number>.pdf", issue.certificate_paper, name="certificate_paper"),
    path(
        "desk/certificates/<slug:number>/revoke/",
        issue.certificate_revoke,
        name="certificate_revoke",
    ),
    path(
        "desk/certificates/<slug:number>/reissue/",
        issue.certificate_reissue,
        name="certificate_reissue",
    ),
]
urlpatterns = [*desk, *front, *pages]
