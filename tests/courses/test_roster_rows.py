"""What is said of a single row: people on file, villages, counties, phones, names."""

import pytest

from courses.roster import REASONS, KnownPerson, VillageIndex, read_roster
from courses.roster.places import county_known
from courses.rules import resident_id_fault
from tests.courses.rosters import DAY, GOOD, HEADER, resident_id, roster

PLACE = (*HEADER, "乡镇", "村")


def one(*row, header=HEADER, **how):
    (judged,) = read_roster(roster(row, header=header), DAY, **how)
    return judged


@pytest.mark.parametrize(
    ("person", "verdict", "code"),
    [
        (KnownPerson("李四", True), "reject", "already_in_class"),
        (KnownPerson("李 四", False), "accept", "known_person"),
        (KnownPerson("张三", False), "reject", "known_other_name"),
    ],
)
def test_a_person_on_file_is_linked_unless_enrolled_or_of_another_name(person, verdict, code):
    row = one("李四", GOOD, known=lambda ids: {GOOD: person})
    assert (row.verdict, row.codes, row.said) == (verdict, (code,), [REASONS[code]])


def test_the_base_is_asked_once_and_only_for_valid_resident_ids():
    asked = []

    def known(resident_ids):
        asked.append(set(resident_ids))
        return {}

    ids = [resident_id(n) for n in range(1, 6)]
    read_roster(roster(*(("李四", number) for number in [*ids, "123"])), DAY, known=known)
    assert asked == [set(ids)]


def test_a_middle_dot_of_another_kind_is_the_same_name():
    known = {GOOD: KnownPerson("阿依古丽·买买提", False)}
    row = one("阿依古丽•买买提", GOOD, known=lambda ids: known)
    assert row.codes == ("known_person", "name_middle_dot")


def test_a_warned_row_carries_its_notes_after_its_warnings():
    header = (*HEADER, "性别")
    row = one("李 四", GOOD, "男", header=header)
    assert (row.verdict, row.codes) == ("warn", ("sex_mismatch", "name_space"))
    assert row.sex == "女"


@pytest.mark.parametrize("sex", ["女", "女性", "F", "female"])
def test_a_sex_may_be_written_in_several_ways(sex):
    assert one("李四", GOOD, sex, header=(*HEADER, "性别")).verdict == "accept"


@pytest.mark.parametrize("village", ["宝山村委会", "宝山村", "宝山", "宝山村民委员会", "宝 山村"])
def test_a_village_is_found_under_each_of_its_names(village):
    row = one("李四", GOOD, "翰章乡", village, header=PLACE)
    assert (row.verdict, row.village_code[:6]) == ("accept", "222403")
    assert len(row.village_code) == 12


def test_a_village_named_like_a_community_is_told_apart_by_its_full_name():
    codes = {
        name: one("李四", GOOD, "复兴镇", name, header=PLACE)
        for name in ("金苍村", "金苍社区", "金苍")
    }
    assert codes["金苍村"].village_code == "222424106200"
    assert codes["金苍社区"].village_code == "222424106011"
    assert (codes["金苍"].codes, codes["金苍"].village_code) == (("village_ambiguous",), "")


TWINS = VillageIndex(
    [
        ("220000000001", "敦化市", "河南镇", "新村委会"),
        ("220000000002", "安图县", "河南镇", "新村委会"),
        ("220000000003", "安图县", "河南镇", "东村委会"),
    ]
)


@pytest.mark.parametrize(
    ("county", "village", "code", "codes"),
    [
        ("", "新村", "", ("village_ambiguous",)),
        ("", "东村", "220000000003", ()),
        ("敦化市", "新村", "220000000001", ()),
        ("敦化", "新村", "220000000001", ()),
        ("延边州安图县", "新村", "220000000002", ()),
        ("敦化市", "东村", "", ("village_unknown",)),
        ("延吉市", "新村", "", ("village_unknown",)),
    ],
)
def test_townships_of_one_name_are_kept_apart_by_the_county(county, village, code, codes):
    header = (*HEADER, "县（市）", "乡镇", "村")
    row = one("李四", GOOD, county, "河南镇", village, header=header, village_codes=TWINS)
    assert (row.village_code, row.codes) == (code, codes)


def test_a_village_without_its_township_is_unknown():
    assert one("李四", GOOD, None, "宝山村", header=PLACE).codes == ("village_unknown",)


@pytest.mark.parametrize("county", ["222403", "222421", "440401", "110101", "810000"])
def test_a_county_code_stays_known_after_it_is_retired(county):
    assert county_known(county)


def test_a_county_code_that_never_was_is_a_warning_and_no_fault():
    number = resident_id(1, county="222499")
    assert resident_id_fault(number) is None
    assert one("李四", number).codes == ("id_county",)


@pytest.mark.parametrize(
    ("written", "phone", "codes"),
    [
        ("13812345678", "13812345678", ()),
        (13812345678, "13812345678", ()),
        (13812345678.0, "13812345678", ()),
        ("１３８ 1234-5678", "13812345678", ()),
        ("+86 138 1234 5678", "13812345678", ()),
        ("0433-2512345", "04332512345", ()),
        ("2512345", "2512345", ()),
        (None, "", ()),
        ("1381234567", "1381234567", ("phone_format",)),
        ("无", "", ("phone_format",)),
        ("13812345678/13912345678", "", ("phone_format",)),
    ],
)
def test_a_phone_number_is_kept_as_digits_and_doubted_when_it_is_none(written, phone, codes):
    row = one("李四", GOOD, written, header=(*HEADER, "联系电话"))
    assert (row.phone, row.codes) == (phone, codes)


@pytest.mark.parametrize(
    ("name", "code"),
    [(12, "name_digits"), ("１２", "name_digits"), (DAY, "name_digits"), ("李" * 61, "name_long")],
)
def test_a_name_that_is_a_number_or_too_long_is_refused(name, code):
    assert one(name, GOOD).codes == (code,)


def test_characters_nobody_sees_do_not_spoil_a_resident_id():
    assert one("李四\u200b", "\ufeff" + GOOD).verdict == "accept"


def test_every_reason_is_told_in_two_languages():
    assert all(len(words) == 2 and all(words) for words in REASONS.values())
