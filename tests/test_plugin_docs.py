"""What is written for plugin authors is what there is: names, points, and every block of code."""

import ast
import importlib.util
import inspect
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from lms import plugin
from lms.plugin import testing
from lms.plugin.testing import a_case, an_opening, finished_class, inside, plugin_on
from tenants.plugins.points import POINTS

DOCS = Path(__file__).parent.parent / "docs"
REFERENCE = (DOCS / "reference" / "plugin-api.md").read_text(encoding="utf-8")
HOW_TO = DOCS / "how-to" / "plugins"
FIXTURES = {"visit", "committed", "once", "north", "south"}
ATTRIBUTES = "`PluginConfig` is a Django `AppConfig`"


def names(start, end="\n## "):
    """The names in the first column of every table of a part of the reference."""
    part = REFERENCE.partition(start)[2].partition(end)[0]
    cells = re.findall(r"^\| (\[?`.*?) \|", part, re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)", cell)}


def test_the_reference_names_what_a_plugin_may_import_and_nothing_else():
    named = names("## What it is\n", ATTRIBUTES) | names("## What it can build on\n")
    named |= names("## Extension points\n")
    assert named == set(plugin.__all__)
    assert [name for name in sorted(named) if not hasattr(plugin, name)] == []


def test_the_reference_names_what_tests_may_import_and_nothing_else():
    from lms.plugin.testing import fixtures

    assert names("## For tests\n") == set(testing.__all__) | FIXTURES
    assert [name for name in FIXTURES if not hasattr(fixtures, name)] == []


def test_the_reference_names_every_attribute_of_a_configuration_and_no_other():
    ours = {"default", "default_auto_field", "ready", "label_in_language"}
    ours |= {"description_in_language", "made_for"}
    own = {name for name in vars(plugin.PluginConfig) if not name.startswith("_")} - ours
    assert names(ATTRIBUTES) == own | {"name", "label", "demo"}


@pytest.mark.parametrize(
    "name", ["Eligibility", "ClassOpening", "Checked", "Paper", "LedgerLine", "Firm", "Vacancy"]
)
def test_the_reference_names_every_fact_that_a_plugin_gets(name):
    row = next(line for line in REFERENCE.splitlines() if line.startswith(f"| `{name}` |"))
    facts = set(inspect.signature(getattr(plugin, name)).parameters)
    assert facts <= set(re.findall(r"`(\w+)`", row))


def test_every_point_is_in_the_reference_with_its_policy_and_its_how_to():
    rows = re.findall(
        r"^\| \[`(\w+)`\]\(\.\./how-to/plugins/(\w+)\.md\) \| .*? \| ([\w ]+) \| .*? \|$",
        REFERENCE,
        re.MULTILINE,
    )
    assert {name: policy for name, _page, policy in rows} == {
        name: point.policy.value for name, point in POINTS.items()
    }
    assert all(name == page for name, page, _policy in rows)
    assert {path.stem for path in HOW_TO.glob("*.md")} == set(POINTS)


SHOWN = [*HOW_TO.glob("*.md"), *(DOCS / "tutorials").glob("*.md"), DOCS / "reference/plugin-api.md"]


@pytest.mark.parametrize("path", SHOWN, ids=lambda p: p.stem)
def test_code_that_is_shown_imports_only_what_a_plugin_may(path):
    public = {"lms.plugin": plugin.__all__, "lms.plugin.testing": testing.__all__}
    text = path.read_text(encoding="utf-8")
    for code in re.findall(r"^```python.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(code)):
            named = [getattr(node, "module", None)] if isinstance(node, ast.ImportFrom) else []
            named += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            firsts = {name.split(".")[0] for name in named}
            assert not firsts & {"tenants", "courses", "certificates"}, named
            if "lms" in firsts:
                assert {alias.name for alias in node.names} <= set(public[named[0]])


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """`shown("reports")` reads the code of that how-to as a module of the sample plugin, which is on
    for north, and gives what it adds. It is taken back.
    """
    for point in POINTS.values():
        monkeypatch.setattr(point, "_all", [])
    monkeypatch.setattr(POINTS["jobs"], "_every", {})

    def read(name):
        text = (HOW_TO / f"{name}.md").read_text(encoding="utf-8")
        (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        file = tmp_path / f"{name}.py"
        file.write_text(code, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(f"trainbase_sample.{name}", file)
        spec.loader.exec_module(importlib.util.module_from_spec(spec))
        (added,) = POINTS[name].all()
        assert added.plugin == "sample"
        return added.fn

    return read


@pytest.fixture
def on(north):
    with plugin_on("north", "sample"), inside("north"):
        yield


def test_how_to_refuse_a_certificate(shown):
    rule = shown("eligibility_rules")
    assert [rule(a_case(age=age)).ok for age in (15, 16)] == [False, True]


def test_how_to_check_the_evidence(shown):
    rule = shown("evidence_checks")
    assert rule(a_case()) is None
    assert not rule(a_case(attended_minutes=361)).ok


def test_how_to_refuse_the_opening_of_a_class(shown):
    rule = shown("class_opening_rules")
    days = (date(2026, 1, 4), date(2026, 1, 5), date(2026, 1, 15))
    assert [rule(an_opening(starts_on=day)).ok for day in days] == [True, False, False]


def test_how_to_draw_the_paper(shown, on):
    from certificates.render import render_pdf
    from tenants.plugins.models import PluginFault
    from tests.certificates.papers import CLAIMS

    own = render_pdf(CLAIMS, "http://centre.localhost/c/X")
    shown("certificate_templates")
    assert render_pdf(CLAIMS, "http://centre.localhost/c/X") != own
    assert not PluginFault.objects.exists()


def test_how_to_add_lines_to_the_check_page(shown):
    output = shown("verification_outputs")
    lines = output(plugin.Checked("N-1", {}, date(2026, 1, 7), "测试基地"))
    assert lines == [("测试基地 已投保", "The issuer is insured.")]


def test_how_to_show_vacancies_to_an_employer(shown, visit, mailoutbox):
    from tests.certificates.working import approved, signed_in

    with plugin_on("centre", "sample"):
        shown("vacancies")
        page = signed_in(approved(), mailoutbox).get("/employers/").content.decode()
        assert "发布招聘：缝纫工" in page
        assert 'href="/jobs/new/"' in page
        other = signed_in(approved(2, trade="餐饮"), mailoutbox).get("/employers/")
        assert "招聘" not in other.content.decode()


def test_how_to_send_messages(shown, on):
    shown("channels")
    sent = plugin.send_message("13800000000", "x", "明天上课", "carrier")
    assert (sent.state, sent.reference) == ("sent", f"r-{sent.pk}")
    failed = plugin.send_message("wang@example.org", "x", "明天上课", "carrier")
    assert (failed.state, failed.error) == ("failed", "不是手机号 / no mobile number")


def test_how_to_make_a_report(shown, on, visit):
    shown("reports")
    browser = visit("north", "manager")
    assert "测试基地north" in browser.get("/desk/reports/sample/hosts/").content.decode()
    none = browser.get("/desk/reports/sample/hosts/?name=south").content.decode()
    assert 'data-label="字数"' not in none


def test_how_to_show_a_panel(shown, on, visit):
    shown("dashboard_panels")
    assert "来自县气象台" in visit("north", "clerk").get("/desk/").content.decode()


def test_how_to_work_by_the_clock(shown, on):
    from tenants.plugins.schedule import run_scheduled

    shown("jobs")
    run_scheduled.func("sample.remind")
    assert plugin.Message.objects.get().to == "0433-12333"


def test_who_waits_for_a_certificate_is_gone_when_it_is_there(north):
    from certificates.services.issue import issue_class
    from courses.models import TrainingClass

    today = timezone.localdate()
    code = finished_class(people=2)
    waiting = plugin.awaiting(today - timedelta(days=60), today)
    assert [(case.holder_name, case.attended_minutes) for case in waiting] == [
        ("学员1", 360),
        ("学员2", 360),
    ]
    assert plugin.awaiting(today + timedelta(days=1), today + timedelta(days=9)) == []
    issue_class(TrainingClass.objects.get(code=code), None)
    assert plugin.awaiting(today - timedelta(days=60), today) == []
