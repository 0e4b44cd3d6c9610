"""A correction is a new version; the old one says so, and nobody has two that are valid."""

from copy import deepcopy

import pymupdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from certificates.claims import Claims
from certificates.models import Certificate, FollowUp
from certificates.register.status import look_up
from certificates.services.correct import Refused, correct
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, history_of, record_outcome
from certificates.services.papers import paper
from certificates.services.revoke import ask, decide, revoke
from courses.services.attendance import MarkEntry, record_attendance
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import finished


def flexible(certificate):
    return Facts("flexible", "document", started_on=certificate.issued_on)


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    with django_db_blocker.unblock(), tenant_context(base("north")):
        return issue_class(finished(people=1), None).certificates[0]


@pytest.fixture
def certificate(made, db):
    with tenant_context(base("north")):
        yield deepcopy(made)


def clerk():
    return User.objects.get(username="clerk")


def test_the_new_version_says_whom_it_replaces_and_the_old_one_by_whom(certificate):
    newer = correct(certificate, "王小明", "姓名录错", clerk())
    assert (newer.version, newer.holder_name, newer.replaces) == (2, "王小明", certificate)
    old, new = look_up(certificate.code), look_up(newer.code)
    assert (old.status, old.entry.superseded_by) == ("superseded", newer.number)
    assert old.claims.holder_name != "王小明", "what was printed stays as it was"
    assert (new.status, new.claims.replaces) == ("valid", certificate.number)


def test_both_public_pages_say_so(certificate, client):
    newer = correct(certificate, "王小明", "姓名录错", clerk())
    pages = [
        client.get(f"/c/{each.code}", HTTP_HOST="centre.localhost").content.decode()
        for each in (certificate, newer)
    ]
    assert "已换发" in pages[0] and newer.number in pages[0] and "✓ 有效" not in pages[0]
    assert "✓ 有效" in pages[1] and certificate.number in pages[1]


def test_duty_and_outcome_go_over_to_the_new_version(certificate):
    record_outcome(certificate, flexible(certificate), by=clerk())
    newer = correct(certificate, "王小明", "姓名录错", clerk())
    assert {duty.certificate for duty in FollowUp.objects.all()} == {newer}
    assert history_of(newer).known.kind == "flexible", "what was said of the old one is known"


def test_nothing_to_correct_is_refused_and_leaves_all_as_it_was(certificate):
    with pytest.raises(ValidationError, match="nothing would differ"):
        correct(certificate, certificate.holder_name, "没有", clerk())
    with pytest.raises(ValidationError, match="say why"):
        correct(certificate, "王小明", " ", clerk())
    with pytest.raises(ValidationError, match="resident ID"):
        correct(certificate, "=cmd()", "试试", clerk())
    assert look_up(certificate.code).status == "valid"
    assert Certificate.objects.count() == 1
    assert certificate.enrolment.trainee.name == certificate.holder_name


def test_who_would_not_be_certified_today_is_not_certified_by_a_correction(certificate):
    entry = MarkEntry(certificate.enrolment_id, "absent", 0, "记错人")
    sessions = certificate.enrolment.training_class.sessions.all()
    for session in sessions:
        record_attendance(session, [entry], User.objects.get(username="trainer"))
    with pytest.raises(Refused):
        correct(certificate, "王小明", "姓名录错", clerk())
    assert look_up(certificate.code).status == "valid", "a correction revokes nothing"


def test_an_old_version_is_neither_corrected_nor_revoked_nor_followed_up(certificate):
    correct(certificate, "王小明", "姓名录错", clerk())
    with pytest.raises(ValidationError, match="only a valid"):
        correct(certificate, "王大明", "又错了", clerk())
    with pytest.raises(ValidationError, match="newer version"):
        revoke(certificate, "other", "误发", *two())
    with pytest.raises(ValidationError):
        record_outcome(certificate, flexible(certificate), by=clerk())


def test_a_correction_can_be_corrected(certificate):
    newer = correct(certificate, "王小明", "姓名录错", clerk())
    newest = correct(newer, "王晓明", "还是错", clerk())
    assert (newest.version, newest.claims["replaces"]) == (3, newer.number)
    statuses = [look_up(each.code).status for each in (certificate, newer, newest)]
    assert statuses == ["superseded", "superseded", "valid"]


def test_one_person_alone_revokes_nothing_not_even_in_the_database(certificate):
    asked = ask(certificate, "issued_in_error", "误发", clerk())
    with pytest.raises(ValidationError, match="second person"):
        decide(asked, True, clerk())
    with pytest.raises(IntegrityError, match="certificate_revoked_by_two"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(
            status="revoked", revoked_on=certificate.issued_on, revoke_reason="x",
            revoked_by=clerk(), revoke_asked_by=clerk(),
        )  # fmt: skip
    assert look_up(certificate.code).status == "valid"


def test_a_revocation_that_is_refused_says_why_and_may_be_asked_again(certificate):
    asked = ask(certificate, "issued_in_error", "误发", clerk())
    with pytest.raises(ValidationError, match="already"):
        ask(certificate, "other", "再来", clerk())
    manager = two()[1]
    with pytest.raises(ValidationError, match="reason"):
        decide(asked, False, manager)
    decide(asked, False, manager, "材料齐全")
    assert look_up(certificate.code).status == "valid"
    decide(ask(certificate, "other", "另有原因", clerk()), True, manager)
    assert look_up(certificate.code).entry.reason == "另有原因"


def test_claims_without_a_forerunner_keep_the_digest_that_they_had(certificate):
    kept = dict(certificate.claims)
    assert "replaces" not in kept
    assert Claims.from_json(kept).digest() == Claims.from_json({**kept, "replaces": ""}).digest()


def test_the_new_paper_prints_whom_it_replaces(certificate):
    newer = correct(certificate, "王小明", "姓名录错", clerk())
    with pymupdf.open(stream=paper(newer), filetype="pdf") as document:
        text = document[0].get_text()
    assert certificate.number in text and newer.number in text and "王小明" in text
    with pymupdf.open(stream=paper(certificate), filetype="pdf") as document:
        assert newer.number not in document[0].get_text(), "what was printed stays as it was"
