"""What the code offers is in the reference, and the reference promises nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
APPS = ("lms", "tenants", "courses", "certificates")


def read(name):
    return (REFERENCE / name).read_text(encoding="utf-8")


def sources():
    return [p for app in APPS for p in (ROOT / app).rglob("*.py")]


def test_every_command_is_described():
    commands = {p.stem for p in sources() if p.parent.name == "commands" and p.stem != "__init__"}
    described = set(re.findall(r"^\| `(\w+)|, `(\w+) [A-Z]", read("commands.md"), re.MULTILINE))
    assert commands == {name for pair in described for name in pair if name}


def test_every_setting_of_the_environment_is_described():
    used = set()
    for path in [*sources(), *(ROOT / "bench").glob("*.py")]:
        used |= set(re.findall(r'"(TRAINBASE_\w+)"', path.read_text(encoding="utf-8")))
    described = set(re.findall(r"\| `(TRAINBASE_\w+)`", read("settings.md")))
    assert used == described


def test_every_dependency_has_its_line_of_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = read("dependencies.md")
    names = [re.split(r"[\[<>=]", line)[0] for line in project["dependencies"]]
    assert [name for name in names if name not in text] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("docs/**/*.md")), ids=lambda p: p.name)
def test_no_link_of_a_page_leads_nowhere(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (path.parent / target).exists(), target


def test_no_link_of_the_front_pages_leads_nowhere():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:\s]+)\)", text):
            assert (ROOT / target).exists(), (name, target)
