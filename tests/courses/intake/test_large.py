"""Rosters of thousands: jobs that may be left, found again, and killed anywhere."""

import os
import signal
import subprocess
import sys
import time
import zlib
from collections import Counter
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django_tenants.utils import tenant_context

from certificates.standing.services.rebuild import rebuild
from courses.intake.models import EnrolmentChange, RosterPart
from courses.intake.services import parts, rosters
from courses.intake.services.parts import ErrorsFirst
from courses.intake.shared.models import YearlyTraining
from courses.models import Enrolment, RosterImport
from courses.services.sealed_rosters import seal, unseal
from tenants.jobs import services as jobs
from tenants.jobs.models import JobRun
from tests.cast import base
from tests.courses.intake.people import a_new_class, clerk, designated_places
from tests.story import ids, workbook

ROOT = Path(__file__).parents[3]


def roster(people, bad=0, seed=7):
    """The bad ones at the end."""
    rows = [(f"学员{n}", number) for n, number in enumerate(ids(people, seed), 1)]
    return workbook([*rows, *[(f"错误{n}", "12") for n in range(bad)]])


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of ten: a roster of forty is a large one."""
    monkeypatch.setattr(parts, "SIZE", 10)
    monkeypatch.setattr(rosters, "AT_ONCE", 10)


def test_a_small_file_is_read_and_imported_at_once(north):
    kept = rosters.take_in(a_new_class(), "r.xlsx", roster(3, bad=1), clerk())
    assert kept.state == "preview"
    assert rosters.confirm(kept, clerk()) is None
    kept.refresh_from_db()
    assert (kept.state, kept.imported, kept.refused) == ("confirmed", 3, 1)
    assert not JobRun.objects.exists()


def test_a_large_file_is_read_and_imported_by_jobs_with_progress(north, small_parts):
    opened = a_new_class()
    kept = rosters.take_in(opened, "r.xlsx", roster(35, bad=2), clerk())
    assert kept.state == "reading"
    assert not RosterPart.objects.exists()
    run = rosters.run_of(kept)
    jobs.perform(run)
    run.refresh_from_db()
    kept.refresh_from_db()
    assert (run.state, run.done, kept.state) == ("done", 37, "preview")
    assert kept.parts.count() == 4
    assert not Enrolment.objects.exists(), "a preview is nobody's place"
    run = rosters.confirm(kept, clerk())
    assert rosters.confirm(kept, clerk()) == run, "two clerks start one job"
    jobs.perform(run)
    kept.refresh_from_db()
    assert (kept.state, kept.imported, kept.refused) == ("confirmed", 35, 2)
    assert opened.enrolments.on_roll().count() == 35
    with pytest.raises(rosters.AlreadyConfirmed):
        rosters.confirm(kept, clerk())


def test_the_refused_come_first_and_a_page_opens_only_the_parts_it_shows(
    north, small_parts, monkeypatch
):
    kept = rosters.take_in(a_new_class(), "r.xlsx", roster(35, bad=2), clerk())
    jobs.perform(rosters.run_of(kept))
    opened = []
    real = parts.rows_of
    monkeypatch.setattr(parts, "rows_of", lambda part: opened.append(part.number) or real(part))
    rows = ErrorsFirst(kept)
    assert len(rows) == 37
    assert [row.name for row in rows[:3]] == ["错误0", "错误1", "学员1"]
    assert set(opened) == {4, 1}
    assert [row.name for row in rows[20:24]] == ["学员19", "学员20", "学员21", "学员22"]
    assert len(rows[0:100]) == 37
    assert len(ErrorsFirst(kept, "reject")) == 2
    assert [row.name for row in ErrorsFirst(kept, "accept")[34:40]] == ["学员35"]


def test_a_person_twice_in_one_file_is_found_across_parts(north, small_parts):
    numbers = ids(15)
    rows = [(f"学员{n}", number) for n, number in enumerate([*numbers, numbers[0]], 1)]
    kept = rosters.take_in(a_new_class(), "r.xlsx", workbook(rows), clerk())
    jobs.perform(rosters.run_of(kept))
    [doubled] = ErrorsFirst(kept, "reject")[:5]
    assert (doubled.row, doubled.codes) == (17, ("duplicate_other_name",))


def test_who_joined_meanwhile_is_refused_in_the_import_and_not_doubled(north, small_parts):
    opened = a_new_class()
    kept = rosters.take_in(opened, "r.xlsx", roster(25), clerk())
    jobs.perform(rosters.run_of(kept))
    other = rosters.take_in(opened, "b.xlsx", roster(3), clerk(), at_once=True)
    rosters.confirm(other, clerk(), at_once=True)
    jobs.perform(rosters.confirm(kept, clerk()))
    kept.refresh_from_db()
    assert (kept.imported, kept.refused) == (22, 3)
    assert opened.enrolments.count() == 25
    assert {row.codes for row in ErrorsFirst(kept, "reject")[:3]} == {("already_in_class",)}


def test_an_import_that_fails_in_the_middle_goes_on_when_it_is_started_again(
    north, small_parts, monkeypatch
):
    opened = a_new_class()
    kept = rosters.take_in(opened, "r.xlsx", roster(35), clerk())
    jobs.perform(rosters.run_of(kept))
    run = rosters.confirm(kept, clerk())
    real, calls = rosters._import_part, []

    def broken(kept, part, by):
        calls.append(part.number)
        if len(calls) == 3:
            raise RuntimeError("the disk is full")
        real(kept, part, by)

    monkeypatch.setattr(rosters, "_import_part", broken)
    with pytest.raises(RuntimeError):
        jobs.perform(run)
    kept.refresh_from_db()
    assert (kept.state, opened.enrolments.count()) == ("importing", 20)
    monkeypatch.setattr(rosters, "_import_part", real)
    again = rosters.confirm(kept, clerk())
    assert again != run
    jobs.perform(again)
    assert opened.enrolments.count() == 35
    assert rebuild(check=True).differences == []


def test_parts_that_were_kept_before_they_were_compressed_are_read(north):
    kept = rosters.take_in(a_new_class(), "r.xlsx", roster(3, bad=1), clerk())
    part = kept.parts.get()
    rows = parts.rows_of(part)
    part.rows_sealed = seal(zlib.decompress(unseal(bytes(part.rows_sealed))))
    part.save()
    assert parts.rows_of(kept.parts.get()) == rows and len(rows) == 4
    rosters.confirm(kept, clerk())
    assert Enrolment.objects.count() == 3


def test_a_worker_that_is_killed_leaves_whole_parts_and_the_next_one_goes_on(
    committed, monkeypatch
):
    """Four parts of five hundred; the worker dies after the first, in the middle of another."""
    monkeypatch.setattr(parts, "SIZE", 500)  # of the reading: an import takes them as they lie
    designated_places(5000)
    people = 2000
    with tenant_context(base("north")):
        opened = a_new_class()
        kept = rosters.take_in(opened, "r.xlsx", roster(people), clerk())
        read = rosters.run_of(kept)
        jobs.perform(read)
        kept.refresh_from_db()
        assert kept.state == "preview"
        run = rosters.confirm(kept, clerk())

    def inside():
        with tenant_context(base("north")):
            return Enrolment.objects.count()

    connection.close()
    command = [sys.executable, str(ROOT / "manage.py"), "worker", "--interval", "0.1"]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(2400):
        if inside() >= 500:
            break
        time.sleep(0.02)
    time.sleep(0.1)  # into the next part
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    before = inside()
    assert 500 <= before < people, "the kill must hit the middle"
    assert before % 500 == 0, "never half a part"
    again = subprocess.run([*command[:3], "--batch"], capture_output=True, timeout=180, check=False)
    assert again.returncode == 0
    with tenant_context(base("north")):
        kept.refresh_from_db()
        assert (kept.state, kept.imported) == ("confirmed", people)
        assert JobRun.objects.get(pk=run.pk).state == "done"
        persons = Counter(Enrolment.objects.values_list("trainee", flat=True))
        assert len(persons) == people
        assert set(persons.values()) == {1}
        assert EnrolmentChange.objects.count() == people
        assert rebuild(check=True).differences == []
    assert YearlyTraining.objects.count() == people


def test_a_clerk_uploads_a_large_roster_leaves_and_finds_it_again(visit, small_parts):
    with tenant_context(base("north")):
        a_new_class()
    browser = visit("north", "clerk")
    file = SimpleUploadedFile("大名单.xlsx", roster(25, bad=1))
    answer = browser.post("/desk/classes/N-01/roster/", {"file": file})
    assert answer.url.startswith("/desk/jobs/")
    assert "读取花名册" in browser.get("/desk/").content.decode(), "found again"
    with tenant_context(base("north")):
        kept = RosterImport.objects.get()
        waits = browser.get(f"/desk/imports/{kept.pk}/").content.decode()
        assert "读取中" in waits
    with tenant_context(base("north")):
        jobs.perform(JobRun.objects.get())
    page = browser.get(f"/desk/imports/{kept.pk}/").content.decode()
    listed = page[page.index("verdict=accept") :]
    assert listed.index("错误0") < listed.index("学员1")
    answer = browser.post(f"/desk/imports/{kept.pk}/")
    assert answer.url.startswith("/desk/jobs/")
    with tenant_context(base("north")):
        jobs.perform(JobRun.objects.latest("pk"))
    page = browser.get(f"/desk/imports/{kept.pk}/").content.decode()
    assert "已导入 25 人，退回 1 行" in page
