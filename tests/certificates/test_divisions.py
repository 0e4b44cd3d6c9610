"""Places by code and by name, anywhere in the country."""

import pytest

from certificates import divisions
from certificates.employers.rules import kind_of, too_many
from certificates.employment.rules import evidence_of, may_overrule


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2101", "2101"),
        ("210100", "2101"),
        ("210000", "21"),
        ("2101 辽宁省沈阳市", "2101"),
        ("辽宁 沈阳", "2101"),
        ("辽宁省沈阳市", "2101"),
        ("沈阳", "2101"),
        ("延边", "2224"),
        ("吉林 延边 敦化", "222403"),
        ("北京 朝阳", "110105"),
        ("广西", "45"),
        ("内蒙古", "15"),
    ],
)
def test_a_place_is_found_as_people_write_it(typed, code):
    assert divisions.find(typed) == [code]


def test_a_name_that_several_places_have_gives_all_of_them():
    assert divisions.find("吉林") == ["22", "2202"]
    assert "210102" in divisions.find("和平")


def test_every_province_and_prefecture_is_offered_and_found_again_by_its_name():
    offered = divisions.offered()
    assert len(offered) > 350
    assert [name for code, name in offered if divisions.find(name) != [code]] == []


@pytest.mark.parametrize("typed", ["乌有之乡", "99", "0000", "沈"])
def test_what_is_no_place_is_not_found(db, typed):
    assert divisions.find(typed) == []


def test_a_village_is_known_by_the_sites_own_list(north):
    village = divisions.Division.objects.filter(level="village").first()
    assert divisions.name_of(village.code).startswith("吉林省延边朝鲜族自治州")
    assert divisions.name_of(village.code).endswith(village.name)


def test_near_is_the_bases_own_prefecture():
    assert [kind_of(code, "222403") for code in ("222404", "2224", "2201", "2101")] == [
        *("local", "local", "outward", "outward")
    ]


def test_who_confirms_more_than_anybody_can_look_at_waits():
    assert [too_many(n, n, 20) for n in (0, 19, 20)] == [False, False, True]
    assert [too_many(0, n, 20) for n in (199, 200)] == [False, True]


def test_only_an_employers_own_number_confirms_and_overrules_no_document():
    assert [evidence_of(n) for n in ("register", "public", "claim")] == [
        *("employer_confirmed", "employer_confirmed", "liaison_call")
    ]
    assert may_overrule("employer_confirmed", "self_reported")
    assert not may_overrule("employer_confirmed", "document")
    assert not may_overrule("liaison_call", "self_reported")
