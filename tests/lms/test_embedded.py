import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from lms.embedded import Server


@pytest.fixture
def server(open_path):
    found = Server(open_path / "postgres")
    yield found
    found.stop()


def ask(server, sql):
    with psycopg.connect(**server.params(), autocommit=True) as link:
        cursor = link.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def postmaster(server):
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def test_a_second_start_is_harmless_and_the_server_never_runs_as_root(server):
    server.ensure_started()
    first = postmaster(server)
    server.ensure_started()
    assert postmaster(server) == first
    assert Path(f"/proc/{first}").stat().st_uid != 0


def test_what_was_committed_survives_a_kill_of_the_server(server):
    server.ensure_started()
    ask(server, "CREATE TABLE kept AS SELECT 42 AS n")
    os.kill(postmaster(server), signal.SIGKILL)
    server.ensure_started()
    assert ask(server, "SELECT n FROM kept") == 42


def test_a_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(server):
    server.ensure_started()
    text = (server.data / "postmaster.pid").read_text()
    server.stop()
    (server.data / "postmaster.pid").write_text(text.replace(text.split("\n")[0], str(os.getpid())))
    server.ensure_started()
    assert server.is_running()


def test_a_server_whose_socket_was_removed_is_started_anew(server):
    server.ensure_started()
    for left in server.socket_folder.glob(".s.PGSQL.*"):
        left.unlink()
    server.ensure_started()
    assert server.is_running()


def test_two_starters_at_the_same_time_both_find_it_running(server):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda root: Server(root).ensure_started(), [server.root] * 2))
    assert server.is_running()


def test_a_long_path_gets_a_short_socket(open_path):
    found = Server(open_path / ("deep" * 20) / "postgres")
    assert len(os.fsencode(found.socket_folder)) < 80


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_runs_one_too(open_path):
    folder = open_path / "ordinary"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        found = Server(folder / "postgres")
        found.ensure_started()
        works = found.is_running()
        found.stop()
        os._exit(0 if works else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
