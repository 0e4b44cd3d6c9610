"""Real processes: commands, two issuers at once, a worker killed in the middle."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import authenticate
from django.db import connection
from django_tenants.utils import tenant_context

from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from tenants.jobs.models import JobRun
from tenants.jobs.services import start
from tests.cast import SECRET, base
from tests.story import a_class, finished, ids, workbook

ROOT = Path(__file__).parents[2]


def manage(*arguments, **options):
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


@pytest.fixture
def run(ready):
    """A command's exit code, what it said as JSON, and its error."""

    def command(*arguments):
        done = ready.run(["manage.py", *arguments])
        return done.returncode, json.loads(done.stdout or "{}"), done.stderr

    return command


def test_two_processes_issue_two_classes_at_once_and_no_number_is_doubled_or_skipped(committed):
    with tenant_context(base("north")):
        for n in (1, 2):
            finished(code=f"T-0{n}", people=8, seed=n)
    connection.close()
    both = [
        manage("certificates_issue", "--base", "north", "--class", f"T-0{n}", "--json")
        for n in (1, 2)
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    with tenant_context(base("north")):
        serials = sorted(Certificate.objects.values_list("serial", flat=True))
        assert serials == list(range(1, 17))
    assert RegisterEntry.objects.count() == 16


def test_a_worker_killed_in_the_middle_leaves_every_certificate_exactly_once(committed):
    with tenant_context(base("north")):
        training_class = finished(people=12)
        run_id = start("certificates.issue", "x", {"class": training_class.pk}, None).pk

    def issued():
        with tenant_context(base("north")):
            return Certificate.objects.count()

    killed = manage("worker", "--interval", "0.1")
    for _ in range(600):
        if issued() >= 3:
            break
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    before = issued()
    assert 3 <= before < 12, "the kill must hit the middle"
    assert manage("worker", "--batch").wait(120) == 0
    with tenant_context(base("north")):
        certificates = list(Certificate.objects.all())
        assert sorted(c.serial for c in certificates) == list(range(1, 13))
        assert set(Counter(c.enrolment_id for c in certificates).values()) == {1}
        assert all(c.pdf_sha256 for c in certificates)
        assert JobRun.objects.get(pk=run_id).state == "done"
    assert RegisterEntry.objects.count() == 12


@pytest.fixture
def issued(committed, run):
    with tenant_context(base("north")):
        finished(people=2, scores={1: ("10", "10")})
    status, said, _ = run("certificates_issue", "--base", "north", "--class", "T-01", "--json")
    assert status == 0
    return said


def test_a_certificate_is_issued_verified_and_written_by_command(issued, run, tmp_path):
    [certificate], [refused] = issued["issued"], issued["refused"]
    assert refused["verdicts"][0]["threshold"] == "60"
    for text in (certificate["code"], certificate["number"]):
        status, said, _ = run("certificate_verify", text, "--json")
        assert (status, said["status"]) == (0, "valid")
        assert said["claims"]["holder_name"] == certificate["name"]
    one, two = tmp_path / "1.pdf", tmp_path / "2.pdf"
    assert run("certificate_pdf", certificate["code"], str(one), "--json")[0] == 0
    assert run("certificate_pdf", certificate["number"], str(two), "--json")[0] == 0
    assert one.read_bytes() == two.read_bytes()


def test_a_command_that_could_not_do_it_ends_with_an_error_that_says_what_to_do(
    committed, run, tmp_path
):
    status, said, error = run("certificate_verify", "NOSUCHCODE", "--json")
    assert (status, said["status"]) == (1, "unknown")
    status, said, error = run("roster_import", "--base", "nowhere", "--class", "x", "f", "--json")
    assert status == 1
    assert "north" in said["error"]
    assert "没有基地" in error


def test_a_roster_is_imported_by_command_after_a_dry_run_that_writes_nothing(
    committed, run, tmp_path
):
    with tenant_context(base("north")):
        a_class(people=1)
    file = tmp_path / "r.xlsx"
    file.write_bytes(workbook([("新人", ids(1, seed=9)[0]), ("坏号", "123")]))
    arguments = ["roster_import", "--base", "north", "--class", "T-01", str(file), "--json"]
    status, dry, _ = run(*arguments, "--dry-run")
    assert (status, dry["imported"], dry["importable"]) == (0, 0, 1)
    status, said, _ = run(*arguments)
    assert [(r["row"], r["name"], r["verdict"]) for r in said["rows"]] == [
        (2, "新人", "accept"),
        (3, "坏号", "reject"),
    ]
    assert {"row", "name", "verdict", "codes", "reason"} == set(said["rows"][0])
    again = run(*arguments)[1]
    assert again["rows"][0]["codes"] == ["already_in_class"]


def test_a_base_is_made_by_command_and_has_a_site_of_its_own(committed, run):
    arguments = ["tenant_create", "--type", "base", "--slug", "west", "--name", "西基地"]
    arguments += [
        "--uscc",
        "12222400MB00000229",
        "--division",
        "222405",
        "--manager",
        "wang",
        "--json",
    ]
    status, said, error = run(*arguments)
    assert status == 0, error
    assert said["url"] == "http://west.localhost:8000/"
    with tenant_context(base("west")):
        from wagtail.models import Site

        assert Site.objects.get().hostname == "west.localhost"
        wang = authenticate(username="wang", password=said["password"])
        assert wang.has_perm("courses.view_trainingclass")
        assert not wang.is_superuser
        assert not wang.has_perm("certificates.issue_certificate"), "not yet: no second factor"
        TOTP.activate(wang, SECRET)
        secured = authenticate(username="wang", password=said["password"])
        assert secured.has_perm("certificates.issue_certificate")
    status, said, _ = run(*arguments)
    assert status == 1
    assert "taken" in said["error"]
