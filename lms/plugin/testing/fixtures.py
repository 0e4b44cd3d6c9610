"""Fixtures of the tests of the core and of plugins: `pytest_plugins` of their first conftest.py.

One migrated database with the cast, made once and copied: for each run, and for each test that
commits. Django is read inside the fixtures: pytest reads this module before it has settings.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tenants.plugins.discover import discover

ROOT = Path(__file__).parents[3]
# Chromium's driver runs an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Processes that a test starts know the same plugins: their tables are in the test's database.
os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)


def _digest():
    """Changes when the template must be made anew."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    watched = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
    names = ("lms/plugin/testing/cast.py", "lms/roles.py", "lms/settings.py")
    watched += [ROOT / name for name in names]
    watched += [ROOT / "tenants/provisioning.py", ROOT / "var/keys.json"]
    watched += ROOT.glob("*/*/services.py")
    watched += [*ROOT.glob("*/models.py"), *ROOT.glob("*/models/*.py")]
    watched += [*ROOT.glob("plugins/*/*/migrations/*.py"), *ROOT.glob("plugins/*/*/apps.py")]
    installed = [(plugin.name, plugin.version) for plugin in discover(set(), "0")]
    digest.update(repr(installed).encode())
    for path in sorted(watched):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class Databases:
    """Copies of the template, by plain SQL beside Django's connection."""

    def __init__(self):
        from django.db import connection

        self.connection = connection
        conf = connection.settings_dict
        self.original = conf["NAME"]
        self.template = f"trainbase_test_{_digest()}"
        self.link = psycopg.connect(
            host=conf["HOST"] or None,
            port=conf["PORT"] or None,
            user=conf["USER"] or None,
            password=conf["PASSWORD"] or None,
            dbname="postgres",
            autocommit=True,
        )

    def exists(self, name):
        found = self.link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    def copy(self, name):
        self.drop(name)
        self.link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        self.use(name)

    def drop(self, name):
        self.link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def use(self, name):
        self.connection.close()
        self.connection.settings_dict["NAME"] = name
        os.environ["TRAINBASE_DATABASE"] = name  # for processes that a test starts
        self.connection.set_schema_to_public()

    def make_template(self):
        from lms.plugin.testing.cast import build
        from tenants.provisioning import prepare_database

        draft = f"{self.template}_draft"
        self.drop(draft)
        self.link.execute(f'CREATE DATABASE "{draft}"')
        self.use(draft)
        prepare_database()
        build()
        self.connection.close()
        old = self.link.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'trainbase_test_%%' "
            "AND datname <> %s AND datname NOT LIKE '%%_run_%%'",
            [draft],
        ).fetchall()
        for (name,) in old:
            self.drop(name)
        self.link.execute(f'ALTER DATABASE "{draft}" RENAME TO "{self.template}"')


@pytest.fixture(scope="session")
def databases(django_db_blocker):
    """Starts the server: a run of pure rules alone never does."""
    from lms.database import ensure_server

    ensure_server()
    with django_db_blocker.unblock():
        found = Databases()
        found.link.execute("SELECT pg_advisory_lock(7238)")  # two runs beside each other
        if not found.exists(found.template):
            found.make_template()
        found.link.execute("SELECT pg_advisory_unlock(7238)")
    return found


@pytest.fixture(scope="session")
def django_db_setup(databases, django_db_blocker, tmp_path_factory):
    """Every test of the run that rolls back uses this copy."""
    from django.conf import settings

    name = f"{databases.template}_run_{os.getpid()}"
    files = tmp_path_factory.mktemp("files")
    os.environ["TRAINBASE_FILES"] = str(files)
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = files / "media", files / "private"
    with django_db_blocker.unblock():
        databases.copy(name)
    yield
    with django_db_blocker.unblock():
        databases.connection.close()
        databases.drop(name)


@pytest.fixture
def committed(django_db_setup, databases, django_db_blocker):
    """A database of its own for a test that commits, or that other processes look into."""
    before = databases.connection.settings_dict["NAME"]
    name = f"{databases.template}_run_{os.getpid()}_own"
    with django_db_blocker.unblock():
        databases.copy(name)
        yield name
        databases.use(before)
        databases.drop(name)


@pytest.fixture
def north(db):
    """Inside the base north, in a transaction that is rolled back."""
    from lms.plugin.testing import inside, tenant_of

    with inside("north"):
        yield tenant_of("north")


@pytest.fixture
def south(db):
    from lms.plugin.testing import inside, tenant_of

    with inside("south"):
        yield tenant_of("south")


@pytest.fixture
def visit(db):
    """`visit("north", "clerk")` is a browser of that base's clerk; without a role, a stranger."""
    from django.test import Client

    from lms.plugin.testing import inside
    from tenants.staff.models import User

    def client(slug, role=""):
        found = Client(HTTP_HOST=f"{slug}.localhost")
        if role:
            with inside(slug):
                found.force_login(User.objects.get(username=role))
        return found

    return client


@pytest.fixture(autouse=True)
def _in_public():
    yield
    from django.db import connection

    connection.set_schema_to_public()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def site(committed):
    """Web server and worker on a database of their own; gives `url(slug, path)`."""
    from django.db import connection

    connection.close()
    port = str(free_port())
    env = os.environ | {"TRAINBASE_PORT": port}
    web = [sys.executable, "-m", "gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    children = [
        subprocess.Popen([*web, "--threads", "4", "--log-level", "error"], cwd=ROOT, env=env),
        subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.2", "-v", "0"],
            cwd=ROOT,
            env=env,
        ),
    ]
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                break
        time.sleep(0.1)
    yield lambda slug, path="/": f"http://{slug}.localhost:{port}{path}"
    for child in children:
        child.terminate()
    for child in children:
        child.wait(20)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
