from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.duties import rules
from certificates.duties.models import SampleCheck, SampledPerson, SampleDraw, SampleLook
from certificates.duties.services import samples
from certificates.duties.services.draws import draw, draw_missing
from certificates.duties.services.samples import Heard
from certificates.models import Certificate
from certificates.services.correct import correct
from certificates.services.issue import issue_class, issue_one
from certificates.services.outcomes import history_of
from certificates.services.revoke import revoke
from courses.directory.models import RuleSet
from courses.models import TrainingClass
from tenants.append_only import FrozenRow
from tenants.staff.models import User
from tests.cast import base, two
from tests.certificates.duties.scene import certified, told
from tests.story import finished

TODAY = timezone.localdate()
OFFICER = {"officer": "李科长", "account": "officer"}


@pytest.fixture
def one(north):
    """The certificate of the one person who was drawn of three, with work on record."""
    certified(people=3, days_ago=40)
    found = SampledPerson.objects.get().certificate
    told(found, by=User.objects.get(username="clerk"))
    return found


def heard(kind="local", employer="示范服装厂", **more):
    person = SampledPerson.objects.first()
    samples.look(person.pk, **OFFICER)
    started = {} if kind == "unemployed" else {"started_on": TODAY - timedelta(days=10)}
    facts = Heard("reached", kind, employer, **started | more)
    return samples.record_check(person.pk, facts, **OFFICER)


def state():
    return samples.sampled()[0].state


def test_a_tenth_of_the_class_is_drawn_when_it_is_certified_and_anybody_can_draw_again(north):
    certified(people=11)
    drawing = SampleDraw.objects.get()
    people = [each.certificate.number for each in drawing.people.all()]
    assert (len(people), len(drawing.numbers), drawing.percent) == (2, 11, 10)
    assert sorted(people) == sorted(rules.drawn(drawing.seed, drawing.numbers, drawing.wanted))


def test_at_least_one_is_drawn_and_nobody_twice(north):
    certified(people=2)
    assert SampledPerson.objects.count() == 1
    assert (draw(TrainingClass.objects.get()), draw_missing()) == (None, 0)


def test_whoever_is_issued_later_fills_the_share_of_the_whole_class(north):
    RuleSet.objects.update(sample_percent=50)
    training_class = finished(people=6)
    for enrolment in training_class.enrolments.order_by("pk")[:2]:
        issue_one(enrolment, None)
    assert draw(training_class).people.count() == 1
    issue_class(training_class, None)
    assert SampledPerson.objects.count() == 3


def test_draws_are_facts(one):
    for row in (SampleDraw.objects.get(), SampledPerson.objects.get()):
        with pytest.raises(FrozenRow):
            row.delete()


def test_a_revoked_person_is_not_called_and_another_one_is_drawn(one):
    revoke(one, "issued_in_error", "冒名", *two())
    assert state() == "void"
    with pytest.raises(ValidationError, match="somebody else is drawn"):
        samples.look(SampledPerson.objects.get().pk, **OFFICER)
    assert draw_missing() == 1
    assert SampledPerson.objects.count() == 2
    assert draw_missing() == 0


def test_a_corrected_certificate_is_the_same_person(one):
    newer = correct(one, "学员某", "姓名有误", User.objects.get(username="manager"))
    assert samples.sampled()[0].number == newer.number
    assert draw_missing() == 0
    assert heard().certificate == newer


def test_whoever_is_revoked_after_the_call_stays_in_the_sample(one):
    heard()
    revoke(one, "issued_in_error", "冒名", *two())
    assert (state(), samples.sampled()[0].revoked) == ("agrees", True)
    assert draw_missing() == 0


def test_nobody_is_called_before_the_base_has_said_anything(north):
    certified(people=1)
    assert state() == "waiting"
    with pytest.raises(ValidationError, match="has not recorded an outcome"):
        samples.look(SampledPerson.objects.get().pk, **OFFICER)


def test_an_overdue_duty_without_a_word_of_the_base_is_a_discrepancy(north):
    certified(people=1, days_ago=40)
    assert state() == "ready"
    assert heard().differences == ["missing"]


def test_two_versions_that_agree_are_no_discrepancy(one):
    check = heard()
    assert (check.differences, check.base_by, state()) == ([], "教务员甲", "agrees")


def test_what_differs_is_kept_with_both_versions(one):
    check = heard("unemployed", "")
    assert check.differences == ["value"]
    told(one, employer="另一家", replaces=history_of(one).counts, reason="更正")
    check.refresh_from_db()
    assert (check.base_kind, check.base_employer, check.kind) == (
        "local",
        "示范服装厂",
        "unemployed",
    )
    with pytest.raises(ValidationError, match="called already"):
        heard()


@pytest.mark.parametrize("name", ["教务员甲", " 教务员 甲"])
def test_whoever_recorded_the_outcome_does_not_check_it(one, name):
    person = SampledPerson.objects.get()
    samples.look(person.pk, name, "officer")
    facts = Heard("reached", "unemployed")
    with pytest.raises(ValidationError, match="somebody else checks"):
        samples.record_check(person.pk, facts, name, "officer")


def test_nobody_records_without_having_seen_the_number(one):
    person = SampledPerson.objects.get()
    with pytest.raises(ValidationError, match="make the call first"):
        samples.record_check(person.pk, Heard("no_answer"), **OFFICER)


def test_a_call_that_reached_nobody_is_kept_and_leaves_the_check_open(one):
    person = SampledPerson.objects.get()
    samples.look(person.pk, **OFFICER)
    samples.record_check(person.pk, Heard("no_answer"), **OFFICER)
    assert (state(), samples.sampled()[0].attempts) == ("ready", 1)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "unknown"}, "kind"),
        ({"employer": ""}, "employer"),
        ({"started_on": None}, "started_on"),
        ({"kind": "outward"}, "place_code"),
    ],
)
def test_what_was_heard_is_whole(one, facts, field):
    with pytest.raises(ValidationError) as refused:
        heard(**facts)
    assert field in refused.value.message_dict


def test_the_base_takes_over_what_the_centre_heard(one):
    check = heard("unemployed", "")
    given = samples.answer(check, "本人已离职，登记有误", True, User.objects.get(username="clerk"))
    assert history_of(one).known.value == "unemployed"
    assert (given.outcome.reason, state()) == ("本人已离职，登记有误", "answered")
    with pytest.raises(ValidationError, match="nothing to answer"):
        samples.answer(check, "再答", False, given.by)


def test_the_base_explains_and_its_version_stays(one):
    samples.answer(heard("unemployed", ""), "当天接电话的是家属", False, two()[0])
    assert history_of(one).known.value == "employed"


# Pages


PATH = "/desk/follow-up/north/"


def person_path():
    return f"{PATH}{SampledPerson.objects.get().pk}/"


def test_the_centre_hears_blind_and_sees_both_versions_only_afterwards(one, visit):
    phone, path = one.trainee.phone, person_path()
    browser = visit("centre", "officer")
    page = browser.get(path).content.decode()
    assert phone not in page and "示范服装厂" not in page
    page = browser.post(path, {"act": "look"}).content.decode()
    assert phone in page and "示范服装厂" not in page
    with tenant_context(base("north")):
        assert SampleLook.objects.get().officer == "中心工作人员甲"
    sent = {"act": "record", "result": "reached", "kind": "unemployed"}
    assert browser.post(path, sent).status_code == 302
    page = browser.get(path).content.decode()
    assert "示范服装厂" in page and "就业与否不同" in page
    assert "1" in browser.get("/desk/follow-up/").content.decode()
    assert browser.get("/desk/follow-up/?format=xlsx").status_code == 200
    assert browser.get(f"{PATH}?format=xlsx").status_code == 200


def test_nobody_who_was_not_drawn_can_be_looked_at(one, visit):
    browser = visit("centre", "officer")
    others = Certificate.objects.exclude(pk=one.pk)
    page = browser.get(PATH).content.decode()
    assert one.holder_name in page
    assert not any(f"{other.holder_name}<" in page for other in others)
    assert browser.post(f"{PATH}999/", {"act": "look"}).status_code == 404
    assert not SampleLook.objects.exists()


def test_a_township_officer_and_a_base_do_not_check(one, visit):
    assert visit("centre", "township_officer").get(PATH).status_code == 403
    assert visit("north", "manager").get(PATH).status_code == 404


def test_the_base_does_not_learn_who_was_drawn_before_the_call(one, visit):
    assert one.number not in visit("north", "clerk").get("/desk/discrepancies/").content.decode()


def test_the_base_answers_on_its_page(one, visit):
    check = heard("unemployed", "")
    browser = visit("north", "clerk")
    assert "<strong>1</strong> 中心抽查的差异待答复" in browser.get("/desk/").content.decode()
    assert "示范服装厂" in browser.get(f"/desk/discrepancies/{check.pk}/").content.decode()
    sent = {"text": "已离职", "accept": "on"}
    assert browser.post(f"/desk/discrepancies/{check.pk}/", sent).status_code == 302
    assert SampleCheck.objects.get().answer.outcome.kind == "unemployed"
    assert browser.get("/desk/discrepancies/?format=xlsx").status_code == 200
