"""Be the other base: every address and every table."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.urls import URLPattern, reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.dossiers.models import Dossier
from certificates.duties.urls import at_base
from certificates.models import Certificate
from certificates.services.issue import issue_class
from certificates.services.papers import paper
from courses.models import RosterImport, VillageSession
from lms.urls.base import desk, review_of_the_log
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tests.cast import PASSWORD, base
from tests.story import finished

PATTERNS = [*desk, *review_of_the_log, *at_base]
NAMES = sorted(pattern.name for pattern in PATTERNS if isinstance(pattern, URLPattern))
#: Addresses without an object: they answer for the base that was asked, and show its own data.
OWN = {
    "desk",
    "class_list",
    "class_open",
    "trainee_list",
    "columns_list",
    "funnel_names",
    "review_queue",
    "unreadable",
    "revocation_list",
    "call_list",
    "call_print",
    "call_script",
    "discrepancy_list",
    "gate",
    "gate_names",
    "issue_due",
    "retention",
}


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    """A finished class of north with a certificate, as the arguments of the addresses."""
    with django_db_blocker.unblock(), tenant_context(base("north")):
        training_class = finished(code="SECRET-01", people=1)
        certificate = issue_class(training_class, None).certificates[0]
        paper(certificate)
        dossier = Dossier.objects.create(
            training_class=training_class, number=1, digest="a" * 64, body="{}",
            xlsx_sha256="b" * 64, pdf_sha256="c" * 64, made_at=timezone.now(),
        )  # fmt: skip
        run = start("certificates.issue", "秘密任务", {"class": training_class.pk}, None)
        return {
            "class_detail": [training_class.code],
            "class_state": [training_class.code],
            "class_intake": [training_class.code],
            "class_places": [training_class.code],
            "class_people": [training_class.code],
            "enrolment_leave": [training_class.enrolments.get().pk],
            "enrolment_back": [training_class.enrolments.get().pk],
            "roster_columns": [RosterImport.objects.get().pk],
            "roster_upload": [training_class.code],
            "class_scores": [training_class.code],
            "class_certificates": [training_class.code],
            "issue_start": [training_class.code],
            "class_papers": [training_class.code],
            "class_sheets": [training_class.code],
            "roster_preview": [RosterImport.objects.get().pk],
            "roster_errors": [RosterImport.objects.get().pk],
            "session_attendance": [VillageSession.objects.first().pk],
            "certificate": [certificate.number],
            "certificate_paper": [certificate.number],
            "certificate_revoke": [certificate.number],
            "certificate_reissue": [certificate.number],
            "certificate_reevaluated": [certificate.number, 1],
            "certificate_revocation": [certificate.number, 1],
            "certificate_correct": [certificate.number],
            "session_review": [VillageSession.objects.first().pk],
            "session_verdict": [VillageSession.objects.first().pk],
            "session_picture": [VillageSession.objects.first().pk, "a" * 64],
            "mark_decide": [VillageSession.objects.first().pk, training_class.enrolments.get().pk],
            "walk_in_enrol": [VillageSession.objects.first().pk, 1],
            "job": [run.pk],
            "enrolment_photo": [training_class.enrolments.get().pk],
            "enrolment_photo_file": [training_class.enrolments.get().pk],
            "funnel_names": ["certified"],
            "call_person": [certificate.trainee_id],
            "discrepancy": [1],
            "gate_names": ["sewing"],
            "class_history": [training_class.code],
            "class_dossiers": [training_class.code],
            "dossier_make": [training_class.code],
            "dossier_file": [dossier.pk, "xlsx"],
            "dossier_ids": [dossier.pk],
            "trainee": [certificate.trainee_id],
            "trainee_id": [certificate.trainee_id],
            "trainee_contact": [certificate.trainee_id],
        }


@pytest.fixture
def objects(made, db):
    return made


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_base_finds_nothing_behind_any_address(visit, objects, name, method):
    address = reverse(name, args=objects.get(name, []), urlconf="lms.urls.base")
    answer = getattr(visit("south", "manager"), method)(address)
    if name in OWN:
        assert b"SECRET-01" not in answer.content
    else:
        assert answer.status_code in (404, 405), (name, answer.status_code)
    with tenant_context(base("north")):
        assert Certificate.objects.get().status == "valid"
        assert JobRun.objects.count() == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_the_sign_in(visit, objects, name):
    address = reverse(name, args=objects.get(name, []), urlconf="lms.urls.base")
    answer = visit("north").get(address)
    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


@pytest.mark.parametrize("name", NAMES)
def test_the_centre_has_no_address_of_a_bases_desk(visit, objects, name):
    address = reverse(name, args=objects.get(name, []), urlconf="lms.urls.base")
    answer = visit("centre").get(address)
    assert name == "desk" or answer.status_code == 404


def test_a_session_of_one_base_is_nobody_at_the_other(visit):
    browser = visit("north", "manager")
    assert browser.get("/desk/").status_code == 200
    answer = browser.get("/desk/", HTTP_HOST="south.localhost")
    assert answer.status_code == 302


def test_a_password_of_one_base_does_not_sign_in_at_the_other(visit):
    from tenants.staff.models import User

    with tenant_context(base("north")):
        User.objects.create_user("only-north", password=PASSWORD)
    form = {"username": "only-north", "password": PASSWORD}
    assert visit("north").post("/login/", form).status_code == 302
    assert visit("south").post("/login/", form).status_code == 200


@pytest.mark.parametrize("role", ["trainer", "examiner"])
def test_a_role_sees_only_what_it_needs(visit, objects, role):
    browser = visit("north", role)
    allowed = {"trainer": {"session_attendance"}, "examiner": {"class_scores"}}[role]
    allowed |= {"desk", "class_list", "class_detail"}
    for name in NAMES:
        address = reverse(name, args=objects.get(name, []), urlconf="lms.urls.base")
        expected = {200} if name in allowed else {403, 405}
        assert browser.get(address).status_code in expected, (role, name)


def test_no_tenant_table_of_one_base_shows_a_row_of_the_other(objects):
    labels = {c.label for c in apps.get_app_configs() if c.name in settings.TENANT_APPS}
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in labels]
    assert len(models) > 50
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(
                "SELECT count(*) FROM information_schema.tables "
                "WHERE table_name = %s AND table_schema IN ('public', 'b_north', 'b_south')",
                [model._meta.db_table],
            )
            assert cursor.fetchone()[0] == 2, f"{model} is not a table of each base alone"
    with tenant_context(base("south")):
        for model in models:
            if model._meta.app_label in ("courses", "certificates", "jobs"):
                rows = model._base_manager.all()
                assert not any("SECRET" in str(vars(row)) for row in rows), model


def test_files_of_one_base_are_not_served_by_the_other(visit):
    from django.core.files.base import ContentFile
    from django.core.files.storage import default_storage, storages

    with tenant_context(base("north")):
        default_storage.save("images/x.txt", ContentFile(b"north"))
        storages["private"].save("certificates/x.pdf", ContentFile(b"north"))
        assert visit("north").get("/media/images/x.txt").status_code == 200
    for address in ("/media/images/x.txt", "/media/certificates/x.pdf"):
        assert visit("south").get(address).status_code == 404
    for escape in ("../private/x", "images/../../x", "certificates/x.pdf", "%2e%2e/x"):
        assert visit("north").get(f"/media/{escape}").status_code == 404


def test_a_cached_value_of_one_base_is_not_the_others():
    from django.core.cache import cache

    from tenants.models import Tenant

    with tenant_context(Tenant(schema_name="b_north")):
        key = cache.make_key("who")
    with tenant_context(Tenant(schema_name="b_south")):
        assert cache.make_key("who") != key


def test_a_form_without_its_token_is_refused(visit):
    from django.test import Client

    browser = Client(HTTP_HOST="north.localhost", enforce_csrf_checks=True)
    assert browser.post("/login/", {"username": "clerk"}).status_code == 403


def test_a_job_without_a_tenant_is_refused(db):
    from django.core.exceptions import SuspiciousOperation

    from tenants.jobs.tasks import run_job

    with pytest.raises(SuspiciousOperation):
        run_job.enqueue(1)
