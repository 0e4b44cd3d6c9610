"""What the plugin API offers is in its reference, and every how-to is code that is true."""

import ast
import re
from pathlib import Path

import pytest

from lms import plugin
from lms.plugin import testing
from lms.plugin.testing import inside, plugin_on
from tenants.plugins.points import POINTS

DOCS = Path(__file__).parent.parent / "docs"
REFERENCE = (DOCS / "reference" / "plugin-api.md").read_text(encoding="utf-8")
HOW_TOS = sorted((DOCS / "how-to" / "plugins").glob("*.md"))
NAMED = set(re.findall(r"`(\w+)`", REFERENCE))


def test_every_name_of_the_api_is_in_the_reference():
    for name in plugin.__all__:
        assert getattr(plugin, name) is not None
    assert set(plugin.__all__) - NAMED == set()
    assert set(testing.__all__) - NAMED == set()


def test_every_name_in_the_first_column_of_a_table_of_names_exists():
    tables = re.findall(r"\| name \|.*?\n\n", REFERENCE, re.DOTALL)
    listed = {
        name
        for table in tables
        for cell in re.findall(r"^\| (`[^|]*`) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", cell)
    }
    fixtures = {"visit", "committed", "north", "south"}
    assert listed - set(plugin.__all__) - set(testing.__all__) - fixtures == set()


def test_every_attribute_of_a_plugins_configuration_is_in_the_reference():
    own = {
        name
        for name, value in vars(plugin.PluginConfig).items()
        if name in plugin.PluginConfig.__annotations__ or name == "blockers"
        if not name.startswith("_") and value is not None
    }
    assert own - {"default", "default_auto_field"} - set(re.findall(r"`(\w+)", REFERENCE)) == set()


def test_every_point_has_its_policy_and_its_how_to():
    assert {path.stem for path in HOW_TOS} == set(POINTS)
    for name in POINTS:
        assert re.search(rf"^\| `{name}` \|", REFERENCE, re.MULTILINE), name


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda p: p.stem)
def test_a_how_to_is_code_that_registers_and_imports_only_the_api(path, db, monkeypatch):
    source = "\n".join(re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lms"):
            assert node.module == "lms.plugin"
            assert {alias.name for alias in node.names} <= set(plugin.__all__)
    point = POINTS[path.stem]
    monkeypatch.setattr(point, "_all", list(point._all))
    if path.stem == "jobs":
        monkeypatch.setattr(point, "_every", dict(point._every))
    before = len(point.all())
    exec(  # noqa: S102
        compile(source, path.name, "exec"), {"__name__": "trainbase_sample.how_to"}
    )
    assert len(point.all()) == before + 1
    with plugin_on("north", "sample"), inside("north"):
        assert len([c for c in point.on() if c.fn.__module__ == "trainbase_sample.how_to"]) == 1
