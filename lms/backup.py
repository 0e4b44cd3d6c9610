"""Nothing lost: copies of the embedded server, its stream of changes, and the way back.

A backup is a folder: `base/` is a copy of the data as PostgreSQL makes it, `wal/` the changes since,
`files/` the pictures and papers. The stream writes `wal/` while the server runs; with
`synchronous` a commit is acknowledged only when the stream has it on disk, so that nothing that was
acknowledged can be lost with the data folder. Without it the last moment can (what the drill in
`script/bench durability` prints). The keys of the installation are in none of it: keep them apart.
"""

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import psycopg

from lms.embedded import EmbeddedError, Server

SLOT = "trainbase_backup"
STREAM = "trainbase_stream"  # the name by which a synchronous commit waits for the stream


def _for_owner(server: Server, folder: Path) -> Path:
    """A folder that the user who runs PostgreSQL may write."""
    folder = folder.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, server.owner.pw_uid, server.owner.pw_gid)
    folder.chmod(0o700)
    return folder


def _where(server: Server) -> list[str]:
    params = server.params()
    return ["-h", params["host"], "-p", str(params["port"]), "-U", params["user"]]


def _done(done: Any, zh: str, en: str) -> None:
    if done.returncode:
        raise EmbeddedError(f"{zh} / {en}:\n{done.stdout[-1000:]}")


def backup(server: Server, target: Path, files: list[Path]) -> None:
    """Copy the running server and `files` (folders) to `target`; replaces the copy before.

    The new copy stands before the old one goes: a kill in the middle leaves one that works.
    """
    home = _for_owner(server, target)
    draft, base, old = home / "base.draft", home / "base", home / "base.old"
    shutil.rmtree(draft, ignore_errors=True)
    _done(
        server.run(
            *("pg_basebackup", *_where(server), "-D", str(draft), "-X", "stream"),
            *("-c", "fast", "--manifest-checksums", "SHA256"),
        ),
        "备份失败",
        "the backup failed",
    )
    _verify(draft)
    shutil.rmtree(old, ignore_errors=True)
    if base.exists():
        base.rename(old)
    draft.rename(base)
    shutil.rmtree(old, ignore_errors=True)
    for folder in files:
        if folder.is_dir():
            shutil.copytree(folder, home / "files" / folder.name, dirs_exist_ok=True)


def _verify(copy: Path) -> None:
    """Compare every file with the manifest that PostgreSQL wrote beside the copy.

    The wheel's own pg_verifybackup crashes (measured with version 18.4), so that it is done here.
    """
    listed = json.loads((copy / "backup_manifest").read_bytes())["Files"]
    for entry in listed:
        path = copy / entry["Path"]
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != entry["Checksum"]:
            raise EmbeddedError(f"备份不完整：{entry['Path']} / the copy is not whole")


def start_stream(server: Server, target: Path, synchronous: bool) -> subprocess.Popen[bytes]:
    """Write every change to `target`/wal from now on, in a process that the caller ends.

    A slot on the server keeps the changes while nobody reads them.
    """
    wal = _for_owner(server, _for_owner(server, target) / "wal")
    with psycopg.connect(**server.params(), autocommit=True) as link:
        kept = link.execute("SELECT 1 FROM pg_replication_slots WHERE slot_name = %s", [SLOT])
        if kept.fetchone() is None:
            link.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
    params = server.params()
    conn = f"host={params['host']} port={params['port']} user={params['user']}"
    stream = subprocess.Popen(
        [
            *(str(server.binary("pg_receivewal")), "-D", str(wal), "--slot", SLOT),
            *("-d", f"{conn} application_name={STREAM}", "--synchronous", "--no-loop"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        **server.as_owner(),
    )
    wait_for_stream(server)
    set_synchronous(server, STREAM if synchronous else "")
    return stream


def wait_for_stream(server: Server, name: str = STREAM) -> None:
    """Until the receiver called `name` has caught up. Raises EmbeddedError after 30 s."""
    with psycopg.connect(**server.params(), autocommit=True) as link:
        for _ in range(300):
            found = link.execute(
                "SELECT 1 FROM pg_stat_replication WHERE application_name = %s "
                "AND state = 'streaming'",
                [name],
            )
            if found.fetchone():
                return
            time.sleep(0.1)
    raise EmbeddedError("变更流没有连上 / the stream of changes did not connect")


def set_synchronous(server: Server, name: str) -> None:
    """Commits wait for the receiver called `name`; for nobody when it is empty."""
    with psycopg.connect(**server.params(), autocommit=True) as link:
        value = f"'{name}'" if name else "''"
        link.execute(f"ALTER SYSTEM SET synchronous_standby_names = {value}")
        link.execute("SELECT pg_reload_conf()")


def restore(server: Server, source: Path, files: list[Path]) -> Path | None:
    """Put the backup and all changes after it in the place of the server's data.

    What stood there is kept beside it, and returned. Raises EmbeddedError when `source` is none.
    """
    source = source.absolute()
    if not (source / "base" / "PG_VERSION").exists():
        raise EmbeddedError(f"{source} 里没有备份 / there is no backup in {source}")
    server.stop()
    kept = None
    if server.data.exists():
        kept = server.data.with_name(f"data.before-{time.strftime('%Y%m%d-%H%M%S')}")
        server.data.rename(kept)
    server.prepare()
    shutil.copytree(source / "base", server.data)
    wal = source / "wal"
    # The last segment is still called partial: it holds the newest changes.
    command = f'cp "{wal}/%f" "%p" 2>/dev/null || cp "{wal}/%f.partial" "%p"'
    with (server.data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
        conf.write(f"\nsynchronous_standby_names = ''\nrestore_command = '{command}'\n")
        conf.write("recovery_target_timeline = 'latest'\n")
    (server.data / "recovery.signal").touch()
    for path in (server.data, *server.data.rglob("*")):
        if os.geteuid() == 0:
            os.chown(path, server.owner.pw_uid, server.owner.pw_gid, follow_symlinks=False)
    server.data.chmod(0o700)
    server.ensure_started()
    _wait_until_open(server)
    for folder in files:
        copy = source / "files" / folder.name
        if copy.is_dir():
            shutil.copytree(copy, folder, dirs_exist_ok=True)
    return kept


def _wait_until_open(server: Server) -> None:
    with psycopg.connect(**server.params(), autocommit=True) as link:
        for _ in range(600):
            row = link.execute("SELECT pg_is_in_recovery()").fetchone()
            if row and not row[0]:
                break
            time.sleep(0.1)
        else:
            raise EmbeddedError("恢复没有结束 / the recovery did not end")
        link.execute("ALTER SYSTEM RESET restore_command")
        link.execute("ALTER SYSTEM RESET recovery_target_timeline")
        link.execute("SELECT pg_reload_conf()")


def make_replica(primary: Server, replica: Server) -> None:
    """A second server that follows the first; `replica` must not exist yet."""
    replica.prepare()
    _done(
        primary.run(
            "pg_basebackup",
            *_where(primary),
            "-D",
            str(replica.data),
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
        ),
        "副本建立失败",
        "the replica could not be made",
    )
    params = primary.params()
    with (replica.data / "postgresql.auto.conf").open("a", encoding="utf-8") as conf:
        conf.write(
            f"\nprimary_conninfo = 'host={params['host']} port={params['port']} "
            f"user={params['user']} application_name={STREAM}'\n"
        )
    replica.ensure_started()
    wait_for_stream(primary)


def promote(replica: Server) -> None:
    """Make the replica the server that is written to."""
    _done(
        replica.run("pg_ctl", "-D", str(replica.data), "-w", "promote"),
        "副本没有接管",
        "the replica was not promoted",
    )
    set_synchronous(replica, "")
