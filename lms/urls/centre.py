"""The centre's portal."""

from django.urls import path
from django.views.generic import RedirectView

from certificates.checkapi import api as check_api
from certificates.checkapi.views import description
from certificates.dossiers.views import dossier_register
from certificates.duties import urls as duties
from certificates.employers.views import door, own, scan
from certificates.holders import share_views
from certificates.holders import views as holders
from certificates.views import many, verifier, verify, wellknown
from courses.planning import urls as planning
from courses.views import clashes
from lms.archive import views as archive
from lms.portal import lag, openings, views
from lms.urls import figures
from lms.urls.common import front, pages
from tenants.applications import views as applications

urlpatterns = [
    path("c/<str:code>", verify.verify, name="verify"),
    path("c/<str:code>/photo.jpg", verify.photo, name="verify_photo"),
    path("c/<str:code>/credential.json", wellknown.credential, name="credential"),
    path("c/<str:code>/work/", scan.works_here, name="works_here"),
    path("c/<str:code>/", RedirectView.as_view(pattern_name="verify", permanent=True)),
    path("check/", verify.check, name="check"),
    path("check/many/", many.check_many, name="check_many"),
    path("check/many.xlsx", many.check_many_excel, name="check_many_excel"),
    path("my/", holders.holder, name="holder"),
    path("my/leave/", holders.leave, name="holder_leave"),
    path("my/certificates/", holders.certificates, name="holder_certificates"),
    path("my/certificates/<slug:number>/", holders.checks, name="holder_checks"),
    path("my/certificates/<slug:number>.pdf", holders.paper, name="holder_paper"),
    path("my/shares/", holders.share, name="holder_share"),
    path("my/shares/<uuid:which>/withdraw/", holders.withdraw, name="holder_withdraw"),
    path("share/<slug:token>", share_views.shared, name="shared"),
    path("share/<slug:token>/<slug:number>.pdf", share_views.shared_paper, name="shared_paper"),
    path("api/check/", description, name="check_api"),
    path("api/check/v1/", check_api.addresses()),
    path("verify/", verifier.verifier_app, name="verifier_app"),
    path("verify/manifest.webmanifest", verifier.verifier_manifest, name="verifier_manifest"),
    path("verify/ask/<str:code>.json", verifier.ask, name="verifier_ask"),
    path("verify/<path:name>", verifier.verifier_file, name="verifier_file"),
    path(".well-known/trainbase/trust.json", wellknown.trust_list, name="trust_list"),
    path(".well-known/trainbase/heads.json", wellknown.log_heads, name="log_heads"),
    path(".well-known/trainbase/heads/<str:day>.json", wellknown.log_heads, name="log_heads_of"),
    path(".well-known/jwks.json", wellknown.jwks, name="jwks"),
    path("status/<slug:issuer>/<int:number>.json", wellknown.status_list, name="status_list"),
    path(
        "status/<slug:issuer>/<int:number>/credential.json",
        wellknown.status_list_credential,
        name="status_list_credential",
    ),
    path("issuers/<slug:issuer>/did.json", wellknown.issuer_document, name="issuer_document"),
    path("employers/", own.home, name="employer_home"),
    path("employers/apply/", door.apply, name="employer_apply"),
    path("employers/sign-in/", door.ask_link, name="employer_sign_in"),
    path("employers/in/<str:token>/", door.enter, name="employer_enter"),
    path("employers/out/", door.leave, name="employer_leave"),
    path("employers/check/", own.check, name="employer_check"),
    path("employers/people/<int:pk>/", own.person, name="employer_person"),
    path("apply/", applications.apply, name="apply"),
    path("apply/<slug:number>/", applications.application, name="application"),
    path("bases/", views.bases, name="bases"),
    path("courses/", views.courses, name="courses"),
    path("classes/", openings.open_classes, name="open_classes"),
    path("classes/village/<slug:code>/", openings.village, name="open_village"),
    path(
        "classes/village/<slug:code>/notice.pdf",
        openings.village_notice,
        name="open_village_notice",
    ),
    path("desk/bases/<int:pk>/export/", archive.base_export, name="base_export"),
    path("desk/exports/<int:pk>.zip", archive.base_export_file, name="base_export_file"),
    path("desk/dossiers/", dossier_register, name="dossier_register"),
    path("desk/clashes/", clashes.presence_clashes, name="presence_clashes"),
    path("desk/lag/", lag.field_lag, name="field_lag"),
    *duties.at_centre,
    *planning.at_centre,
    *figures.urlpatterns,
    path("desk/", RedirectView.as_view(url="/admin/"), name="desk"),
    *front,
    *pages,
]
