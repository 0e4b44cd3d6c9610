"""A class of forty is marked on one screen, with one tap a person: `script/bench field` takes the time."""

import pytest

from tests.browser.field.server import arrived, marks

pytestmark = pytest.mark.browser
PEOPLE = 40
#: As a class is: most are there.
SEEN = ["present"] * 33 + ["late"] * 3 + ["early_leave"] + ["excused"] + ["absent"] * 2


def test_forty_people_are_marked_with_forty_taps_on_one_screen(handset, ticket):
    phone = handset().enrol(ticket())
    page = phone.page
    phone.context.set_offline(True)
    phone.home()
    phone.count_taps()
    page.locator("#home [data-session]").first.click()
    page.click("#open-do")
    page.wait_for_selector("#roll")
    begun, where = phone.taps(), page.url
    assert begun <= 2
    people = phone.people()
    assert len(people) == PEOPLE  # all of them, with nothing to open first
    for person, mark in zip(people, SEEN, strict=True):
        phone.mark(person, mark)
    assert phone.taps() - begun == PEOPLE
    assert page.url == where
    assert page.get_attribute("#roll", "data-marked") == str(PEOPLE)
    phone.context.set_offline(False)
    phone.arrives()
    assert sorted(arrived(phone.device)[1]) == ["mark"] * PEOPLE + ["session_opened"]
    assert [marks()[int(person[1:])] for person in people] == SEEN


def test_forty_who_are_all_there_take_two_taps(handset, ticket):
    phone = handset().enrol(ticket())
    phone.begin()
    phone.count_taps()
    phone.page.click("#all-present")
    phone.page.click("#all-present-do")
    phone.page.wait_for_selector(f"#roll[data-marked='{PEOPLE}']")
    assert phone.taps() == 2
