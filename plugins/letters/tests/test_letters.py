"""Drafting, adding up, signing, changing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from letters_cast import all_targets
from trainbase_letters.models import Event, Letter, Unit
from trainbase_letters.services import letters
from trainbase_letters.services.standing import paper_code, year_now

pytestmark = pytest.mark.django_db
YEAR = date.today().year


def refused(error):
    """Every fault of an error, each in Chinese and English."""
    said = error.value.messages
    for text in said:
        zh, _slash, en = text.partition(" / ")
        assert any("\u4e00" <= c <= "\u9fff" for c in zh), text
        assert en, text
    return " ".join(said)


def test_a_draft_keeps_its_targets_and_who_wrote_it(towns, director):
    letter = letters.draft(towns["a"], YEAR, all_targets(trained=30), director)
    assert (letter.version, letter.state, letter.trained) == (1, "draft", 30)
    event = Event.objects.get()
    assert (event.kind, event.by, event.targets["trained"]) == ("drafted", director, 30)


@pytest.mark.parametrize("bad", [None, "", "ten", 1.5, True, -1, 1_000_001, 10**30])
def test_a_target_that_is_no_sensible_number_is_refused(towns, director, bad):
    with pytest.raises(ValidationError) as error:
        letters.draft(towns["a"], YEAR, all_targets(trained=5) | {"certified": bad}, director)
    refused(error)
    assert list(error.value.message_dict) == ["certified"]
    assert not Letter.objects.exists()


def test_a_letter_without_any_target_is_refused(towns, director):
    with pytest.raises(ValidationError) as error:
        letters.draft(towns["a"], YEAR, all_targets(), director)
    assert "at least one target" in refused(error)


@pytest.mark.parametrize("year", [1999, 0, YEAR + 2, 9999])
def test_a_year_out_of_reach_is_refused(towns, director, year):
    with pytest.raises(ValidationError) as error:
        letters.draft(towns["a"], year, all_targets(trained=5), director)
    refused(error)


def test_a_second_draft_of_a_year_is_refused(towns, director):
    letters.draft(towns["a"], YEAR, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        letters.draft(towns["a"], YEAR, all_targets(trained=6), director)
    assert "there is a draft" in refused(error)


def test_two_officials_at_once_do_not_overwrite_each_other(towns, people):
    letter = letters.draft(towns["a"], YEAR, all_targets(trained=5), people["director"])
    letters.change(letter, all_targets(trained=6), people["officer"], seen=0)
    with pytest.raises(ValidationError) as error:
        letters.change(letter, all_targets(trained=7), people["director"], seen=0)
    assert "somebody else" in refused(error)
    assert Letter.objects.get().trained == 6


def test_sub_targets_that_do_not_add_up_are_refused_with_the_difference(towns, director, scan):
    top = letters.draft(towns["top"], YEAR, all_targets(trained=100, local=7), director)
    letters.draft(towns["a"], YEAR, all_targets(trained=60, local=7), director)
    with pytest.raises(ValidationError) as error:
        letters.sign(top, scan(), date.today(), paper_code(top), director)
    said = refused(error)
    assert "目标 100，下级合计 60，少 40" in said
    assert "二村" in said, "who has no letter yet is named"
    assert "local" not in said, "what adds up is not complained about"
    assert Letter.objects.get(pk=top.pk).is_draft


def test_a_village_cannot_sign_while_the_township_adds_up_to_less(towns, director, scan):
    letters.draft(towns["top"], YEAR, all_targets(trained=100), director)
    village = letters.draft(towns["a"], YEAR, all_targets(trained=60), director)
    letters.draft(towns["b"], YEAR, all_targets(trained=50), director)
    with pytest.raises(ValidationError) as error:
        letters.sign(village, scan(), date.today(), paper_code(village), director)
    assert "10 too many" in refused(error)


def test_what_adds_up_is_signed_and_stands(towns, director, scan):
    made = [
        letters.draft(towns[key], YEAR, all_targets(trained=n), director)
        for key, n in (("top", 100), ("a", 60), ("b", 40))
    ]
    for letter in made:
        done = letters.sign(letter, scan(), date.today(), paper_code(letter), director)
        assert done.state == "signed" and done.scan_sha256 and done.scan_name == "签字.pdf"
    with pytest.raises(ValidationError) as error:
        letters.change(made[0], all_targets(trained=1), director, seen=0)
    assert "new version" in refused(error)


def test_a_unit_for_which_nothing_can_be_counted_cannot_sign(centre, director, scan):
    lonely = Unit.objects.create(name="张三", kind="person", leader="张三")
    letter = letters.draft(lonely, YEAR, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(), date.today(), paper_code(letter), director)
    assert "nothing can be counted" in refused(error)


def test_a_paper_that_was_printed_before_a_change_is_not_filed(towns, director, scan):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=5), director)
    printed = paper_code(letter)
    letter = letters.change(letter, all_targets(trained=6), director, seen=0)
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(), date.today(), printed, director)
    assert "Print it again" in refused(error)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.pdf"),
        (b"PK\x03\x04 no paper", "a.pdf"),
        (b"<html>", "a.png"),
        (b"%PDF-1.4", "a.pdf"),
    ],
)
def test_a_scan_that_is_no_pdf_jpeg_or_png_is_refused(towns, director, scan, content, name):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(content, name), date.today(), paper_code(letter), director)
    refused(error)
    assert Letter.objects.get().is_draft


@pytest.mark.parametrize("day", [date.today() + timedelta(1), date(YEAR - 2, 12, 31)])
def test_a_day_of_signing_out_of_reach_is_refused(towns, director, scan, day):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(), day, paper_code(letter), director)
    assert "signed_on" in error.value.message_dict
    refused(error)


def test_a_change_of_a_signed_letter_needs_a_reason_and_keeps_the_old_version(
    towns, director, scan, signed
):
    old = signed(towns["other"], YEAR, trained=5)
    with pytest.raises(ValidationError) as error:
        letters.draft(towns["other"], YEAR, all_targets(trained=4), director)
    assert "needs a reason" in refused(error)
    new = letters.draft(towns["other"], YEAR, all_targets(trained=4), director, "州里调整计划")
    assert new.version == 2
    assert Letter.objects.get(pk=old.pk).state == "signed", "until the new one is filed"
    letters.sign(new, scan(), date.today(), paper_code(new), director)
    old.refresh_from_db()
    assert (old.state, old.trained, bool(old.scan)) == ("replaced", 5, True)


def test_a_letter_is_not_filed_twice(towns, director, scan, signed):
    letter = signed(towns["other"], YEAR, trained=5)
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(), date.today(), paper_code(letter), director)
    refused(error)


def test_a_discarded_draft_stays_on_record(towns, director):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=5), director)
    with pytest.raises(ValidationError) as error:
        letters.discard(letter, director, "  ")
    refused(error)
    letters.discard(letter, director, "填错单位")
    assert not Letter.objects.exists()
    assert Event.objects.first().note == "填错单位"


def test_a_withdrawn_letter_frees_the_plugin_to_be_switched_off(towns, director, signed):
    from trainbase_letters.services.standing import open_duties

    letter = signed(towns["other"], year_now(), trained=5)
    assert "乙镇" in open_duties()[0] and " / 1 signed" in open_duties()[0]
    letters.withdraw(letter, director, "单位合并")
    assert open_duties() == []
    with pytest.raises(ValidationError) as error:
        letters.withdraw(letter, director, "再来一次")
    refused(error)


def test_a_unit_cannot_be_put_below_its_own_village(towns):
    towns["top"].parent = towns["a"]
    with pytest.raises(ValidationError) as error:
        towns["top"].full_clean()
    refused(error)
    with pytest.raises(ValidationError):
        towns["top"].save()


def test_a_unit_of_the_same_name_below_the_same_one_is_refused(towns):
    twin = Unit(name="一村", kind="village", parent=towns["top"], leader="某人")
    with pytest.raises(ValidationError) as error:
        twin.full_clean()
    assert "same" in refused(error)


@pytest.mark.parametrize("field", ["name", "leader"])
def test_a_unit_with_an_empty_text_is_refused(towns, field):
    setattr(towns["a"], field, "   ")
    with pytest.raises(ValidationError):
        towns["a"].full_clean()


def test_facts_are_never_changed_or_deleted(towns, director):
    letters.draft(towns["a"], YEAR, all_targets(trained=5), director)
    event = Event.objects.get()
    for act in (event.save, event.delete, Event.objects.all().delete):
        with pytest.raises(RuntimeError):
            act()


def test_a_paper_whose_unit_was_moved_since_is_not_filed(towns, director, scan):
    letter = letters.draft(towns["other"], YEAR, all_targets(trained=5), director)
    printed = paper_code(letter)
    towns["other"].division = towns["a"].division
    towns["other"].save()
    with pytest.raises(ValidationError) as error:
        letters.sign(letter, scan(), date.today(), printed, director)
    refused(error)
