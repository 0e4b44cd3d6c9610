"""The data folder is destroyed, a server is killed: every acknowledged row comes back."""

import os
import shutil
import signal

import psycopg
import pytest

from lms import backup
from lms.embedded import EmbeddedError, Server


@pytest.fixture
def server(open_path):
    found = Server(open_path / "postgres")
    found.ensure_started()
    ask(found, "CREATE TABLE kept (n int)")
    yield found
    found.stop()


def ask(server, sql):
    with psycopg.connect(**server.params(), autocommit=True) as link:
        cursor = link.execute(sql)
        return [row[0] for row in cursor.fetchall()] if cursor.description else None


def kill(server):
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def test_what_was_written_after_the_copy_comes_back_too_with_the_files(server, open_path):
    files = open_path / "media"
    files.mkdir()
    (files / "a.txt").write_text("a")
    copy = open_path / "copy"
    stream = backup.start_stream(server, copy, synchronous=True)
    ask(server, "INSERT INTO kept VALUES (1)")
    backup.backup(server, copy, [files])
    for n in (2, 3):
        ask(server, f"INSERT INTO kept VALUES ({n})")
    kill(server)
    stream.wait(30)
    shutil.rmtree(server.data)
    shutil.rmtree(files)
    assert backup.restore(server, copy, [files]) is None
    assert ask(server, "SELECT n FROM kept ORDER BY n") == [1, 2, 3]
    assert (files / "a.txt").read_text() == "a"
    ask(server, "INSERT INTO kept VALUES (4)")  # it is a server like any other now


def test_what_stood_there_is_kept_beside(server, open_path):
    backup.backup(server, open_path / "copy", [])
    ask(server, "INSERT INTO kept VALUES (9)")
    kept = backup.restore(server, open_path / "copy", [])
    assert kept is not None
    assert (kept / "PG_VERSION").exists()
    assert ask(server, "SELECT n FROM kept") == []


def test_a_folder_without_a_backup_changes_nothing(server, open_path):
    with pytest.raises(EmbeddedError, match="没有备份"):
        backup.restore(server, open_path / "nothing", [])
    assert ask(server, "SELECT count(*) FROM kept") == [0]


def test_a_copy_that_was_cut_off_is_found_out_and_the_one_before_stays(
    server, open_path, monkeypatch
):
    copy = open_path / "copy"
    backup.backup(server, copy, [])
    before = (copy / "base" / "backup_label").read_bytes()
    run = Server.run

    def cut(self, name, *arguments, **options):
        done = run(self, name, *arguments, **options)
        with (copy / "base.draft" / "PG_VERSION").open("a") as file:
            file.write("x")
        return done

    monkeypatch.setattr(Server, "run", cut)
    with pytest.raises(EmbeddedError, match="不完整"):
        backup.backup(server, copy, [])
    assert (copy / "base" / "backup_label").read_bytes() == before


def test_a_replica_takes_over_with_every_acknowledged_row(server, open_path):
    replica = Server(open_path / "replica")
    backup.make_replica(server, replica)
    backup.set_synchronous(server, backup.STREAM)
    for n in range(20):
        ask(server, f"INSERT INTO kept VALUES ({n})")
    kill(server)
    backup.promote(replica)
    assert ask(replica, "SELECT n FROM kept ORDER BY n") == list(range(20))
    ask(replica, "INSERT INTO kept VALUES (99)")
    replica.stop()
