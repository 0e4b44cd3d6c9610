"""A class that is open changes with its history; what the centre approved, by its word alone."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from courses.planning.models import ClassChange, Proposal
from courses.planning.services import proposals
from courses.planning.services.changes import (
    as_it_is,
    change_class,
    facts_after,
    is_free,
    last_change,
    move_of,
    move_session,
    taught,
)
from courses.planning.services.decide import decide
from courses.requests.models import ClassRequest, PlannedClass, PlannedSession
from courses.requests.services.steps import By
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.courses.planning.scene import OFFICER, TODAY, demanded, opened, villages
from tests.story import a_class, begun
from tests.story import taught as teach

CLERK = By("吴教务", "clerk")


def manager():
    return User.objects.get(username="manager")


def first(found):
    return found.sessions.order_by("number")[0]


def test_a_class_without_approval_moves_at_once_and_keeps_what_it_was(north):
    found = opened()  # approved, but nothing is demanded
    session = first(found)
    day = session.held_on + timedelta(days=2)
    kept = change_class(found, move_of(session, day, time(14)), CLERK, reason="教师有事")
    session.refresh_from_db()
    assert (session.held_on, session.starts_at) == (day, time(14))
    assert kept.what[0][0] == "第 1 次课" and kept.reason == "教师有事"
    with pytest.raises(FrozenRow):
        kept.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM planning_classchange")


def test_an_approved_class_moves_freely_within_its_day_only(north):
    demanded()
    found = opened()
    session = first(found)
    within = move_of(session, session.held_on, time(13, 30))
    beyond = move_of(session, session.held_on + timedelta(days=1), time(13, 30))
    late = move_of(session, session.held_on, time(19, 30))
    assert [is_free(found, each) for each in (within, beyond, late)] == [True, False, False]
    change_class(found, within, CLERK, reason="下午上")
    for each in (beyond, late, replace(as_it_is(found), place="小学")):
        with pytest.raises(ValidationError, match="须先经服务中心批准"):
            change_class(found, each, CLERK, reason="改")


def asked(found, change, reason="村里办喜事"):
    said = replace(facts_after(found, change), reason=reason)
    wanted = proposals.write(said, manager(), training_class=found)
    return wanted, proposals.send_on(wanted, manager())


def test_an_approved_change_changes_the_class_in_the_same_moment(north):
    demanded()
    found = opened()
    session = first(found)
    day = session.held_on + timedelta(days=2)
    change = replace(
        as_it_is(found), village=villages()[1], place="小学", times={1: (day, time(9))}
    )
    _wanted, request = asked(found, change)
    assert ClassRequest.objects.get(pk=request.pk).versions.get().before["place"] == "村部"
    decide(request.number, "approve", OFFICER, version=1)
    found.refresh_from_db()
    assert (found.place, found.village) == ("小学", villages()[1])
    assert first(found).held_on == day
    assert ClassChange.objects.get().number == request.number
    request.refresh_from_db()
    assert request.state == "carried"


def test_a_change_that_can_no_longer_be_made_is_not_approved(north):
    demanded()
    found = opened(days=20)
    session = first(found)
    _wanted, request = asked(found, move_of(session, session.held_on + timedelta(2), time(9)))
    begun(found)
    type(found).objects.filter(pk=found.pk).update(state="finished")
    with pytest.raises(ValidationError, match="已结业"):
        decide(request.number, "approve", OFFICER, version=1)
    request.refresh_from_db()
    assert request.state == "sent" and request.steps.count() == 1
    decide(request.number, "refuse", OFFICER, version=1, reason="已结业")


def test_a_change_comes_before_the_first_day_that_it_touches(north):
    demanded(days_before=0, change_days_before=6)
    found = opened(days=4)
    last = found.sessions.order_by("-number")[0]
    with pytest.raises(ValidationError, match="至少提前 6 天"):
        asked(found, move_of(last, last.held_on + timedelta(days=1), time(9)))


def test_what_was_taught_stays(north):
    found = a_class(days_ago=1)
    teach(found, reviewed=False)
    assert taught(found) == {1, 2}
    session = first(found)
    for change in (
        move_of(session, session.held_on, time(14)),
        replace(as_it_is(found), village=villages()[1]),
    ):
        with pytest.raises(ValidationError, match="已有考勤|已上过课"):
            change_class(found, change, CLERK, reason="改")
    other = User.objects.create_user("zheng2", display_name="郑二")
    change_class(found, replace(as_it_is(found), trainer=other), CLERK, reason="换教师")
    found.refresh_from_db()
    assert found.trainer == other


@pytest.mark.parametrize(
    ("days", "at", "said"),
    [
        (9, time(9), "不在班次日期之内"),
        (1, time(9), "重叠"),
        (-40, time(9), "今天以前"),
        (0, time(8, 30), "没有改动"),
    ],
)
def test_a_move_that_nobody_could_teach_is_refused(north, days, at, said):
    found = opened()
    session = first(found)
    with pytest.raises(ValidationError, match=said):
        move = move_of(session, session.held_on + timedelta(days=days), at)
        change_class(found, move, CLERK, reason="改")


def test_the_shared_plan_is_as_the_class_is(north):
    found = opened()
    planned = PlannedClass.objects.get(tenant=north)
    assert (planned.code, planned.state, planned.sessions.count()) == ("N-01", "open", 2)
    session = first(found)
    day = session.held_on + timedelta(days=2)
    change_class(found, move_of(session, day, time(14)), CLERK, reason="改")
    assert PlannedSession.objects.get(planned=planned, number=1).held_on == day
    begun(found)
    planned.refresh_from_db()
    assert planned.state == "in_session"


def test_two_clerks_at_once_do_not_undo_each_other(north):
    found = opened()
    stale, seen = first(found), last_change(found)
    assert stale.training_class.place == "村部"
    change_class(found, replace(as_it_is(found), place="小学"), CLERK, reason="换地方", seen=seen)
    move_session(stale, stale.held_on, time(14), CLERK, "下午上")
    found.refresh_from_db()
    assert (found.place, first(found).starts_at) == ("小学", time(14))
    with pytest.raises(ValidationError, match="有人刚改过这个班：.*场地改为 小学"):
        again = replace(as_it_is(found), place="礼堂")
        change_class(found, again, CLERK, reason="换地方", seen=seen)


def test_a_change_without_a_reason_is_none(north):
    found = opened()
    with pytest.raises(ValidationError, match="写明理由"):
        change_class(found, replace(as_it_is(found), place="小学"), CLERK, reason=" ")
    assert not ClassChange.objects.exists()
    assert TODAY < found.starts_on
    assert Proposal.objects.count() == 1
