"""The server of tests is nobody's: it ends with the last run, and never is the one of var/postgres."""

from pathlib import Path

import psycopg
import pytest

from lms.plugin.testing import scratch
from lms.plugin.testing.scratch import Scratch


@pytest.fixture(params=["memory", "disk"])
def place(request, open_path, monkeypatch):
    """Where there is room in memory, and where there is none."""
    for name in ("var", "shm"):
        (open_path / name).mkdir()
    monkeypatch.setattr(scratch, "VAR", open_path / "var")
    monkeypatch.setattr(scratch, "MEMORY", open_path / "shm")
    monkeypatch.setattr(scratch, "ROOM", 0 if request.param == "memory" else 1 << 60)
    return open_path / ("shm" if request.param == "memory" else "var")


def names(server):
    with psycopg.connect(server.url) as link:
        return {name for (name,) in link.execute("SELECT datname FROM pg_database")}


def make(server, *found):
    with psycopg.connect(server.url, autocommit=True) as link:
        for name in found:
            link.execute(f'CREATE DATABASE "{name}"')


def test_it_runs_until_the_last_one_leaves_and_its_templates_are_there_again(place):
    first, second = Scratch(), Scratch()
    first.enter()
    second.enter()
    assert Path(first.root).is_relative_to(place)
    make(first, "kept", "kept_run_1")
    first.changed()
    first.leave()
    assert second.is_running()
    second.leave()
    assert not second.is_running()
    assert list((place.parent / "shm").iterdir()) == [], "memory is given back"
    third = Scratch()
    third.enter()
    try:
        assert "kept" in names(third)
        assert "kept_run_1" not in names(third), "of a run that was cut off"
    finally:
        third.leave()


def test_only_memory_is_written_without_waiting_for_it(place):
    found = Scratch()
    found.enter()
    try:
        with psycopg.connect(found.url) as link:
            said = [
                link.execute(f"SHOW {name}").fetchone()[0] for name in ("fsync", "full_page_writes")
            ]
        assert said == ["off" if place.name == "shm" else "on", "on"]
    finally:
        found.leave()
