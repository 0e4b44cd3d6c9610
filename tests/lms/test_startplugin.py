"""`startplugin` makes a distribution, or nothing; tests/test_tutorial.py runs the tests of one."""

import json
import tomllib
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lms.plugin import starting
from tests.authoring import Author


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path)


def start(name, folder):
    out = StringIO()
    call_command("startplugin", name, folder=folder, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_its_wheel_has_all_of_its_package_and_the_compiled_messages(author, tmp_path):
    folder = tmp_path / "new"
    made = start("class_hold", folder)
    assert sorted(made["files"]) == sorted(str(p) for p in folder.rglob("*") if p.is_file())
    package = folder / "trainbase_class_hold"
    wanted = {str(p.relative_to(folder)) for p in package.rglob("*") if p.is_file()}
    mo = "trainbase_class_hold/locale/en/LC_MESSAGES/django.mo"
    assert set(author.install(folder)) >= wanted | {mo}


def test_nothing_in_it_is_left_to_be_filled_in(tmp_path):
    for path in start("class_hold", tmp_path / "new")["files"]:
        text = Path(path).read_text(encoding="utf-8")
        assert "NAME" not in path
        assert not starting.WORD.findall(text), path
        if path.endswith(".py"):
            compile(text, path, "exec")


def test_it_is_for_this_version_and_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "VERSION", "3.7.2")
    start("class_hold", tmp_path / "new")
    project = tomllib.loads((tmp_path / "new" / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["trainbase>=3.7,<3.9"]
    assert project["name"] == "trainbase-class-hold"


BAD = {
    "Hold": "lower-case",
    "h": "2 to 40",
    "x" * 41: "2 to 40",
    "class": "a word of Python's own",
    "sample": "a plugin sample is installed",
    "courses": "the core has the name courses",
    "desk": "the core has the name desk",
    "plugins": "the core has the name plugins",
    "../hold": "lower-case",
}


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, name):
    with pytest.raises(CommandError, match=BAD[name]) as refused:
        start(name, tmp_path / "new")
    assert " / " in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "new", tmp_path / "file"):
        with pytest.raises(CommandError, match="is no empty folder"):
            start("class_hold", place)
    assert [p.name for p in sorted(tmp_path.rglob("*"))] == ["file", "new", "mine"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "new").mkdir()
    start("class_hold", tmp_path / "new")
    assert (tmp_path / "new" / "pyproject.toml").exists()


def test_what_fails_in_the_middle_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "LICENSE", tmp_path / "gone")
    with pytest.raises(FileNotFoundError):
        start("class_hold", tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="cannot write to"):
        start("class_hold", tmp_path / "file" / "new")
