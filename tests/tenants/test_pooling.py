"""PgBouncer: session mode serves, transaction mode would leak and is refused at the start."""

import os
import shutil
import subprocess
import time

import psycopg
import pytest
from django.db import connection

from lms.database import server
from lms.plugin.testing.fixtures import free_port
from tenants.pooling import UnsafePool, refuse_transaction_pooling

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


@pytest.fixture
def pool(committed, open_path):
    """`pool("session")` puts a PgBouncer between Django and its database."""
    assert PROGRAM, "apt-get install pgbouncer"
    kept = dict(connection.settings_dict)
    children = []

    def start(mode):
        port = free_port()
        folder = open_path / mode
        folder.mkdir()
        (folder / "users.txt").write_text(f'"{kept["USER"]}" ""\n')
        (folder / "pool.ini").write_text(
            "[databases]\n"
            f"* = host={kept['HOST']} port={kept['PORT']} user={kept['USER']}\n"
            "[pgbouncer]\n"
            f"listen_addr = 127.0.0.1\nlisten_port = {port}\nauth_type = any\n"
            f"auth_file = {folder}/users.txt\npool_mode = {mode}\nunix_socket_dir =\n"
            "default_pool_size = 5\nignore_startup_parameters = extra_float_digits,options\n"
        )
        folder.chmod(0o755)
        owner = server().owner  # PgBouncer refuses root, as PostgreSQL does
        options = {}
        if os.geteuid() == 0:
            options = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        command = [PROGRAM, "-q", str(folder / "pool.ini")]
        children.append(subprocess.Popen(command, cwd="/", **options))
        connection.close()
        connection.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(port)}
        for _ in range(100):
            try:
                connection.ensure_connection()
                return
            except Exception:  # noqa: BLE001  (not up yet)
                time.sleep(0.1)

    yield start
    connection.close()
    connection.settings_dict.update(kept)
    for child in children:
        child.terminate()
        child.wait(10)


def schemas_seen():
    """Whether two plain connections, each with its own schema set, keep it when they take turns."""
    conf = connection.settings_dict
    address = {"host": conf["HOST"], "port": conf["PORT"], "user": conf["USER"]}
    address |= {"dbname": conf["NAME"], "autocommit": True}
    with psycopg.connect(**address) as north, psycopg.connect(**address) as south:
        both = ((north, "b_north"), (south, "b_south"))
        for link, schema in both:
            link.execute(f"SET search_path = {schema}")
        return [link.execute("SELECT current_schema()").fetchone()[0] == s for link, s in both]


def test_without_a_pool_and_in_session_mode_the_start_is_allowed(pool):
    refuse_transaction_pooling()
    pool("session")
    refuse_transaction_pooling()
    assert schemas_seen() == [True, True]


def test_in_transaction_mode_rows_would_leak_and_the_start_is_refused(pool):
    pool("transaction")
    assert False in schemas_seen(), "one connection reads in the other's schema"
    with pytest.raises(UnsafePool, match="session"):
        refuse_transaction_pooling()
