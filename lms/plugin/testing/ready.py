"""A process that has read the site's code once, and from which the programs of tests are started.

To read Django, Wagtail and the site takes a processor some six seconds, and a test of the browser starts
two such programs. Here each is a copy, by fork, of one that has read them; what it then runs is the same
file with the same arguments and environment as from a shell. What a test says of the start itself
(plugins that refuse it, settings that do not go together) starts real ones.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]


class Program:
    """What was started: as much of `subprocess.Popen` as tests use. Its exit code is not known."""

    def __init__(self, pid):
        self.pid = pid
        self._descriptor = os.pidfd_open(pid)

    def poll(self):
        ended, _, _ = select.select([self._descriptor], [], [], 0)
        return 0 if ended else None

    def wait(self, timeout=None):
        ended, _, _ = select.select([self._descriptor], [], [], timeout)
        if not ended:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)
        return 0

    def send_signal(self, which):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, which)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def __del__(self):
        os.close(self._descriptor)


class Ready:
    """The process in which the code is read; one for each run of tests, started when first asked."""

    def __init__(self):
        self._link = None

    def start(self, arguments, env=None, told=None):
        """Run `arguments`, as after `python`, from the root of the project; gives a Program. `told` is a
        folder for what it says: `out`, `err`, and at the end its exit code in `code`.
        """
        if self._link is None:
            self._open()
        asked = {"arguments": [str(each) for each in arguments], "told": told}
        asked["env"] = dict(os.environ if env is None else env)
        self._link.write(json.dumps(asked) + "\n")
        self._link.flush()
        return Program(int(self._link.readline()))

    def run(self, arguments, env=None, timeout=300):
        """As `subprocess.run` with its output captured as text; -9 for one that was killed."""
        with tempfile.TemporaryDirectory() as folder:
            self.start(arguments, env, folder).wait(timeout)
            out, err = (Path(folder, name).read_text(encoding="utf-8") for name in ("out", "err"))
            code = Path(folder, "code")
            ended = int(code.read_text()) if code.exists() else -signal.SIGKILL
            return subprocess.CompletedProcess(arguments, ended, out, err)

    def _open(self):
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "lms.plugin.testing.ready", str(theirs.fileno())],
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )
        self._link = ours.makefile("rw")
        ours.close()

    def stop(self):
        if self._link is not None:
            self._link.close()
            self._process.wait(20)
            self._link = None


def _read_the_code():
    """All that a server or a worker reads before its first request."""
    import gunicorn.app.wsgiapp
    import gunicorn.workers.gthread  # noqa: F401
    from django.conf import settings
    from django.db import connections
    from django.urls import get_resolver

    import lms.wsgi  # noqa: F401

    for kind in settings.TENANT_TYPES.values():
        _ = get_resolver(kind["URLCONF"]).reverse_dict
    connections.close_all()  # a copy would speak on its parent's


def _become(asked):
    """In the copy: take over the environment, say anew what settings read of it, and run."""
    os.environ.clear()
    os.environ.update(asked["env"])
    _settings_of_the_environment()
    arguments = asked["arguments"]
    import runpy

    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")


def _settings_of_the_environment():
    from django.conf import settings
    from django.core.signals import setting_changed
    from django.db import connection

    now = importlib.reload(sys.modules[os.environ["DJANGO_SETTINGS_MODULE"]])
    for name in filter(str.isupper, dir(now)):
        value = getattr(now, name)
        if name == "DATABASES":
            connection.settings_dict |= value["default"]
        elif getattr(settings, name) != value:
            setattr(settings, name, value)
            setting_changed.send(None, setting=name, value=value, enter=True)


def _run(asked):
    """Does not come back: what is above it in this process belongs to the parent."""
    code, told = 1, asked["told"]
    for name, descriptor in (("out", 1), ("err", 2)) if told else ():
        os.dup2(os.open(Path(told, name), os.O_CREAT | os.O_WRONLY, 0o600), descriptor)
    try:
        _become(asked)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except Exception:  # noqa: BLE001  (a copy has nobody who would catch it)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        if told:
            Path(told, "code").write_text(str(code))
        os._exit(code)


def main():
    _read_the_code()
    # Whoever is started is a child of this process: nobody asks for its exit code.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    with socket.socket(fileno=int(sys.argv[1])) as link, link.makefile("rw") as lines:
        for line in lines:
            if not (pid := os.fork()):
                link.detach()
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                _run(json.loads(line))
            lines.write(f"{pid}\n")
            lines.flush()


if __name__ == "__main__":
    main()
