"""The chain in services and database: what must be refused, and what must never happen twice."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tenants.utils import tenant_context
from PIL import Image

from certificates.models import Certificate, FollowUp, NumberSequence
from certificates.register.models import RegisterEntry
from certificates.register.status import look_up
from certificates.services.evidence import cases_of
from certificates.services.issue import issue_class, issue_one
from certificates.services.revoke import allow_reissue, revoke
from courses.services.attendance import MarkEntry, record_attendance
from courses.services.photos import set_photo
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import a_class, assessed, finished, taught


def test_a_class_gets_certificates_with_numbers_without_gap_and_register_rows(north):
    done = issue_class(finished(people=4), None)
    year = timezone.localdate().year
    assert [c.number for c in done.certificates] == [
        f"{north.issuer_code}-{year}-{n:05}" for n in range(1, 5)
    ]
    for certificate in done.certificates:
        entry = RegisterEntry.objects.get(code=certificate.code)
        assert entry.claims == certificate.claims
        assert look_up(certificate.code).status == "valid"
    assert FollowUp.objects.count() == 3 * 4, "after 30, 90 and 180 days"


def test_who_was_away_or_failed_is_refused_by_name_of_the_rule_and_takes_no_number(north):
    found = finished(people=4, marks={1: ("absent", 0)}, scores={2: ("59.9", "80")})
    done = issue_class(found, None)
    refused = {
        case.enrolment.trainee.name: [v.rule for v in case.refusals] for case in done.refused
    }
    assert refused == {
        "学员2": ["attendance", "attendance_theory", "attendance_practice"],
        "学员3": ["score_theory"],
    }
    assert [c.serial for c in done.certificates] == [1, 2]


def test_nothing_is_issued_before_the_class_is_finished(north):
    found = a_class()
    taught(found)
    assessed(found)
    done = issue_class(found, None)
    assert done.certificates == []
    assert {v.rule for case in done.refused for v in case.refusals} == {"class_finished"}


def test_issuing_twice_issues_once(north):
    found = finished()
    assert len(issue_class(found, None).certificates) == 3
    again = issue_class(found, None)
    assert (again.certificates, again.refused, again.already) == ([], [], 3)


def test_the_same_person_gets_no_second_certificate_of_the_project_at_another_base(db):
    with tenant_context(base("north")):
        first = issue_class(finished(people=1, seed=7), None).certificates[0]
    with tenant_context(base("south")):
        done = issue_class(finished(people=1, seed=7, days_ago=40), None)
        assert done.certificates == []
        verdict = done.refused[0].refusals[0]
        assert (verdict.rule, verdict.value) == ("once_per_person_and_project", first.number)
        assert NumberSequence.objects.filter(last__gt=0).count() == 0


def test_after_a_revocation_a_new_certificate_has_a_new_number_and_code(north):
    found = finished(people=1)
    first = issue_class(found, None).certificates[0]
    revoke(first, "other", "登记错误", *two())
    [refused] = issue_class(found, None).refused
    assert [(v.rule, v.value) for v in refused.refusals] == [("not_revoked", first.number)]
    manager = User.objects.get(username="manager")
    with pytest.raises(ValidationError, match="理由"):
        allow_reissue(first, manager, " ")
    allow_reissue(first, manager, "姓名已更正")
    second = issue_class(found, None).certificates[0]
    assert second.serial == first.serial + 1
    assert second.code != first.code
    assert look_up(first.code).status == "revoked"
    assert look_up(second.code).status == "valid"


def test_a_mark_corrected_after_the_issue_changes_no_certificate(north):
    found = finished(people=1)
    certificate = issue_class(found, None).certificates[0]
    assert bytes(certificate.evidence_digest) == cases_of(found)[0].basis.digest
    session, trainer = found.sessions.first(), User.objects.get(username="trainer")
    absent = MarkEntry(found.enrolments.get().pk, "absent", 0, reason="记错人")
    record_attendance(session, [absent], trainer)
    assert bytes(certificate.evidence_digest) != cases_of(found)[0].basis.digest
    kept = Certificate.objects.get()
    assert (kept.claims, kept.status) == (certificate.claims, "valid")
    assert look_up(kept.code).status == "valid"
    assert certificate.issued_on + timedelta(days=180) == certificate.follow_ups.last().due_on


def test_no_eligibility_is_decided_by_a_stale_look(north):
    found = finished(people=1)
    enrolment = found.enrolments.get()
    issue_one(enrolment, None)
    again = issue_one(enrolment, None)
    assert not isinstance(again, Certificate)
    assert NumberSequence.objects.get().last == 1


def test_later_changes_of_the_project_change_no_certificate_of_an_open_class(north):
    found = finished(people=1)
    project = found.project
    project.theory_hours, project.name, project.minutes_per_hour = 400, "别的名字", 90
    project.save()
    found.refresh_from_db()
    claims = issue_class(found, None).certificates[0].claims
    assert (claims["project_name"], claims["theory_hours"]) == ("缝纫裁剪初级班", "4")


def test_a_project_with_classes_keeps_its_trade_and_level(north):
    project = finished(people=1).project
    project.level = "advanced"
    with pytest.raises(ValidationError, match="不能改工种和级别"):
        project.full_clean()


def test_no_certificate_is_issued_before_the_last_day_of_the_class(north):
    found = finished(people=1)
    done = issue_class(found, None, on=found.ends_on - timedelta(days=1))
    assert [v.rule for v in done.refused[0].refusals] == ["class_over"]


def test_a_photo_that_was_exchanged_in_the_register_is_never_shown_as_valid(north):
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), "navy").save(buffer, "JPEG")
    found = finished(people=1)
    set_photo(found.enrolments.get(), buffer.getvalue())
    certificate = issue_class(found, None).certificates[0]
    assert look_up(certificate.code).status == "valid"
    RegisterEntry.objects.filter(code=certificate.code).update(photo=b"another face")
    assert look_up(certificate.code).status == "unknown"
