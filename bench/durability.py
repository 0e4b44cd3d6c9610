"""Drills: the data folder is destroyed, the first server is killed; is every acknowledged row there?"""

import os
import random
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from lms import backup
from lms.embedded import Server

SECONDS = float(os.environ.get("BENCH_SECONDS", "6"))
WRITERS = 4


def _write_until(server: Server, stop: threading.Event, acknowledged: list[int]) -> None:
    """Insert numbers one by one; a number counts when its commit was answered."""
    draw = random.Random()
    try:
        with psycopg.connect(**server.params(), autocommit=True) as link:
            while not stop.is_set():
                number = draw.getrandbits(62)
                link.execute("INSERT INTO kept VALUES (%s)", [number])
                acknowledged.append(number)
    except psycopg.Error:
        return  # the server is gone: what was answered before counts


def _postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def _disaster(server: Server, after: Callable[[], None]) -> list[int]:
    """Writers at work, then kill -9 of the whole server in the middle; what was acknowledged."""
    stop, acknowledged = threading.Event(), [[] for _ in range(WRITERS)]
    threads = [
        threading.Thread(target=_write_until, args=(server, stop, kept)) for kept in acknowledged
    ]
    for thread in threads:
        thread.start()
    time.sleep(SECONDS)
    os.kill(_postmaster(server), signal.SIGKILL)
    after()
    stop.set()
    for thread in threads:
        thread.join(30)
    return [number for kept in acknowledged for number in kept]


def _missing(server: Server, acknowledged: list[int]) -> int:
    with psycopg.connect(**server.params()) as link:
        there = {n for (n,) in link.execute("SELECT n FROM kept")}
    return len(set(acknowledged) - there)


def _restored(say: Callable[..., bool], folder: Path, synchronous: bool) -> bool:
    server = Server(folder / "primary")
    server.ensure_started()
    with psycopg.connect(**server.params(), autocommit=True) as link:
        link.execute("CREATE TABLE kept (n bigint)")
    copy = folder / "backup"
    stream = backup.start_stream(server, copy, synchronous)
    backup.backup(server, copy, [])
    try:
        acknowledged = _disaster(server, lambda: None)
    finally:
        stream.wait(30)
    time.sleep(1)  # children of the killed server end by themselves
    shutil.rmtree(server.data)
    began = time.perf_counter()
    backup.restore(server, copy, [])
    took = time.perf_counter() - began
    lost = _missing(server, acknowledged)
    server.stop()
    return say(
        name=f"data folder destroyed, {'synchronous' if synchronous else 'plain'} stream",
        value=lost,
        unit="acknowledged rows lost",
        acknowledged=len(acknowledged),
        writers=WRITERS,
        seconds_to_restore=round(took, 1),
        loss_window="none" if synchronous else "what the stream had not read at the kill",
        bar=0 if synchronous else None,
        ok=not synchronous or lost == 0,
    )


def _promoted(say: Callable[..., bool], folder: Path) -> bool:
    primary, replica = Server(folder / "first"), Server(folder / "second")
    primary.ensure_started()
    with psycopg.connect(**primary.params(), autocommit=True) as link:
        link.execute("CREATE TABLE kept (n bigint)")
    backup.make_replica(primary, replica)
    backup.set_synchronous(primary, backup.STREAM)
    acknowledged = _disaster(primary, lambda: None)
    began = time.perf_counter()
    backup.promote(replica)
    took = time.perf_counter() - began
    lost = _missing(replica, acknowledged)
    with psycopg.connect(**replica.params(), autocommit=True) as link:
        link.execute("INSERT INTO kept VALUES (0)")  # it is written to now
    replica.stop()
    return say(
        name="first server killed, replica promoted",
        value=lost,
        unit="acknowledged rows lost",
        acknowledged=len(acknowledged),
        writers=WRITERS,
        seconds_to_promote=round(took, 1),
        bar=0,
        ok=lost == 0,
    )


def run(say: Callable[..., bool]) -> bool:
    good = True
    for drill in (
        lambda folder: _restored(say, folder, synchronous=True),
        lambda folder: _restored(say, folder, synchronous=False),
        lambda folder: _promoted(say, folder),
    ):
        folder = Path(tempfile.mkdtemp(prefix="trainbase-drill-"))
        folder.chmod(0o755)
        try:
            good &= drill(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return good
