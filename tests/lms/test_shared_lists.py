"""Trades and rule sets: the centre's to change, within what classes have pinned."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from courses.directory.models import RuleSet
from tenants.models import Division, Trade

TODAY = timezone.localdate()


def rule_set(**changes):
    return {
        "code": "standard", "version": 2, "document": "测劳转〔2027〕1号",
        "effective_from": TODAY + timedelta(days=30), "effective_to": "",
        "attendance_percent": 80, "theory_percent": 70, "practice_percent": 80,
        "minutes_per_day": 480, "pass_theory": 60, "pass_practice": 60, "follow_ups": "30,90,180",
        "sample_percent": 10, "archive_years": 10, "gate": "warn", "gate_known_percent": 80,
        "gate_employed_percent": 50, "gate_after_days": 90, "gate_window_days": 730,
        "age_from": 18, "age_to": 60, "same_project": "refuse", "overlap": "warn",
        "trainings_per_year": 2,
        "number_pattern": "{issuer}-{year}-{serial:05}",
    } | changes  # fmt: skip


def test_a_director_adds_a_trade_and_the_next_version_of_the_rules(visit):
    director = visit("centre", "director")
    form = {"code": "welding", "name": "电焊", "name_en": "Welding"}
    assert director.post("/admin/trades/new/", form).status_code == 302
    assert Trade.objects.get(code="welding").name == "电焊"
    assert director.post("/admin/rule-sets/new/", rule_set()).status_code == 302
    new = RuleSet.objects.get(version=2)
    for path in ("/admin/trades/", "/admin/rule-sets/", f"/admin/rule-sets/edit/{new.pk}/"):
        assert director.get(path).status_code == 200
    later = director.post(f"/admin/rule-sets/edit/{new.pk}/", rule_set(pass_theory=70))
    assert later.status_code == 302, "not in force yet"


def test_rules_in_force_are_not_edited_but_ended(visit):
    director = visit("centre", "director")
    old = RuleSet.objects.get()
    same = {f.name: getattr(old, f.name) or "" for f in RuleSet._meta.fields if f.name != "id"}
    same["follow_ups"] = ",".join(map(str, old.follow_ups))
    address = f"/admin/rule-sets/edit/{old.pk}/"
    page = director.post(address, same | {"pass_theory": 1})
    assert page.status_code == 200
    assert "已生效的规则不能修改" in page.content.decode()
    ended = director.post(address, same | {"effective_to": TODAY + timedelta(days=29)})
    assert ended.status_code == 302
    old.refresh_from_db()
    assert (old.pass_theory, old.effective_to) == (60, TODAY + timedelta(days=29))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"age_from": 15}, "16 到 100"),
        ({"age_from": 30, "age_to": 20}, "不能低于下限"),
        ({"same_project": "maybe"}, "maybe"),
        ({"trainings_per_year": -1}, "0"),
    ],
)
def test_who_may_join_is_within_what_can_be(visit, wrong, said):
    page = visit("centre", "director").post("/admin/rule-sets/new/", rule_set(**wrong))
    assert page.status_code == 200
    assert said in page.content.decode()
    assert RuleSet.objects.count() == 1


@pytest.mark.parametrize("role", ["manager", "clerk"])
def test_a_base_changes_no_shared_list(visit, role):
    for path in ("/admin/trades/", "/admin/trades/new/", "/admin/rule-sets/"):
        assert visit("north", role).get(path).status_code in (302, 404)
    assert visit("centre", "officer").get("/admin/trades/new/").status_code == 302


def test_divisions_are_loaded_from_a_file_and_a_bad_one_says_what_is_wanted(db, tmp_path):
    file = tmp_path / "d.csv"
    file.write_text("code,name,level,parent_code\n99,测试省,province,\n9901,测试市,prefecture,99\n")
    call_command("divisions_load", str(file), stdout=io.StringIO())
    call_command("divisions_load", str(file), stdout=io.StringIO())
    assert Division.objects.get(code="9901").parent.name == "测试省"
    file.write_bytes("编码,名称\n".encode("gb18030"))
    with pytest.raises(CommandError, match="parent_code"):
        call_command("divisions_load", str(file), stdout=io.StringIO())


def test_the_centre_sets_how_certificates_are_numbered_and_a_bad_pattern_is_explained(visit):
    director = visit("centre", "director")
    page = director.post("/admin/rule-sets/new/", rule_set(number_pattern="{year}-{serial}"))
    assert page.status_code == 200
    assert "must each be there once" in page.content.decode()
    good = "PX{year}-{issuer}-{serial:09}"
    assert director.post("/admin/rule-sets/new/", rule_set(number_pattern=good)).status_code == 302
    assert RuleSet.objects.get(version=2).number_pattern == good
