"""What another base, or a phone, says after or at the issue is asked about as well."""

import pytest
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from courses.fieldlog.models import SessionLog
from courses.fieldlog.services import desk
from courses.fieldlog.services.project import read_pending
from courses.fieldlog.services.review import decide_mark
from courses.models import Attendance
from tenants.append_only import FrozenRow
from tests.cast import base
from tests.certificates.asked_again import accept, correct, get, rows
from tests.story import a_class, assessed, finished, taught


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
