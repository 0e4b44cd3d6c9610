from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import load_workbook

from certificates.duties.models import Call
from certificates.duties.services import calls
from certificates.duties.services.calls import Filter, Said, record_call
from certificates.duties.services.script import change_script, script
from certificates.models import FollowUp, Outcome
from certificates.services.outcomes import history_of
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.certificates.duties.scene import certified, due, told, villages

TODAY = timezone.localdate()


@pytest.fixture
def clerk(north):
    return User.objects.get(username="clerk")


@pytest.fixture
def liaison(north):
    found = User.objects.get(username="liaison")
    found.division_prefix = villages()[0].code
    found.save()
    return found


def listed(user, **asked):
    return [each.trainee.name for each in calls.call_list(user, Filter(**asked), TODAY)]


def test_the_list_holds_who_is_overdue_due_today_or_within_a_week(clerk):
    one, two, three, four = certified()
    due(one, -3), due(two, 0), due(three, 7), due(four, 8)
    assert listed(clerk) == [one.holder_name, two.holder_name, three.holder_name]
    assert listed(clerk, state="overdue") == [one.holder_name]
    assert listed(clerk, state="later") == [four.holder_name]
    assert calls.in_numbers(clerk, TODAY) == {"overdue": 1, "today": 1, "soon": 1, "later": 0}


def test_several_duties_of_a_person_are_one_line(clerk):
    one = certified(people=1)[0]
    FollowUp.objects.filter(certificate=one).update(due_on=TODAY - timedelta(days=1))
    (line,) = calls.call_list(clerk, Filter(), TODAY)
    assert len(line.duties) == 3


def test_a_revoked_certificate_is_nobody_to_call(clerk):
    from certificates.services.revoke import revoke
    from tests.cast import two

    one = certified(people=1)[0]
    due(one)
    revoke(one, "issued_in_error", "冒名", *two())
    assert listed(clerk) == []


def test_the_list_is_filtered_by_village_class_and_trade(clerk):
    one, two = certified(people=2)
    due(one), due(two)
    assert listed(clerk, village=villages()[1].code) == [two.holder_name]
    assert len(listed(clerk, training_class="T-01", trade="sewing")) == 2
    assert listed(clerk, training_class="other") == listed(clerk, trade="catering") == []


def test_duties_are_assigned_and_each_clerk_sees_the_own(clerk):
    one, two = certified(people=2)
    due(one), due(two)
    manager = User.objects.get(username="manager")
    assert calls.assign([one.trainee_id], manager, clerk) == 3
    assert listed(manager, mine=manager.pk) == [one.holder_name]
    assert listed(clerk, mine=clerk.pk) == []
    calls.assign([one.trainee_id], None, clerk)
    assert listed(manager, mine=manager.pk) == []


def test_nobody_gets_people_whom_they_do_not_see(clerk, liaison):
    one, two = certified(people=2)
    with pytest.raises(ValidationError, match="outside the liaison's villages"):
        calls.assign([one.trainee_id, two.trainee_id], liaison, clerk)
    with pytest.raises(ValidationError, match="may not call"):
        calls.assign([one.trainee_id], User.objects.get(username="examiner"), clerk)
    assert calls.assign([one.trainee_id], liaison, clerk) == 3


def test_a_liaison_sees_the_own_villages_and_none_without_villages(liaison):
    one, two = certified(people=2)
    due(one), due(two)
    assert listed(liaison) == [one.holder_name]
    with pytest.raises(ValidationError, match="nothing is open"):
        record_call(two.trainee, Said("no_answer"), liaison)
    liaison.division_prefix = ""
    assert listed(liaison) == []


def test_a_call_that_reached_nobody_closes_no_duty_and_comes_again_in_three_days(clerk):
    one = certified(people=1)[0]
    due(one, -2)
    record_call(one.trainee, Said("no_answer"), clerk)
    assert not FollowUp.objects.filter(done_on__isnull=False).exists()
    assert listed(clerk, state="overdue") == []
    (line,) = calls.call_list(clerk, Filter(), TODAY)
    assert line.line.call_on == TODAY + timedelta(days=3)
    record_call(one.trainee, Said("no_answer"), clerk)
    call = record_call(one.trainee, Said("no_answer"), clerk)
    assert call.next_call_on == TODAY + timedelta(days=7)
    assert Outcome.objects.count() == 0


def test_a_person_who_tells_nothing_is_called_again(clerk):
    one = certified(people=1)[0]
    due(one)
    call = record_call(one.trainee, Said("reached", who="family"), clerk)
    assert (call.outcome, call.next_call_on) == (None, TODAY + timedelta(days=7))
    assert not FollowUp.objects.filter(done_on__isnull=False).exists()


def test_what_is_told_becomes_an_outcome_by_a_call_and_closes_the_duty(clerk):
    one = certified(people=1, days_ago=40)[0]
    start = TODAY - timedelta(days=5)
    call = record_call(
        one.trainee,
        Said("reached", who="self", kind="local", employer="示范服装厂", started_on=start),
        clerk,
    )
    known = history_of(one).known
    assert (known.value, known.evidence, known.key) == (
        "employed",
        "liaison_call",
        call.outcome_id,
    )
    assert FollowUp.objects.filter(done_on=TODAY).count() == 1


def test_nothing_has_changed_is_one_tap(clerk):
    one = certified(people=1, days_ago=100)[0]
    told(one)
    due(one)
    record_call(one.trainee, Said("reached", who="self", kind="same"), clerk)
    first, again = history_of(one).rows
    assert (again.kind, again.employer, again.started_on) == (
        first.kind,
        first.employer,
        first.started_on,
    )


def test_another_job_ends_the_one_on_record(clerk):
    one = certified(people=1, days_ago=100)[0]
    told(one)
    due(one)
    said = {"who": "self", "kind": "local", "employer": "示范酒店", "started_on": TODAY}
    with pytest.raises(ValidationError, match="day and the reason of leaving"):
        record_call(one.trainee, Said("reached", **said), clerk)
    assert Call.objects.count() == 0
    end = {"ended_on": TODAY - timedelta(days=1), "end_reason": "resigned"}
    record_call(one.trainee, Said("reached", **said, **end), clerk)
    assert history_of(one).counts.employer == "示范酒店"


def test_one_call_answers_for_every_certificate_of_a_person(clerk):
    from courses.models import Enrolment, Project, Trainee
    from courses.services.classes import set_class_state
    from tests.story import a_class, assessed, taught

    Project.objects.create(
        code="basic", name="缝纫入门", name_en="Sewing basics", level="basic",
        trade=Project.objects.get(code="sewing").trade, theory_hours=4, practice_hours=4,
    )  # fmt: skip
    one = certified(people=1, days_ago=40)[0]
    other = a_class(code="T-02", people=0, days_ago=75)
    other.project = Project.objects.get(code="basic")
    other.project_key = other.project.key
    other.save()
    Enrolment.objects.create(training_class=other, trainee=Trainee.objects.get())
    taught(other), assessed(other)
    set_class_state(other, "finished")
    from certificates.services.issue import issue_class

    (second,) = issue_class(other, None, on=TODAY - timedelta(days=35)).certificates
    (line,) = calls.call_list(clerk, Filter(), TODAY)
    assert len(line.duties) == 2
    start = TODAY - timedelta(days=9)
    said = Said("reached", who="self", kind="flexible", started_on=start)
    record_call(one.trainee, said, clerk)
    assert {history_of(c).known.value for c in (one, second)} == {"employed"}
    assert listed(clerk) == []


def test_a_next_call_is_chosen_within_sixty_days(clerk):
    one = certified(people=1)[0]
    with pytest.raises(ValidationError, match="within 60 days"):
        record_call(one.trainee, Said("refused", next_call_on=TODAY + timedelta(days=61)), clerk)
    day = TODAY + timedelta(days=10)
    assert record_call(one.trainee, Said("refused", next_call_on=day), clerk).next_call_on == day


def test_calls_are_facts(clerk):
    one = certified(people=1)[0]
    call = record_call(one.trainee, Said("wrong_number"), clerk)
    for change in (call.save, call.delete, Call.objects.all().delete):
        with pytest.raises(FrozenRow):
            change()


def test_the_script_is_the_bases_own_or_a_good_default(clerk):
    said = script().said(
        name="学员1", course="缝纫", base="基地", caller="吴教务", date="2026-11-01"
    )
    assert "学员1" in said[0] and "学员1" in said[1] and "{" not in said[0] + said[1]
    change_script("你好{name}", "Hello {name}", clerk)
    assert script().said(name="甲")[0] == "你好甲"
    with pytest.raises(ValidationError):
        change_script(" ", "x", clerk)


# Pages


@pytest.fixture
def two_due(north, liaison):
    one, two = certified(people=2)
    due(one), due(two)
    return one, two


def test_the_page_dials_and_the_workbook_has_the_same_people(two_due, visit):
    browser = visit("north", "clerk")
    page = browser.get("/desk/calls/").content.decode()
    assert f'href="tel:{two_due[0].trainee.phone}"' in page
    import io

    book = browser.get("/desk/calls/?format=xlsx")
    rows = list(load_workbook(io.BytesIO(book.content)).active.values)
    assert [row[1] for row in rows[1:]] == [c.holder_name for c in two_due]
    assert rows[1][2] == two_due[0].trainee.phone


def test_a_liaison_sees_names_and_numbers_of_the_own_villages_and_nothing_else(two_due, visit):
    mine, other = two_due
    browser = visit("north", "liaison")
    pages = ["/desk/calls/", "/desk/calls/print/", f"/desk/calls/{mine.trainee_id}/"]
    for path in pages:
        page = browser.get(path).content.decode()
        assert mine.trainee.phone in page
        for hidden in (other.trainee.phone, other.holder_name, mine.number, "T-01"):
            assert hidden not in page, (path, hidden)
    assert browser.get(f"/desk/calls/{other.trainee_id}/").status_code == 404
    for path in ("/desk/classes/", f"/desk/certificates/{mine.number}/", "/desk/gate/sewing/"):
        assert browser.get(path).status_code == 403, path
    for path in ("/desk/calls/script/", "/desk/discrepancies/", "/desk/funnel/certified/"):
        assert browser.get(path).status_code == 403, path
    sent = {"do": "act", "act": "assign", "one": mine.trainee_id, "sure": "1"}
    assert browser.post("/desk/calls/", sent).status_code == 403
    asked = {"class": "T-01", "trade": "catering", "village": other.trainee.village.code}
    assert other.holder_name not in browser.get("/desk/calls/", asked).content.decode()


def test_a_liaison_records_a_call_with_three_requests(two_due, visit):
    mine = two_due[0]
    browser, path = visit("north", "liaison"), f"/desk/calls/{mine.trainee_id}/"
    assert "kind=local" in browser.get(f"{path}?answer=self").content.decode()
    assert 'name="employer"' in browser.get(f"{path}?answer=self&kind=local").content.decode()
    sent = {"answer": "self", "kind": "unemployed"}
    assert browser.post(path, sent).status_code == 302
    outcome = Outcome.objects.get()
    assert (outcome.kind, outcome.evidence) == ("unemployed", "liaison_call")
    assert str(outcome.recorded_by) == "村联络员甲"


def test_a_stranger_and_a_trainer_see_no_list(two_due, visit):
    assert visit("north").get("/desk/calls/").status_code == 302
    assert visit("north", "trainer").get("/desk/calls/").status_code == 403
    assert visit("south", "clerk").get(f"/desk/calls/{two_due[0].trainee_id}/").status_code == 404


def test_the_sheet_has_a_page_for_each_village_and_boxes(two_due, visit):
    page = visit("north", "clerk").get("/desk/calls/print/").content.decode()
    assert page.count('class="sheet"') == 2
    assert page.count("□") == 10


def test_the_front_page_counts_and_leads_to_the_list(two_due, visit):
    page = visit("north", "clerk").get("/desk/").content.decode()
    assert '/desk/calls/?state=today"><strong>2</strong> 今天要打的回访电话' in page
    page = visit("north", "liaison").get("/desk/").content.decode()
    assert '/desk/calls/?state=today"><strong>1</strong> 今天要打的回访电话' in page
