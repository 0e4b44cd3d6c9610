"""A base goes to another cell: a second installation with a PostgreSQL server of its own."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import schema_exists, tenant_context

from certificates.external.models import ExternalKind
from certificates.external.services import Facts, record
from certificates.holders.shared.models import HolderProof
from certificates.register.checks.models import Check
from certificates.register.checks.services import API, note
from certificates.register.elsewhere import held_elsewhere, one_at_a_time
from certificates.register.models import RegisterEntry
from certificates.register.status import look_up
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from courses.directory.models import CourseListing
from lms.archive import move
from lms.demo.facts import DIVISIONS
from lms.embedded import Server
from tenants import cells, hosts, sites
from tenants.designations.models import TrainingBase
from tenants.designations.services import take_step
from tenants.jobs.worker import TenantWorker
from tenants.models import Domain, SiteChange, Tenant, Trade
from tests.cast import CENTRE, OFFICIAL, base, two
from tests.station import copy_into
from tests.story import finished

ROOT = Path(__file__).parents[2]


class Cell:
    """The second installation: server, files, and a web process when it is asked for."""

    def __init__(self, folder, ready):
        self.ready = ready
        folder.chmod(0o755)
        self.server = Server(folder / "postgres")
        self.server.ensure_started()
        where = self.server.params()
        self.database = (
            f"postgresql://{where['user']}@{str(where['host']).replace('/', '%2F')}"
            f":{where['port']}/{where['dbname']}"
        )
        self.files = folder / "files"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.list = folder / "cells.toml"
        self.web = None

    @property
    def environment(self):
        own = {k: v for k, v in os.environ.items() if k != "TRAINBASE_DATABASE"}
        return own | {
            "DATABASE_URL": self.database,
            "TRAINBASE_CELL": "east",
            "TRAINBASE_CELLS": str(self.list),
            "TRAINBASE_FILES": str(self.files),
        }

    def manage(self, *arguments):
        done = self.ready.run(["manage.py", *arguments], self.environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, sql, *values):
        with psycopg.connect(**self.server.params()) as link:
            return link.execute(sql, values).fetchall()

    def start_web(self):
        command = ["-m", "gunicorn", "lms.wsgi", "-b", f"127.0.0.1:{self.port}"]
        self.web = self.ready.start([*command, "--log-level", "error"], self.environment)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def get(self, host, path="/"):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        link.request("GET", path, headers={"Host": f"{host}:{self.port}"})
        answer = link.getresponse()
        return answer.status, answer.read().decode()

    def stop(self):
        if self.web:
            self.web.terminate()
            self.web.wait(20)
        self.server.stop()


@pytest.fixture(scope="module")
def prepared(databases, ready):
    """A cell made by the steps of docs/how-to/move-a-base.md, with a centre and no base."""
    folder = Path(tempfile.mkdtemp(prefix="trainbase-east-"))  # its owner is no root: see embedded
    cell = Cell(folder, ready)
    cell.list.write_text("")
    if databases.exists(databases.bare):  # `prepare` finds its work done, in 5 s and not in 50
        copy_into(cell.server, connection.settings_dict | {"NAME": databases.bare})
    cell.manage("prepare")
    cell.manage("divisions_load", str(DIVISIONS))
    yield cell
    cell.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def east(prepared, committed, settings, tmp_path):
    """The cell beside this one; both know each other."""
    cell, conf = prepared, connection.settings_dict
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    here = f"postgresql://{conf['USER']}@{conf['HOST'].replace('/', '%2F')}:{conf['PORT']}/"
    cell.list.write_text(
        f"""
[main]
address = "http://{{host}}:8000"
centre = "http://centre.localhost:8000"
database = "{here}{conf["NAME"]}"
files = "{tmp_path}"
[east]
address = "http://{{host}}:{cell.port}"
centre = "http://centre-east.localhost:{cell.port}"
database = "{cell.database}"
files = "{cell.files}"
"""
    )
    settings.CELLS = str(cell.list)
    os.environ["TRAINBASE_CELLS"] = str(cell.list)
    cells._read.cache_clear()
    shared = tmp_path / "shared.json"
    call_command("dumpdata", "tenants.trade", "directory.ruleset", "--natural-primary",
                 "--natural-foreign", "-o", str(shared))  # fmt: skip
    if not cell.ask("SELECT 1 FROM tenants_tenant"):
        cell.manage("loaddata", str(shared))
        cell.manage("tenant_create", "--type", "centre", "--slug", CENTRE[0], "--uscc", CENTRE[1],
                    "--name", "测试服务中心", "--division", "222401",
                    "--host", "centre-east.localhost")  # fmt: skip
    hosts.forget()
    yield cell
    os.environ.pop("TRAINBASE_CELLS")
    cells._read.cache_clear()
    hosts.forget()
    _empty(cell)


def _empty(cell):
    """As it was: a cell with a centre alone."""
    with psycopg.connect(**cell.server.params(), autocommit=True) as link:
        for (schema,) in link.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname ~ '^(moved_)?b_'"
        ).fetchall():
            link.execute(f'DROP SCHEMA "{schema}" CASCADE')
        link.execute(
            "TRUNCATE holders_shared_holderproof, checks_check, employers_confirmation, "
            "register_registerentry, register_issuerkey, designations_step, "
            "designations_designatedtrade, designations_designation, designations_trainingbase, "
            "figures_figure, shared_dossiers_registereddossier, shared_looks_baselook, "
            "directory_courselisting, directory_presence, directory_doubt, directory_fieldlag, "
            "shared_intake_yearlytraining, shared_retention_duefiles, openings_openclass, "
            "openings_villagespot, "
            "requests_plannedclass, requests_classrequest, "
            "tenants_sitechange, tenants_offseason CASCADE"
        )
        link.execute("DELETE FROM tenants_domain WHERE domain LIKE '%%north%%'")
        link.execute("DELETE FROM register_document")
        link.execute("DELETE FROM tenants_tenant WHERE type = 'base'")


@pytest.fixture
def quick(monkeypatch):
    """Nobody else remembers hosts here: no need to wait for that."""
    monkeypatch.setattr(hosts, "SECONDS", 0.1)


def settled():
    """The base's jobs are done, as a worker does them."""
    DBTaskResult.objects.all().delete()


def with_certificates(people=3):
    with tenant_context(base("north")):
        found = issue_class(finished(people=people, seed=5), None).certificates
    settled()
    return found


def test_a_base_moves_with_all_that_it_is_and_both_cells_say_so(east, quick):
    certificate, revoked, _ = with_certificates()
    with tenant_context(base("north")):
        revoke(revoked, "other", "发错了", *two())
    before = look_up(certificate.code).claims
    moved = move.move("north", "east", "运维")
    assert moved.rows > 100
    assert 0 < moved.seconds_without_reads < moved.seconds_without_writes

    tenant = base("north")
    assert (tenant.cell, tenant.moving) == ("east", "")
    assert not schema_exists("b_north")
    assert schema_exists("moved_b_north"), "kept until somebody drops it"
    assert SiteChange.objects.filter(tenant=tenant, kind="cell").get().after == "east"
    assert not CourseListing.objects.filter(tenant=tenant).exists(), "none that grows old"
    assert east.ask("SELECT cell, moving FROM tenants_tenant WHERE slug = 'north'") == [
        ("east", "")
    ]
    assert east.ask("SELECT count(*) FROM b_north.certificates_certificate") == [(3,)]

    there = f"http://north.localhost:{east.port}"
    here = Client(HTTP_HOST="north.localhost")
    assert here.get("/sewing/?a=1")["Location"] == f"{there}/sewing/?a=1"
    posted = here.post("/login/", {})
    assert (posted.status_code, posted["Location"]) == (307, f"{there}/login/")
    centre = Client(HTTP_HOST="centre.localhost")
    shown = centre.get("/bases/").content.decode()
    assert f"{there}/" in shown
    scanned = centre.get(f"/c/{certificate.code}")
    assert scanned.url == f"http://centre-east.localhost:{east.port}/c/{certificate.code}"
    asked = centre.get("/check/", {"q": certificate.number})
    assert asked.url.startswith(f"http://centre-east.localhost:{east.port}/check/?q=")
    assert look_up(certificate.code).status == "unknown", "an old row is never green"

    east.start_web()
    assert east.get("north.localhost", "/sewing/")[0] == 200
    status, page = east.get("centre-east.localhost", f"/c/{certificate.code}")
    assert status == 200
    assert "有效" in page
    assert before.holder_name in page
    assert "发错了" in east.get("centre-east.localhost", f"/c/{revoked.code}")[1]


def test_nothing_that_was_acknowledged_is_lost_and_writers_are_asked_to_wait(east, quick):
    settled()
    acknowledged, answers, stop = [], [], threading.Event()

    def write():
        """A command or job that knows nothing of the move."""
        with tenant_context(base("north")):
            while not stop.is_set():
                try:
                    with connection.cursor() as cursor:
                        cursor.execute(
                            "INSERT INTO taggit_tag (name, slug) VALUES (%s, %s) RETURNING id",
                            [f"t{len(acknowledged)}"] * 2,
                        )
                        acknowledged.append(cursor.fetchone()[0])
                except Error:
                    break
                time.sleep(0.01)
        connection.close()

    def ask():
        client = Client(HTTP_HOST="north.localhost")
        while not stop.is_set():
            answers.append((client.get("/").status_code, client.post("/i18n/setlang/").status_code))
            time.sleep(0.02)
        connection.close()

    threads = [threading.Thread(target=write), threading.Thread(target=ask)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    move.move("north", "east", "运维")
    time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert len(acknowledged) > 10
    kept = {n for (n,) in east.ask("SELECT id FROM b_north.taggit_tag")}
    assert set(acknowledged) - kept == set()
    gets, posts = [g for g, _ in answers], [p for _, p in answers]
    assert set(gets) <= {200, 302, 503}
    assert set(posts) <= {302, 307, 503}
    assert 503 in posts
    assert gets.count(200) > 10, "it is read while its rows travel"
    assert (gets[-1], posts[-1]) == (302, 307)


def test_a_base_comes_home_and_can_leave_again(east, quick):
    certificate = with_certificates()[0]
    move.move("north", "east", "运维")
    back = json.loads(east.manage("base_move", "north", "main", "--json"))
    assert back["cell"] == "main"
    tenant = base("north")
    hosts.forget()
    assert (tenant.cell, tenant.moving) == ("main", "")
    assert Client(HTTP_HOST="north.localhost").get("/sewing/").status_code == 200
    assert look_up(certificate.code).status == "valid"
    assert TrainingBase.objects.get(tenant=tenant).steps.count() == 3
    assert Domain.objects.filter(tenant=tenant).count() == 1
    assert list(SiteChange.objects.values_list("before", "after")) == [
        ("east", "main"),
        ("main", "east"),
    ]
    with tenant_context(tenant):
        more = issue_class(finished(code="T-02", people=2, seed=6), None).certificates
        assert [c.serial for c in more] == [4, 5], "numbers go on"
    settled()
    with pytest.raises(ValidationError, match="--forget"):
        move.move("north", "east", "运维")
    call_command("base_move", "north", forget=True)
    east.manage("base_move", "north", "--forget")
    assert not schema_exists("moved_b_north")
    assert move.move("north", "east", "运维").cell == "east"


def test_killed_in_the_middle_the_base_stays_whole_and_the_next_call_ends_the_move(east):
    with_certificates()
    connection.close()
    environment = os.environ | {"TRAINBASE_FILES": str(Path(east.list).parent / "none")}
    command = [sys.executable, str(ROOT / "manage.py"), "base_move", "north", "east"]
    for wait in ("writes", "held"):
        process = subprocess.Popen(command, env=environment, start_new_session=True)
        for _ in range(400):
            held = east.ask("SELECT moving FROM tenants_tenant WHERE slug = 'north'")
            if held == [("held",)] or (wait == "writes" and base("north").moving == "writes"):
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        hosts.forget()
        assert base("north").moving == "writes"
        refused = Client(HTTP_HOST="north.localhost").post("/login/")
        assert (refused.status_code, refused["Retry-After"]) == (503, "60")
        assert "没有保存" in refused.content.decode()
    assert east.ask("SELECT moving FROM tenants_tenant WHERE slug = 'north'") == [("held",)]
    call_command("base_move", "north", abort=True)
    assert Client(HTTP_HOST="north.localhost").get("/").status_code == 200
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "no writes for" in done.stdout
    assert east.ask("SELECT count(*) FROM b_north.certificates_certificate") == [(3,)]


def test_stopped_after_the_switch_the_next_call_opens_it_there(east, quick, monkeypatch):
    settled()

    def cut(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(move, "_finish", cut)
        with pytest.raises(KeyboardInterrupt):
            move.move("north", "east", "运维")
    assert base("north").cell == "east"
    assert east.ask("SELECT moving FROM tenants_tenant WHERE slug = 'north'") == [("held",)]
    with pytest.raises(ValidationError, match="not open yet"):
        move.forget("north")
    assert move.move("north", "east", "运维").cell == "east"
    assert east.ask("SELECT moving FROM tenants_tenant WHERE slug = 'north'") == [("",)]


def test_a_move_that_cannot_end_leaves_the_base_as_it_was(east, quick, monkeypatch):
    monkeypatch.setattr(move, "DRAIN", 1)
    with tenant_context(base("north")):
        from courses.models import CoursePage

        CoursePage.objects.get().save()  # Wagtail queues its own jobs
    assert DBTaskResult.objects.exists()
    with pytest.raises(ValidationError, match="jobs of this base are still open"):
        move.move("north", "east", "运维")
    settled()
    carried = move.write_archive

    def meddle(tenant, path):
        manifest = carried(tenant, path)
        with move._beside() as link:
            link.execute("UPDATE designations_trainingbase SET name = '别的名字'")
        return manifest

    monkeypatch.setattr(move, "write_archive", meddle)
    with pytest.raises(ValidationError, match="the centre changed"):
        move.move("north", "east", "运维")
    assert (base("north").cell, base("north").moving) == ("main", "")
    assert Client(HTTP_HOST="north.localhost").get("/").status_code == 200
    for wrong, said in (("west", "cells to move to: east"), ("main", "cells to move to: east")):
        with pytest.raises(ValidationError, match=said):
            move.move("north", wrong, "运维")
    with pytest.raises(ValidationError, match="no base nobody"):
        move.move("nobody", "east", "运维")


def test_what_the_centre_may_do_to_a_base_waits_or_is_done_in_the_other_cell(east, quick):
    record = TrainingBase.objects.get(tenant__slug="north")
    for changed, said in (({"moving": "writes"}, "being moved"), ({"cell": "east"}, "cell east")):
        Tenant.objects.filter(slug="north").update(**changed)
        north = base("north")
        for deed in (
            lambda: take_step(record, "warn", OFFICIAL, reason="x", document="y"),
            lambda n=north: sites.rename(n, "新名", "主任", "x"),
            lambda n=north: sites.change_host(n, "n.localhost", "主任", "x"),
            lambda n=north: sites.close(n, "主任", "x"),
        ):
            with pytest.raises(ValidationError, match=said):
                deed()
        with pytest.raises(CommandError, match=said):
            call_command("certificates_issue", "--base=north", "--class=T-01")
        Tenant.objects.filter(slug="north").update(moving="", cell="main")


def test_jobs_wait_while_a_base_is_moved_and_are_refused_when_it_is_gone(east):
    settled()
    with tenant_context(base("north")):
        from courses.models import CoursePage

        CoursePage.objects.get().save()
    row = DBTaskResult.objects.first()
    worker = TenantWorker(
        queue_names=["default"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
        startup_delay=False, max_tasks=1, worker_id="test",
    )  # fmt: skip
    Tenant.objects.filter(slug="north").update(moving="writes")
    worker.run_task(row)
    row.refresh_from_db()
    assert row.status == "READY"
    assert row.run_after > timezone.now()
    Tenant.objects.filter(slug="north").update(moving="", cell="east")
    worker.run_task(row)
    row.refresh_from_db()
    assert row.status == "FAILED"


def test_what_holders_need_moves_with_the_base(east, quick):
    certificate, _, _ = with_certificates()
    with tenant_context(base("north")):
        kind = ExternalKind.objects.get(code="health")
        day = timezone.localdate()
        record(certificate.trainee, Facts(kind, "H1", "餐饮", "疾控中心", day), None)
        last4 = certificate.trainee.id_last4
    entry = RegisterEntry.objects.select_related("tenant").get(code=certificate.code)
    note([entry], API, "延边示范电子厂")
    move.move("north", "east", "运维")

    assert not HolderProof.objects.exists() and not Check.objects.exists(), "they went along"
    assert east.ask("SELECT count(*) FROM holders_shared_holderproof") == [(3,)]
    assert east.ask("SELECT code, kind, name, times FROM checks_check") == [
        (certificate.code, "api", "延边示范电子厂", 1)
    ]
    assert east.ask("SELECT number FROM b_north.external_externalcertificate") == [("H1",)]
    at_the_door = Client(HTTP_HOST="centre.localhost").post(
        "/my/", {"code": certificate.code, "last4": last4}
    )
    assert f"http://centre-east.localhost:{east.port}/my/" in at_the_door.content.decode()
    others, silent = held_elsewhere(bytes(entry.person))
    assert [held.number for held in others] == [certificate.number] and silent == []
    assert others[0].address.endswith(f"/c/{certificate.code}")


def test_one_person_gets_one_certificate_of_a_project_across_cells(east, quick):
    held = with_certificates()[0]
    move.move("north", "east", "运维")
    with tenant_context(base("south")):
        done = issue_class(finished(people=3, seed=5), None)
        assert done.certificates == []
        refused = [v for c in done.refused for v in c.refusals]
        assert {v.rule for v in refused} == {"once_per_person_and_project"}
        assert held.number in {v.value for v in refused}
    with psycopg.connect(**east.server.params(), autocommit=True) as link:
        link.execute(
            "UPDATE register_registerentry SET status = 'revoked', revoked_on = now(), reason = 'x'"
        )
    with tenant_context(base("south")):
        done = issue_class(_the_class(), None)
        assert len(done.certificates) == 3, "revoked there, so that it may be issued here"


def _the_class():
    from courses.models import TrainingClass

    return TrainingClass.objects.get()


def test_a_register_that_does_not_answer_refuses_and_says_why(east, quick):
    text = east.list.read_text().replace(east.database, "postgresql://x@127.0.0.1:1/x")
    east.list.write_text(text)
    cells._read.cache_clear()
    with tenant_context(base("south")):
        done = issue_class(finished(people=1, seed=5), None)
        assert done.certificates == []
        assert {v.rule for c in done.refused for v in c.refusals} == {"other_registers"}
    assert RegisterEntry.objects.count() == 0


def test_two_cells_issue_to_one_person_one_after_the_other(east):
    order = []

    def second():
        with one_at_a_time(b"p", "x"):
            order.append("second")

    with one_at_a_time(b"p", "x"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_the_host_map_is_printed_for_people_programs_and_nginx(east, capsys):
    Tenant.objects.filter(slug="north").update(cell="east")
    call_command("cells", json=True)
    data = json.loads(capsys.readouterr().out)
    assert data["cells"] == {"main": 1, "east": 1}
    assert data["hosts"]["north.localhost"] == "east"
    call_command("cells", nginx=True)
    assert "    north.localhost east;" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "[east",
        "[east]\nadress = 'x'",
        "[east]\naddress = 'https://{nobody}'",
        "[east]\naddress = 'javascript:alert(1)'",
        "east = 1",
    ],
)
def test_a_file_of_cells_that_cannot_be_read_says_what_is_wrong(settings, tmp_path, text):
    path = tmp_path / "cells.toml"
    path.write_text(text)
    settings.CELLS = str(path)
    with pytest.raises(ImproperlyConfigured, match=r" / "):
        cells.all_cells()


def test_a_base_of_a_cell_that_nobody_knows_says_so_and_chooses_no_tenant(db):
    Tenant.objects.filter(slug="north").update(cell="nowhere")
    hosts.forget()
    answer = Client(HTTP_HOST="north.localhost").get("/")
    assert answer.status_code == 503
    hosts.forget()
    assert Trade.objects.exists()
