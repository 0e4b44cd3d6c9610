"""Everything `script/run` starts after the set-up: database, demo, static files, web and worker."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from lms import backup, database
from lms.embedded import EmbeddedError
from lms.static import collect_static

PORT = os.environ.get("TRAINBASE_PORT", "8000")
MANAGE = [sys.executable, str(database.ROOT / "manage.py")]
MARKER = database.VAR / "postgres.started-by-run"
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WEB = [
    *(sys.executable, "-m", "gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{PORT}"),
    *("--workers", "1", "--threads", "8", "--timeout", "60", "--log-level", "warning"),
]


def die_with_parent() -> None:
    """Ask the kernel to end this child when its parent dies, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def start_database() -> bool:
    """Start the embedded server; True when it is ours to stop.

    The marker tells a server that an earlier, killed run has left from one that somebody else
    started.
    """
    if not database.is_embedded() or (database.server().is_running() and not MARKER.exists()):
        return False
    database.ensure_server()
    MARKER.touch()
    return True


def _stream(folder: Path) -> subprocess.Popen[bytes]:
    """Keep the backup in `folder` up to the last change; a first copy is made when there is none."""
    server = database.server()
    stream = backup.start_stream(server, folder, synchronous=False)
    if not (folder / "base").exists():
        backup.backup(server, folder, [database.VAR / "media", database.VAR / "private"])
    return stream


def main() -> int:
    """Serve until Ctrl-C or a stop signal; returns the exit code."""
    children: list[subprocess.Popen[bytes]] = []
    ours = False

    def stop(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in STOPS:
        signal.signal(number, stop)
    try:
        ours = start_database()
        collect_static()
        subprocess.run([*MANAGE, "demo"], check=True)
        # Of their own session: Ctrl-C comes to us alone, and we end them in order.
        for command in (WEB, [*MANAGE, "worker", "-v", "0"]):
            children.append(
                subprocess.Popen(
                    command,
                    start_new_session=True,
                    cwd=database.ROOT,
                    preexec_fn=die_with_parent,  # noqa: PLW1509  (this process has one thread)
                )
            )
        if (folder := os.environ.get("TRAINBASE_BACKUP")) and database.is_embedded():
            children.append(_stream(Path(folder)))
        print(f"\n运行中，按 Ctrl-C 停止 / serving on port {PORT}; Ctrl-C stops", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        return 1
    except KeyboardInterrupt:
        return 0
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    finally:
        for number in STOPS:
            signal.signal(number, signal.SIG_IGN)
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
        if ours:
            database.server().stop()
            MARKER.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
