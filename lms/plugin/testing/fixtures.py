"""Fixtures of the tests of the core and of plugins: `pytest_plugins` of their first conftest.py.

One migrated database with the cast, made once and copied: for each run, and for each test that
commits. Django is read inside the fixtures: pytest reads this module before it has settings.
"""

import http.client
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
# Chromium's driver runs an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
# Where nothing is written beside the sources, every process that a test starts would compile them all.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(ROOT / "var" / "bytecode"))
# Processes that a test starts know the same plugins: their tables are in the test's database.
os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)


def _static_files():
    """Those of the plugins too; Django has read by now which there were."""
    from django.contrib.staticfiles.storage import staticfiles_storage

    from lms.static import collect_static

    if collect_static():
        found = staticfiles_storage.load_manifest()
        staticfiles_storage.hashed_files, staticfiles_storage.manifest_hash = found


@pytest.fixture(scope="session")
def _server():
    """That of DATABASE_URL, or one for tests: a run of pure rules alone starts none."""
    from django.db import connection

    from lms.database import is_embedded
    from lms.plugin.testing.scratch import Scratch

    if not is_embedded():
        yield None
        return
    scratch = Scratch()
    scratch.enter()
    os.environ["DATABASE_URL"] = scratch.url  # for processes that a test starts
    params = scratch.params()
    connection.settings_dict |= {"HOST": params["host"], "PORT": str(params["port"])}
    yield scratch
    connection.close()
    scratch.leave()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    """As the site keeps them, but with rounds that nobody has to wait for."""
    from django.conf import settings
    from django.contrib.auth import hashers

    settings.PASSWORD_HASHERS = ["lms.plugin.testing.cast.QuickHasher"]
    hashers.get_hashers.cache_clear()
    hashers.get_hashers_by_algorithm.cache_clear()


@pytest.fixture(scope="session")
def databases(_server, django_db_blocker):
    from lms.plugin.testing.databases import Databases

    with django_db_blocker.unblock():
        found = Databases()
        found.link.execute("SELECT pg_advisory_lock(7238)")  # runs beside each other
        _static_files()
        if not found.exists(found.template):
            found.make_template()
            if _server:
                _server.changed()
        found.link.execute("SELECT pg_advisory_unlock(7238)")
    yield found
    found.link.close()


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


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker):
    """A transaction around those of a file's tests. A fixture of the file writes into it what all of
    them begin with; each test's own changes are rolled back. Not beside `committed`.
    """
    from django.db import transaction

    with django_db_blocker.unblock():
        around = transaction.atomic()
        around.__enter__()
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


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


@pytest.fixture
def open_path():
    """As `tmp_path`, for servers that run as another user: pytest shuts its own folders to others,
    those of the runs beside it too, whenever a run begins.
    """
    with tempfile.TemporaryDirectory(prefix="trainbase-") as found:
        Path(found).chmod(0o755)
        yield Path(found)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def ready():
    """`ready.start(["-m", "gunicorn", ...])` in a fraction of a second."""
    from lms.plugin.testing.ready import Ready

    found = Ready()
    yield found
    found.stop()


@pytest.fixture
def site(committed, ready):
    """Web server and worker on a database of their own; gives `url(slug, path)`."""
    from django.db import connection

    connection.close()
    port = str(free_port())
    env = os.environ | {"TRAINBASE_PORT": port}
    web = ["-m", "gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    children = [
        ready.start([*web, "--threads", "4", "--log-level", "error"], env),
        ready.start(["manage.py", "worker", "--interval", "0.2", "-v", "0"], env),
    ]
    for _ in range(300):
        link = http.client.HTTPConnection("127.0.0.1", int(port), timeout=120)
        try:  # it listens before it can answer
            link.request("GET", "/field/sw.js", headers={"Host": f"north.localhost:{port}"})
            link.getresponse().read()
            break
        except OSError:
            time.sleep(0.1)
        finally:
            link.close()
    yield lambda slug, path="/": f"http://{slug}.localhost:{port}{path}"
    for child in children:
        child.terminate()
    for child in children:
        child.wait(20)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    from lms.plugin.testing.clicks import wait_for_what_they_open

    wait_for_what_they_open()
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
