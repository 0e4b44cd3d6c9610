"""A base's site and desk."""

from django.urls import path

from certificates.dossiers import views as dossiers
from certificates.duties import urls as duties
from certificates.employment.views import answer as employment
from certificates.employment.views import desk as work
from certificates.external import views as external
from certificates.holders import desk_views as holders
from certificates.standing import views as standing
from certificates.views import changes, history, issue, outcomes
from courses.applying import urls as applying
from courses.assessing import urls as assessing
from courses.fieldlog import api as field
from courses.fieldlog.views import app as phone_app
from courses.fieldlog.views import (
    cards,
    devices,
    lag,
    paper,
    review,
    sheet,
    trainers,
    unread,
    villages,
    witness,
)
from courses.intake.views import columns, contact
from courses.intake.views import places as intake
from courses.notices import urls as notices
from courses.planning import urls as planning
from courses.retention.views import retention
from courses.site.feeds import ClassFeed, NewsFeed
from courses.views import attendance, classes, people, photos, roster, scores
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
    path("desk/classes/<slug:code>/intake/", intake.class_intake, name="class_intake"),
    path("desk/classes/<slug:code>/people/", intake.class_people, name="class_people"),
    path("desk/classes/<slug:code>/places/", intake.class_places, name="class_places"),
    path("desk/enrolments/<int:pk>/leave/", intake.enrolment_leave, name="enrolment_leave"),
    path("desk/enrolments/<int:pk>/back/", intake.enrolment_back, name="enrolment_back"),
    path("desk/imports/columns/", columns.columns_list, name="columns_list"),
    path("desk/imports/<int:pk>/columns/", columns.roster_columns, name="roster_columns"),
    path("desk/imports/<int:pk>/", roster.roster_preview, name="roster_preview"),
    path("desk/imports/<int:pk>/marked/", roster.roster_errors, name="roster_errors"),
    path("desk/enrolments/<int:pk>/photo/", photos.enrolment_photo, name="enrolment_photo"),
    path(
        "desk/enrolments/<int:pk>/photo.jpg",
        photos.enrolment_photo_file,
        name="enrolment_photo_file",
    ),
    path("desk/classes/<slug:code>/history/", history.class_history, name="class_history"),
    path("desk/classes/<slug:code>/dossiers/", dossiers.class_dossiers, name="class_dossiers"),
    path("desk/classes/<slug:code>/dossiers/make/", dossiers.dossier_make, name="dossier_make"),
    path("desk/dossiers/<int:pk>/<slug:kind>/", dossiers.dossier_file, name="dossier_file"),
    path("desk/dossiers/<int:pk>/with/ids/", dossiers.dossier_ids, name="dossier_ids"),
    path("desk/retention/", retention, name="retention"),
    path("desk/trainees/", history.trainee_list, name="trainee_list"),
    path("desk/trainees/<int:pk>/", history.trainee, name="trainee"),
    path("desk/trainees/<int:pk>/contact/", contact.trainee_contact, name="trainee_contact"),
    path("desk/trainees/<int:pk>/id/", people.trainee_id, name="trainee_id"),
    path("desk/sessions/<int:pk>/", attendance.session_attendance, name="session_attendance"),
    path("desk/classes/<slug:code>/scores/", scores.class_scores, name="class_scores"),
    path(
        "desk/classes/<slug:code>/certificates/",
        issue.class_certificates,
        name="class_certificates",
    ),
    path("desk/classes/<slug:code>/issue/", issue.issue_start, name="issue_start"),
    path("desk/classes/<slug:code>/papers.zip", issue.class_papers, name="class_papers"),
    path("desk/classes/<slug:code>/sheets.pdf", issue.class_sheets, name="class_sheets"),
    path("desk/issue/", standing.issue_due, name="issue_due"),
    path("desk/certificates/<slug:number>/", outcomes.certificate, name="certificate"),
    path("desk/certificates/<slug:number>.pdf", issue.certificate_paper, name="certificate_paper"),
    path(
        "desk/certificates/<slug:number>/revoke/",
        changes.certificate_revoke,
        name="certificate_revoke",
    ),
    path(
        "desk/certificates/<slug:number>/revocations/<int:pk>/",
        changes.certificate_revocation,
        name="certificate_revocation",
    ),
    path(
        "desk/certificates/<slug:number>/correct/",
        changes.certificate_correct,
        name="certificate_correct",
    ),
    path("desk/revocations/", changes.revocation_list, name="revocation_list"),
    path(
        "desk/certificates/<slug:number>/reevaluations/<int:pk>/",
        changes.certificate_reevaluated,
        name="certificate_reevaluated",
    ),
    path(
        "desk/certificates/<slug:number>/reissue/",
        changes.certificate_reissue,
        name="certificate_reissue",
    ),
]
of_other_bodies = [
    path("desk/certificates/<slug:number>/holder/", holders.holder_door, name="certificate_holder"),
    path("desk/external/", external.external_list, name="external_list"),
    path("desk/external/new/", external.external_new, name="external_new"),
    path("desk/external/import/", external.external_import, name="external_import"),
    path("desk/external/kinds/", external.external_kinds, name="external_kinds"),
    path("desk/external/<int:pk>/", external.external_certificate, name="external_certificate"),
    path("desk/external/<int:pk>/correct/", external.external_correct, name="external_correct"),
    path("desk/external/<int:pk>/withdraw/", external.external_withdraw, name="external_withdraw"),
    path("desk/external/<int:pk>/scan", external.external_scan, name="external_scan"),
]
review_of_the_log = [
    path("desk/review/", review.review_queue, name="review_queue"),
    path("desk/sessions/<int:pk>/review/", review.session_review, name="session_review"),
    path("desk/sessions/<int:pk>/verdict/", review.session_verdict, name="session_verdict"),
    path("desk/sessions/<int:pk>/decide/<int:enrolment>/", review.mark_decide, name="mark_decide"),
    path(
        "desk/sessions/<int:pk>/walk-ins/<int:reading>/",
        review.walk_in_enrol,
        name="walk_in_enrol",
    ),
    path(
        "desk/sessions/<int:pk>/pictures/<slug:name>.jpg",
        review.session_picture,
        name="session_picture",
    ),
    path("desk/unreadable/", unread.unreadable, name="unreadable"),
]
field_log = [
    path("desk/devices/", devices.device_list, name="device_list"),
    path("desk/devices/enrol/", devices.device_enrol, name="device_enrol"),
    path("desk/devices/<int:pk>/", devices.device, name="device"),
    path("desk/devices/<int:pk>/revoke/", devices.device_revoke, name="device_revoke"),
    path("desk/paper/", paper.paper_list, name="paper_list"),
    path("desk/paper/<slug:code>/", paper.paper_sheet, name="paper_sheet"),
    path("desk/paper/<slug:code>/print/", paper.paper_print, name="paper_print"),
    path("desk/paper/<slug:code>/photo.jpg", paper.paper_photo, name="paper_photo"),
    path("desk/paper/<slug:code>/countersign/", sheet.paper_countersign, name="paper_countersign"),
    path("desk/sessions/<int:pk>/paper/", paper.paper_new, name="paper_new"),
    path("desk/classes/<slug:code>/cards/", cards.class_cards, name="class_cards"),
    path("desk/trainers/", trainers.trainer_list, name="trainer_list"),
    path("desk/trainers/<int:pk>/", trainers.trainer_identity, name="trainer_identity"),
    path("desk/lag/", lag.lag, name="field_lag"),
    path("desk/villages/", villages.village_places, name="village_places"),
    path("desk/villages/<str:code>/", villages.village_place, name="village_place"),
    path("desk/witness/", witness.witness_check, name="witness_check"),
    path("field/w", witness.witness, name="witness"),
    path("api/field/v1/", field.addresses()),
]
# The phone app, each file by its own name.
phone = [
    path("field/", phone_app.field_app, name="field_app"),
    path("field/manifest.webmanifest", phone_app.field_manifest, name="field_manifest"),
    path("field/<path:name>", phone_app.field_file, name="field_file"),
]
employed = [
    path("desk/claims/", work.claim_list, name="claim_list"),
    path("desk/claims/<int:pk>/", work.claim, name="claim"),
    path("desk/objections/<int:pk>/", work.objection, name="objection"),
    path("desk/outcomes/<int:pk>/link/", work.outcome_link, name="outcome_link"),
    path("desk/outcomes/<int:pk>/tell/", work.outcome_tell, name="outcome_tell"),
    path("desk/certificates/<slug:number>/consent/", work.consent_record, name="consent_record"),
    # For people outside, by a link that was sent to them.
    path("confirm/<str:token>/", employment.confirm, name="employer_confirms"),
    path("mine/<str:token>/", employment.mine, name="worker_page"),
]
feeds = [
    path("feeds/news.xml", NewsFeed(), name="feed_news"),
    path("feeds/classes.xml", ClassFeed(), name="feed_classes"),
]
urlpatterns = [
    *desk,
    *of_other_bodies,
    *employed,
    *review_of_the_log,
    *field_log,
    *duties.at_base,
    *notices.at_base,
    *assessing.at_base,
    *planning.at_base,
    *applying.at_base,
    *phone,
    *feeds,
    *front,
    *pages,
]
