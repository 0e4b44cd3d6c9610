"""The PostgreSQL of tests: in memory where there is room, and gone with the last run that uses it.

Never the server of `var/postgres`, which holds what a person entered. Making and dropping thousands
of files an hour is what a disk is slow at: a copy of the template takes 0.1 s here and 3 s there.
What is worth keeping, the templates, waits for the next run in one file.
"""

import fcntl
import hashlib
import os
import shutil
import tarfile
from pathlib import Path

import psycopg

from lms.database import VAR
from lms.embedded import Server

MEMORY = Path("/dev/shm")
ROOM = 2 << 30  # bytes
#: A run that is cut off is run again, so nothing waits for a disk. Whatever is killed, the pages are
#: whole: only the machine's end could lose some, and that takes the memory too.
HASTE = {"synchronous_commit": "off", "autovacuum": "off", "jit": "off", "max_connections": "120"}


def _folder():
    name = f"trainbase-tests-{os.getuid()}-{hashlib.sha256(os.fsencode(VAR)).hexdigest()[:12]}"
    there = MEMORY / name
    if there.exists():
        return there
    try:
        free = shutil.disk_usage(MEMORY).free
    except OSError:
        free = 0
    return there if free > ROOM else VAR / "tests"


class Scratch(Server):
    """Used between `enter` and `leave`, by any number of runs beside each other."""

    def __init__(self):
        folder = _folder()
        self.in_memory = folder.parent == MEMORY
        haste = HASTE | ({"fsync": "off"} if self.in_memory else {})
        super().__init__(folder / "postgres", haste)
        self.users = VAR / "tests.lock"

    @property
    def url(self):
        host = str(self.socket_folder).replace("/", "%2F")
        found = self.params()
        return f"postgresql://{found['user']}@{host}:{found['port']}/{found['dbname']}"

    def enter(self):
        VAR.mkdir(parents=True, exist_ok=True)
        self.hold = os.open(self.users, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(self.hold, fcntl.LOCK_SH)
        self.ensure_started()

    def leave(self):
        """The last one stops it."""
        os.close(self.hold)
        self.sweep()

    @property
    def _mark(self):
        return self.root.parent / "changed"

    def changed(self):
        """There is a new template to keep."""
        self._mark.touch()

    def sweep(self):
        """Stop it unless somebody uses it."""
        VAR.mkdir(parents=True, exist_ok=True)
        with self.users.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            if self._mark.exists() and self.is_running():
                self._drop_copies()
            self.stop()
            if self.in_memory and self.data.exists():
                if self._mark.exists():
                    self._keep()
                shutil.rmtree(self.root.parent)

    def _drop_copies(self):
        """Those that a run left when it was cut off."""
        with psycopg.connect(**self.params(), autocommit=True) as link:
            found = link.execute("SELECT datname FROM pg_database WHERE datname LIKE '%\\_run\\_%'")
            for (name,) in found.fetchall():
                link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    @property
    def _kept(self):
        """In one file, whatever is worth it; one version of PostgreSQL reads no other's."""
        return VAR / f"tests-{self.binary('').parent.name}.tar"

    def _keep(self):
        draft = self._kept.with_suffix(".draft")
        with tarfile.open(draft, "w") as file:
            file.add(self.data, "data")
        draft.rename(self._kept)

    def _initialise(self):
        if self.in_memory and self._kept.exists() and not self.data.exists():
            draft = self.data.with_name("kept.draft")
            shutil.rmtree(draft, ignore_errors=True)
            with tarfile.open(self._kept) as file:
                file.extractall(draft, filter="fully_trusted")
            (draft / "data").rename(self.data)
        super()._initialise()


if __name__ == "__main__":  # stops it, unless a run uses it
    Scratch().sweep()
