"""What was certified is looked at again when its attendance changes; a person decides, never the code."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tenants.utils import tenant_context

from certificates.models import Certificate, Reevaluation
from certificates.register.status import look_up
from certificates.services import revoke as revocations
from certificates.services.basis import digest_of
from certificates.services.issue import issue_class
from certificates.services.reevaluate import decide, reevaluate
from courses.fieldlog.models import SessionLog
from courses.fieldlog.services import desk
from courses.fieldlog.services.project import read_pending, rebuild
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Attendance
from courses.services.attendance import MarkEntry, record_attendance
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import a_class, assessed, finished, taught


def get(role):
    return User.objects.get(username=role)


@pytest.fixture
def certified(north):
    """A class of three with certificates."""
    found = finished()
    assert len(issue_class(found, None).certificates) == 3
    return found


def correct(found, mark="absent", minutes=0, number=1, person=0):
    """The trainer corrects a mark after the certificates were issued."""
    session = found.sessions.get(number=number)
    enrolment = found.enrolments.order_by("id")[person]
    entry = MarkEntry(enrolment.pk, mark, minutes, "记错人")
    record_attendance(session, [entry], get("trainer"))
    return session


def accept(session, reason="已核实"):
    review_session(session, "accepted", get("manager"), reason)


def rows(found, person=0):
    enrolment = found.enrolments.order_by("id")[person]
    return list(Reevaluation.objects.filter(certificate__enrolment=enrolment).order_by("id"))


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


def test_a_change_that_is_undone_leaves_nothing_to_decide_but_is_not_forgotten(db):
    with tenant_context(base("north")):
        here = finished(people=1, seed=7)
        issue_class(here, None)
    with tenant_context(base("south")):
        there = a_class(people=1, seed=7)
        taught(there, reviewed=False)
    with tenant_context(base("north")):
        read_pending()
        [row] = rows(here)
        assert (row.state, row.eligible) == ("open", False)
        assert Attendance.objects.filter(why=["elsewhere"]).count() == 2
        assert {log.review for log in SessionLog.objects.all()} == {"changed"}
    with tenant_context(base("south")):
        for session in there.sessions.all():
            correct(there, number=session.number)
    with tenant_context(base("north")):
        read_pending()
        [row] = rows(here)
        assert row.state == "undone"
        assert {log.review for log in SessionLog.objects.all()} == {"accepted"}
        with pytest.raises(FrozenRow):
            row.delete()


def test_whoever_was_at_another_base_meanwhile_gets_no_certificate_until_it_is_decided(db):
    with tenant_context(base("north")):
        here = a_class(people=1, seed=7)
        taught(here)
        assessed(here)
        here.state = "finished"
        here.save()
    with tenant_context(base("south")):
        taught(a_class(people=1, seed=7), reviewed=False)
    with tenant_context(base("north")):
        done = issue_class(here, None)  # nobody has read what came about the other base
        assert done.certificates == []
        refused = {v.rule for case in done.refused for v in case.refusals}
        assert {"undisputed", "attendance_reviewed"} <= refused
        enrolment = here.enrolments.get()
        for session in here.sessions.all():
            decide_mark(
                session, enrolment.pk, "present", 180, "本人在本村，照片可证", get("manager")
            )
            accept(session)
        assert len(issue_class(here, None).certificates) == 1


def test_an_event_that_arrives_unread_before_issue_is_read_under_the_lock(north):
    found = finished(people=1)
    session = found.sessions.first()
    payload = {
        "kind": "mark", "session": session.pk, "person": {"enrolment": found.enrolments.get().pk},
        "mark": "absent", "minutes": 0, "how": "desk", "reason": "记错",
    }  # fmt: skip
    desk.append(payload, get("trainer"))
    assert SessionLog.objects.get(session=session).review == "accepted", "not read yet"
    done = issue_class(found, None)
    assert done.certificates == []
    assert "attendance_reviewed" in {v.rule for case in done.refused for v in case.refusals}


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
