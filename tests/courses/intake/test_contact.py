"""A telephone or a village that the roster had wrong is put right, and everything that rests on it follows."""

import json
import re

import pytest
from django_tenants.utils import tenant_context

from certificates.figures.models import Figure
from certificates.standing.models import Standing
from certificates.standing.services.rebuild import rebuild
from courses.models import Trainee
from courses.retention import services as retention
from courses.services import contact
from tenants.lists.history import of_log
from tenants.models import Division
from tests.cast import base
from tests.courses.intake.people import a_new_class, clerk, filled


def villages(n=2):
    rows = Division.objects.filter(level="village").select_related("parent").order_by("code")
    found = {each.parent_id: each for each in rows}
    return list(found.values())[:n]


@pytest.fixture
def person(db):
    with tenant_context(base("north")):
        [enrolment] = filled(a_new_class(), 1)
        Trainee.objects.filter(pk=enrolment.trainee_id).update(phone="13900000000", village=None)
        return enrolment.trainee_id


def test_the_figures_of_the_townships_follow_the_village(person):
    first, second = villages()
    with tenant_context(base("north")):
        trainee = Trainee.objects.get(pk=person)
        assert contact.correct(trainee, trainee.phone, first, clerk())
        assert Standing.objects.get(enrolment__trainee=person).township == first.code[:9]
        assert contact.correct(trainee, trainee.phone, second, clerk())
        assert Standing.objects.get(enrolment__trainee=person).township == second.code[:9]
        there = Figure.objects.filter(dimension="township", key=second.code[:9])
        assert sum(row.enrolled for row in there) == 1
        assert rebuild(check=True).differences == []


def test_the_record_says_who_changed_what_and_shows_no_number_whole(person):
    first, _ = villages()
    with tenant_context(base("north")):
        trainee = Trainee.objects.get(pk=person)
        contact.correct(trainee, "13811112222", first, clerk())
        [noted] = of_log(trainee)
        assert noted.who == str(clerk())
        assert noted.changes == [
            ("联系电话", "*0000", "*2222"),
            ("村", "", f"{first.parent} {first.name}"),
        ]
        assert not contact.correct(trainee, "13811112222", first, clerk())
        assert len(of_log(trainee)) == 1


def test_what_was_noted_goes_with_the_record(person, monkeypatch):
    with tenant_context(base("north")):
        trainee = Trainee.objects.get(pk=person)
        contact.correct(trainee, "", None, clerk())
        monkeypatch.setattr(retention, "is_over", lambda *_: True)
        retention.carry_out(retention.plan().digest, clerk())
        assert of_log(trainee) == []
        with pytest.raises(contact.ValidationError, match="保存期满"):
            contact.correct(trainee, "13811112222", None, clerk())


def test_a_clerk_corrects_it_on_the_page(visit, person):
    with tenant_context(base("north")):
        first, _ = villages()
        typed = f"{first.parent.name} {first.name}"
    browser = visit("north", "clerk")
    address = f"/desk/trainees/{person}/contact/"
    assert address in browser.get(f"/desk/trainees/{person}/").content.decode()
    page = browser.get(address).content.decode()
    seen = _seen(page)
    bad = browser.post(address, {"phone": "12", "village": "没有的村", "seen": seen})
    said = bad.content.decode()
    assert "请填写手机号" in said
    assert "没有这个村" in said
    assert 'value="没有的村"' in said  # what was typed stays
    form = {"phone": "+86 138-1111-2222", "village": typed, "seen": seen}
    done = browser.post(address, form, follow=True).content.decode()
    assert "联系方式已更正" in done
    assert "13811112222" in done
    assert "更正联系方式" in done  # among the changes
    emptied = {"phone": "", "village": "", "seen": _seen(browser.get(address).content.decode())}
    browser.post(address, emptied)
    with tenant_context(base("north")):
        assert Trainee.objects.filter(pk=person, phone="", village=None).exists()


def test_the_second_of_two_clerks_is_told(visit, person):
    browser = visit("north", "clerk")
    address = f"/desk/trainees/{person}/contact/"
    seen = _seen(browser.get(address).content.decode())
    with tenant_context(base("north")):
        contact.correct(Trainee.objects.get(pk=person), "13811112222", None, clerk())
    told = browser.post(address, {"phone": "13833334444", "village": "", "seen": seen})
    said = told.content.decode()
    assert "别人已经改过" in said
    assert "13811112222" in said
    with tenant_context(base("north")):
        assert Trainee.objects.get(pk=person).phone == "13811112222"


def test_a_number_that_is_none_may_stay_while_the_village_is_put_right(visit, person):
    with tenant_context(base("north")):
        Trainee.objects.filter(pk=person).update(
            phone="12345"
        )  # as a roster had it, with a warning
        first, _ = villages()
    form = {"phone": "12345", "village": first.code, "seen": ""}
    visit("north", "clerk").post(f"/desk/trainees/{person}/contact/", form)
    with tenant_context(base("north")):
        assert Trainee.objects.filter(pk=person, phone="12345", village=first).exists()


@pytest.mark.parametrize("role", ["trainer", "examiner", "liaison"])
def test_who_enters_nobody_corrects_nobody(visit, person, role):
    browser = visit("north", role)
    assert browser.post(f"/desk/trainees/{person}/contact/", {"phone": ""}).status_code == 403
    with tenant_context(base("north")):
        assert Trainee.objects.get(pk=person).phone == "13900000000"


def _seen(page):
    found = re.search(r'name="seen" value="([^"]*)"', page)
    text = found[1].replace("&quot;", '"')
    assert json.loads(text)
    return text
