"""What was certified is looked at again when its attendance changes; a person decides, never the code."""

from copy import deepcopy

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from certificates.models import Certificate, Reevaluation
from certificates.register.status import look_up
from certificates.services import revoke as revocations
from certificates.services.basis import digest_of
from certificates.services.issue import issue_class
from certificates.services.reevaluate import decide, reevaluate
from courses.fieldlog.services.project import read_pending, rebuild
from lms.plugin.testing import inside
from tests.cast import two
from tests.certificates.asked_again import accept, correct, get, rows
from tests.story import finished


@pytest.fixture(scope="module")
def made(once, django_db_blocker):
    """A class of three with certificates."""
    with django_db_blocker.unblock(), inside("north"):
        found = finished()
        assert len(issue_class(found, None).certificates) == 3
        return found


@pytest.fixture
def certified(made, north):
    return deepcopy(made)


def test_attendance_that_changes_after_issue_opens_a_row_and_leaves_the_certificate_alone(
    certified,
):
    correct(certified)
    [row] = rows(certified)
    assert (row.state, row.eligible) == ("open", False)
    assert (row.minutes_before, row.minutes_after) == (360, 180)
    refused = [each["rule"] for each in row.verdicts if not each["ok"]]
    assert "attendance" in refused and "attendance_reviewed" in refused
    [changed] = row.differs
    assert changed["number"] == 1
    assert changed["before"] == {
        "mark": "present", "minutes": 180, "grade": "C", "review": "accepted"
    }  # fmt: skip
    assert (changed["after"]["mark"], changed["after"]["review"]) == ("absent", "changed")
    certificate = row.certificate
    assert certificate.status == "valid"
    assert look_up(certificate.code).status == "valid"
    assert certificate.attended_minutes == 360


def test_after_a_new_review_the_question_is_a_new_one_and_one_is_open(certified):
    accept(correct(certified))
    first, second = rows(certified)
    assert (first.state, second.state) == ("overtaken", "open")
    assert not second.eligible
    assert "attendance_reviewed" not in [v["rule"] for v in second.verdicts if not v["ok"]]


def test_whoever_is_still_eligible_is_said_to_be_so(certified):
    accept(correct(certified, "late", 170))
    row = rows(certified)[-1]
    assert (row.eligible, row.minutes_after) == (True, 350)
    # Of the others only the log that they stand in has changed.
    assert [r.eligible for r in rows(certified, 1)] == [False, True]
    assert rows(certified, 1)[-1].minutes_after == 360


def test_looking_again_at_the_same_finds_nothing_new(certified):
    session = correct(certified)
    before = Reevaluation.objects.count()
    assert reevaluate({session.pk}) == 0
    rebuild()
    read_pending()
    assert Reevaluation.objects.count() == before


def test_a_certificate_that_nothing_has_changed_for_is_not_asked_about(certified):
    rebuild()
    assert reevaluate(set(certified.sessions.values_list("pk", flat=True))) == 0
    assert not Reevaluation.objects.exists()


def test_to_keep_needs_a_reason_and_stands_until_something_else_changes(certified):
    accept(correct(certified))
    row = rows(certified)[-1]
    with pytest.raises(ValidationError, match="reason"):
        decide(row, "keep", "  ", get("manager"))
    with pytest.raises(ValidationError, match="choose"):
        decide(row, "perhaps", "x", get("manager"))
    kept = decide(row, "keep", "补课记录在案", get("manager"))
    assert (kept.state, kept.decided_by, kept.reason) == ("kept", get("manager"), "补课记录在案")
    reevaluate(set(certified.sessions.values_list("pk", flat=True)))
    assert rows(certified)[-1] == kept
    with pytest.raises(ValidationError, match="no longer open"):
        decide(row, "revoke", "x", get("manager"))
    correct(certified, "late", 20, number=2)
    assert rows(certified)[-1].state == "open"


def test_to_revoke_goes_through_the_register(certified):
    correct(certified)
    row = rows(certified)[0]
    decide(row, "revoke", "没有上课", get("clerk"))
    row.refresh_from_db()
    assert row.state == "open", "one person alone revokes nothing"
    [asked] = row.certificate.revocations.all()
    assert (asked.state, asked.code) == ("open", "attendance_changed")
    assert look_up(row.certificate.code).status == "valid"
    revocations.decide(asked, True, get("manager"))
    row.refresh_from_db()
    assert row.state == "revoked"
    found = look_up(row.certificate.code)
    assert (found.status, found.entry.reason) == ("revoked", "没有上课")


def test_a_question_about_a_revoked_certificate_is_closed_with_it(certified):
    correct(certified)
    certificate = Certificate.objects.get(enrolment=certified.enrolments.order_by("id")[0])
    revocations.revoke(certificate, "other", "误发", *two())
    assert [row.state for row in rows(certified)] == ["revoked"]
    correct(certified, "late", 20, number=2)
    assert len(rows(certified)) == 1, "a revoked certificate is not asked about"


def test_the_database_itself_refuses_a_certificate_of_sessions_that_nobody_has_reviewed(certified):
    certificate = Certificate.objects.first()
    assert (certificate.sessions_planned, certificate.sessions_accepted) == (2, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(sessions_accepted=1)


def test_the_evidence_can_be_read_and_its_digest_proved(certified):
    certificate = Certificate.objects.first()
    assert digest_of(certificate.evidence) == bytes(certificate.evidence_digest)
    assert [grade for _, grade, _ in certificate.evidence["logs"]] == ["C", "C"]
    changed = certificate.evidence | {"logs": []}
    assert digest_of(changed) != bytes(certificate.evidence_digest)


def test_the_database_keeps_one_question_open_and_no_keeping_without_a_reason(certified):
    correct(certified)
    [row] = rows(certified)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reevaluation.objects.filter(pk=row.pk).update(state="kept")
    row.pk, row._state.adding = None, True
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
