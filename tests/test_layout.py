"""The rooms are where the map says, and none has grown into a hall."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APPS = ("lms", "tenants", "courses", "certificates")
TOP = {*APPS, "templates", "tests", "plugins", "script", "bench", "docs", "locale"}


def tracked():
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in done.stdout.splitlines()]


def test_the_top_level_holds_what_the_map_names():
    folders = {path.parts[0] for path in tracked() if len(path.parts) > 1}
    assert {name for name in folders if not name.startswith(".")} <= TOP


@pytest.mark.parametrize("app", APPS)
def test_no_room_is_a_drawer_for_everything(app):
    names = {path.stem for path in (ROOT / app).rglob("*.py")}
    assert not names & {"utils", "helpers", "common_utils", "misc"}


@pytest.mark.parametrize("app", APPS)
def test_no_file_is_longer_than_a_person_reads(app):
    for path in (ROOT / app).rglob("*.py"):
        if "migrations" not in path.parts:
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 320, path


def test_no_migration_has_a_name_that_says_nothing():
    assert not [p for p in tracked() if "migrations" in p.parts and "_auto_" in p.name]
