"""Ask, send, return, approve, open: between a base and its centre, with every step kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django_tenants.utils import tenant_context

from courses.models import TrainingClass
from courses.planning.models import ClassApproval, Proposal
from courses.planning.services import proposals
from courses.planning.services.decide import decide
from courses.planning.services.opening import open_from
from courses.requests.facts import facts_from
from courses.requests.models import ClassRequest, OpeningPolicy, RequestStep, RequestVersion
from courses.requests.services.policies import terms_on
from courses.requests.services.steps import take_step
from courses.services.classes import PlannedSession, open_class
from tenants.append_only import FrozenRow
from tenants.outbox.models import Message
from tenants.staff.models import User
from tests.cast import base
from tests.courses.planning.scene import (
    DOCUMENT,
    OFFICER,
    TODAY,
    approved,
    demanded,
    facts,
    opened,
    proposal,
    sent,
    villages,
    with_people,
)


def manager():
    return User.objects.get(username="manager")


def straight(code="N-01", **more):
    """Open a class past all requests, as the form of the desk does."""
    from courses.models import Project

    said = facts(code, **more)
    return open_class(
        project=Project.objects.get(code="sewing"),
        code=code,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        village=villages()[0],
        place=said.place,
        trainer=User.objects.get(username="trainer"),
        sessions=[PlannedSession(**vars(each)) for each in said.sessions],
        opened_on=TODAY,
    )


def test_where_the_centre_demands_nothing_a_class_opens_as_ever(north):
    assert straight().code == "N-01"
    assert not ClassApproval.objects.exists()


def test_no_class_opens_without_an_approved_request(north):
    demanded()
    with pytest.raises(ValidationError, match="先经服务中心批准"):
        straight()
    sent()
    with pytest.raises(ValidationError, match=DOCUMENT):
        straight()


def test_a_policy_that_begins_later_lets_classes_of_before_be(north):
    demanded(effective_from=TODAY + timedelta(days=1))
    assert straight().code == "N-01"


def test_the_newest_policy_whose_day_has_come_is_in_force_and_none_is_edited(north):
    first = demanded(days_before=3)
    assert terms_on(north, TODAY).days_before == 3
    demanded(effective_from=TODAY, demands=False, document="测劳培〔2026〕9号")
    assert not terms_on(north, TODAY).demands
    with pytest.raises(FrozenRow):
        first.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE public.requests_openingpolicy SET days_before = 0")
    assert OpeningPolicy.objects.count() == 2


def test_approved_the_base_opens_just_that_class_and_both_sides_have_messages(north):
    demanded()
    found, request = sent()
    with tenant_context(base("centre")):
        assert request.number in Message.objects.get().text
    decide(request.number, "approve", OFFICER, version=1, document="批1")
    assert "批准" in Message.objects.get().text
    found.refresh_from_db()
    made = open_from(found, manager())
    assert made.sessions.count() == 2
    assert (made.approval.number, made.approval.document) == (request.number, "批1")
    request.refresh_from_db()
    assert request.state == "carried"
    kinds = list(RequestStep.objects.filter(request=request).values_list("kind", flat=True))
    assert kinds == ["send", "approve", "carry"]
    with pytest.raises(ValidationError, match="没有获批，或班已开"):
        open_from(found, manager())


def test_a_class_that_differs_from_what_was_approved_does_not_open(north):
    demanded()
    approved()
    with pytest.raises(ValidationError, match="开班日期"):
        straight(days=31)
    assert not TrainingClass.objects.exists()
    assert straight().approval.version == 1, "the form of the desk opens the approved one as well"


def test_what_was_returned_is_changed_and_sent_as_the_next_version(north):
    demanded()
    found, request = sent()
    with pytest.raises(ValidationError, match="写明理由"):
        decide(request.number, "return", OFFICER, version=1)
    decide(request.number, "return", OFFICER, version=1, reason="请写明考评员")
    found.refresh_from_db()
    later = replace(facts_from(found.facts), assessment="王考评，最后一天")
    found = proposals.write(later, User.objects.get(username="clerk"), proposal=found)
    again = proposals.send_on(found, manager())
    assert (again.number, again.versions.count()) == (request.number, 2)
    with pytest.raises(ValidationError, match="又改过"):
        decide(request.number, "approve", OFFICER, version=1)
    decide(request.number, "approve", OFFICER, version=2)
    assert open_from(found, manager()).code == "N-01"


def test_refused_and_withdrawn_are_the_end_and_another_request_may_follow(north):
    demanded()
    _found, request = sent()
    with pytest.raises(ValidationError, match="已有一份在办"):
        sent()
    decide(request.number, "refuse", OFFICER, version=1, reason="名额已满")
    with pytest.raises(ValidationError, match="状态已变"):
        decide(request.number, "approve", OFFICER, version=1)
    again, _request = sent()
    with pytest.raises(ValidationError, match="写明理由"):
        proposals.withdraw(again, manager(), " ")
    proposals.withdraw(again, manager(), "改期")
    again.refresh_from_db()
    with pytest.raises(ValidationError, match="没有获批"):
        open_from(again, manager())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"days": 6}, "至少提前 7 天"),
        ({"ends_on": TODAY + timedelta(days=30)}, "不在班次日期之内"),
        ({"sessions": ()}, "补充课次"),
    ],
)
def test_what_cannot_be_sent_says_why(north, more, said):
    demanded()
    found = proposal(**more)
    assert any(said in fault for fault in proposals.faults_of_facts(found))
    with pytest.raises(ValidationError, match=said):
        proposals.send_on(found, manager())


def test_without_a_checked_roster_nothing_is_sent_and_no_id_leaves_the_base(north):
    bare = proposals.write(facts(), User.objects.get(username="clerk"))
    with pytest.raises(ValidationError, match="花名册"):
        proposals.send_on(bare, manager())
    _found, request = sent(code="N-02")
    version = RequestVersion.objects.get(request=request)
    from tests.story import ids

    assert request.people == 3 and len(version.facts["roster_sha256"]) == 64
    assert not any(number in str(version.facts) for number in ids(3))


def test_two_clerks_who_write_at_once_are_told(north):
    found = proposal()
    clerk, old = User.objects.get(username="clerk"), str(found.edition)
    proposals.write(facts(place="小学"), clerk, proposal=found, edition=old)
    with pytest.raises(ValidationError, match="有人改过"):
        proposals.write(facts(place="礼堂"), clerk, proposal=found, edition=old)
    found.refresh_from_db()
    assert found.facts["place"] == "小学"


def test_a_form_that_is_sent_twice_makes_one_draft(north):
    clerk, said = User.objects.get(username="clerk"), with_people(facts())
    one, other = (proposals.write(said, clerk) for _twice in range(2))
    assert one.pk == other.pk
    assert proposals.write(replace(said, place="小学"), clerk).pk != one.pk


def test_the_history_of_a_request_cannot_be_rewritten(north):
    _found, request = sent()
    step = RequestStep.objects.get(request=request)
    with pytest.raises(FrozenRow):
        step.save()
    for table in ("requeststep", "requestversion"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE public.requests_{table} SET number = 9")
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestStep.objects.create(
            request=request, number=9, kind="refuse", on=TODAY, version=1, official="x",
            recorded_at=step.recorded_at,
        )  # fmt: skip


def test_another_bases_number_is_of_no_use(north):
    demanded()
    _found, request = sent()
    with tenant_context(base("south")):
        stolen = Proposal.objects.create(
            kind="opening", class_code="N-01", facts=facts().as_json(), state="sent",
            number=request.number, made_by=manager(),
        )  # fmt: skip
        assert proposals.request_of(stolen) is None
        decide(request.number, "approve", OFFICER, version=1)
        with pytest.raises(ValidationError, match="没有获批"):
            open_from(stolen, manager())


def test_a_base_on_its_way_to_another_cell_is_not_decided(north):
    _found, request = sent()
    base("north").__class__.objects.filter(pk=north.pk).update(moving="writes")
    with pytest.raises(ValidationError, match="正在搬迁"):
        take_step(request.number, "approve", OFFICER)


def test_what_does_not_fit_goes_along_as_a_note(north):
    opened(code="N-05")
    found, request = sent(code="N-06", village=0)
    assert found.state == "sent"
    notes = RequestVersion.objects.get(request=request).notes
    assert any("同时有两处课" in zh for zh, _en in notes)
    assert ClassRequest.objects.filter(state="sent").count() == 1
    assert with_people(facts()).people == 3
