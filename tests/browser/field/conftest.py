"""A base whose server can be stopped and started, and phones that belong to it."""

import os
import time
import urllib.request

import pytest
from django_tenants.utils import tenant_context

from courses.fieldlog.services.enrol import new_ticket
from lms.plugin.testing.fixtures import free_port
from tenants.staff.models import User
from tests.browser.field.handset import Handset
from tests.cast import base
from tests.story import a_class


class Station:
    """The base's web server, on one port and one database, whatever happens to its process."""

    def __init__(self, ready):
        self.ready, self.port = ready, free_port()
        self.process = None
        self.start()

    @property
    def url(self):
        return f"http://north.localhost:{self.port}"

    def start(self):
        command = ["gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--threads", "4", "--log-level", "error", "--graceful-timeout", "1"]
        env = os.environ | {"TRAINBASE_PORT": str(self.port)}
        self.process = self.ready.start(["-m", *command], env)
        host = {"Host": f"north.localhost:{self.port}"}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/field/sw.js", headers=host)
        for _ in range(300):
            try:
                urllib.request.urlopen(asked, timeout=60).close()  # it listens before it can answer
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("the web server does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def today(request, django_db_setup, databases, django_db_blocker):
    """A class of five (or of the file's PEOPLE) whose first session is held today, in a database that the tests of a file
    share, as its server does: each test has phones of its own.
    """
    before = databases.connection.settings_dict["NAME"]
    name = f"{databases.template}_run_{os.getpid()}_field"
    with django_db_blocker.unblock():
        databases.copy(name)
        with tenant_context(base("north")):
            a_class(people=getattr(request.module, "PEOPLE", 5), days_ago=0)
        databases.connection.close()
        yield name
        databases.use(before)
        databases.drop(name)


@pytest.fixture(scope="module")
def station(today, ready):
    found = Station(ready)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def ticket(today):
    """`ticket()` is what the clerk's QR holds."""

    def make():
        with tenant_context(base("north")):
            clerk = User.objects.get(username="clerk")
            return new_ticket(User.objects.get(username="trainer"), clerk)

    return make


@pytest.fixture
def handset(chromium, station):
    """`handset()` is a new phone; `handset(width=1280)` a computer."""
    made = []

    def make(width=390, **more):
        found = Handset(chromium, station.url, width, **more)
        made.append(found)
        return found

    yield make
    for each in made:
        each.context.close()
    faults = [fault for each in made for fault in each.faults]
    assert faults == []
