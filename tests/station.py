"""A base on a machine of its own: a PostgreSQL and web servers that may be killed at any moment."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg

from lms.embedded import Server
from tests.faults import FaultProxy

ROOT = Path(__file__).parents[1]
#: What the log comes to once all is read; run as a process of the station's own database.
VERDICT = """
import django, json
django.setup()
from django_tenants.utils import tenant_context
from tenants.models import Tenant
from courses.fieldlog.models import FieldEvent, Reading
from courses.fieldlog.services.project import digest, read_pending, rebuild
with tenant_context(Tenant.objects.get(slug="{slug}")):
    read_pending()
    read = Reading.objects.count() == FieldEvent.objects.count()
    print(json.dumps(read and digest() == rebuild()))
"""


def copy_into(server, conf):
    """The whole database of Django's settings `conf`, schemas and all, into another server's empty one."""
    where = server.params()
    given = ("-h", conf["HOST"], "-p", str(conf["PORT"]), "-U", conf["USER"])
    here = ("-h", where["host"], "-p", str(where["port"]), "-U", where["user"])
    with tempfile.TemporaryDirectory() as folder:
        kept = f"{folder}/copy"
        for program, *more in (
            ("pg_dump", *given, "-Fc", "-Z0", "-f", kept, conf["NAME"]),
            ("pg_restore", *here, "-d", where["dbname"], "--no-owner", kept),
        ):
            command = [str(server.binary(program)), *map(str, more)]
            subprocess.run(command, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


class Web:
    """One gunicorn, in a process group of its own."""

    def __init__(self, env, files):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = probe.getsockname()
        command = [sys.executable, "-m", "gunicorn", "lms.wsgi:application", "--threads", "4"]
        command += ["--preload"]  # a worker that was killed is there again at once
        command += ["--bind", f"127.0.0.1:{self.address[1]}", "--log-level", "critical"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=env, start_new_session=True, stderr=files
        )

    @property
    def answers(self):
        """An open port proves nothing: the master has it before a worker is there."""
        link = http.client.HTTPConnection(*self.address, timeout=5)
        try:
            link.request("GET", "/api/field/v1/status", headers={"Host": "north.localhost"})
            return link.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()

    def kill_worker(self):
        """All that handles a request; the master makes a new one."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        for pid in children.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def kill(self):
        """Master and workers, in the middle of whatever they do."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Station:
    """Starts with a copy of the database that Django has now. `port` is the same after any kill:
    a proxy leads to the web server that lives.
    """

    def __init__(self, spares=1):
        from django.conf import settings
        from django.db import connection

        conf = dict(connection.settings_dict)
        connection.close()
        self.folder = Path(tempfile.mkdtemp(prefix="trainbase-station-"))
        self.folder.chmod(0o755)
        self.log = open(self.folder / "web.log", "wb")  # noqa: SIM115  (as long as the station)
        self.server = Server(self.folder / "postgres")
        self.server.ensure_started()
        copy_into(self.server, conf)
        where = self.server.params()
        own = {k: v for k, v in os.environ.items() if k != "TRAINBASE_DATABASE"}
        self.env = own | {
            "DJANGO_SETTINGS_MODULE": "lms.settings",
            "DATABASE_URL": f"postgresql://{where['user']}@{str(where['host']).replace('/', '%2F')}"
            f":{where['port']}/{where['dbname']}",
            "TRAINBASE_FILES": str(self.folder / "files"),
            "TRAINBASE_HOSTS": ",".join(settings.ALLOWED_HOSTS),
        }
        self.webs = [Web(self.env, self.log) for _ in range(1 + spares)]
        self.proxy = FaultProxy(self.webs[0].address)
        self.port = self.proxy.port
        self._wait()

    def _wait(self):
        ends = time.monotonic() + 120
        while not self.webs[0].answers:
            assert time.monotonic() < ends, (self.folder / "web.log").read_text()[-2000:]
            if self.webs[0].process.poll() is not None:  # it met a database that was starting
                self.webs[0] = Web(self.env, self.log)
            time.sleep(0.05)
        self.proxy.target = self.webs[0].address

    def kill_worker(self):
        self.webs[0].kill_worker()
        self._wait()

    def kill_web(self):
        """The next one takes over, as a service manager would see to."""
        self.webs.pop(0).kill()
        self.webs.append(Web(self.env, self.log))
        self._wait()

    def kill_database(self):
        """SIGKILL to the postmaster; it comes back by its own recovery."""
        pid = int((self.server.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        self.server.ensure_started()

    def ask(self, statement, *values):
        with psycopg.connect(**self.server.params()) as link:
            return link.execute(statement, values).fetchall()

    def log_is_whole(self, slug="north"):
        """Everything is read, and the log alone gives the same projection."""
        done = subprocess.run(
            [sys.executable, "-c", VERDICT.replace("{slug}", slug)],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def close(self):
        self.proxy.close()
        for web in self.webs:
            web.kill()
        self.server.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def lost_and_doubled(station, schema, syncs):
    """(acknowledged, lost, doubled): hashes that a phone was told of and the log has not, and numbers
    that stand in the log more than once.
    """
    rows = station.ask(
        f"SELECT encode(e.hash, 'hex'), d.uuid, e.seq FROM {schema}.fieldlog_fieldevent e"
        f" JOIN {schema}.fieldlog_device d ON d.id = e.device_id"
    )
    stored = {name for name, _, _ in rows}
    acknowledged = set().union(*(sync.acknowledged for sync in syncs))
    doubled = len(rows) - len({(device, seq) for _, device, seq in rows})
    return len(acknowledged), len(acknowledged - stored), doubled
