"""Every schema current, with the least looking; a base that fails stops no other."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from tenants import migrating
from tenants.provisioning import TEMPLATE
from tests.cast import base

ROOT = Path(__file__).parents[2]
BASES = ("b_north", "b_south")


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall() if cursor.description else None


def put_back(*schemas):
    """As a deploy finds them: the last app's tables and its record are not there yet."""
    for schema in schemas:
        for table in ("paper", "wantedtrade", "sitecheck", "application"):
            sql(f'DROP TABLE "{schema}".applications_{table} CASCADE')
        sql(f"DELETE FROM \"{schema}\".django_migrations WHERE app = 'applications'")
        sql(f'COMMENT ON SCHEMA "{schema}" IS NULL')


def has_tables(schema):
    return sql("SELECT to_regclass(%s)", f"{schema}.applications_paper")[0][0] is not None


def manage(*arguments):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_one_query_tells_who_is_behind(db):
    migrating.wanted()
    assert migrating.is_current(TEMPLATE)
    with CaptureQueriesContext(connection) as asked:
        assert migrating.behind() == []
    assert len([q for q in asked if "search_path" not in q["sql"]]) == 1
    sql("COMMENT ON SCHEMA b_south IS 'migrations:another'")
    assert migrating.behind() == ["b_south"]


def test_bases_that_are_behind_are_migrated_side_by_side_and_the_template_is_left_alone(committed):
    put_back(*BASES)
    connection.close()
    process = manage("migrate_bases", "--json")
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err.decode()
    assert sorted(json.loads(out)["migrated"]) == list(BASES)
    assert all(has_tables(schema) for schema in BASES)
    assert migrating.behind() == []


def test_a_base_that_fails_is_named_and_stops_no_other(committed):
    put_back(*BASES)
    sql("CREATE TABLE b_north.applications_application (in_the_way int)")
    connection.close()
    process = manage("migrate_bases", "--json")
    out, _ = process.communicate(timeout=180)
    said = json.loads(out)
    assert process.returncode == 1
    assert said["migrated"] == ["b_south"]
    assert "already exists" in said["failed"]["b_north"]
    assert migrating.behind() == ["b_north"], "it is tried again next time"
    with tenant_context(base("south")):
        from tenants.staff.models import User

        assert User.objects.exists(), "the others go on serving"


def test_a_kill_in_the_middle_is_gone_on_with(committed):
    put_back("c_centre", *BASES)
    connection.close()
    process = manage("migrate_bases", "--workers", "1")
    process.stdout.readline()  # the first is done
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    waiting = migrating.behind()
    assert len(waiting) < 3
    again = manage("migrate_bases", "--json")
    _out, err = again.communicate(timeout=180)
    assert again.returncode == 0, err.decode()
    assert all(has_tables(schema) for schema in ("c_centre", *BASES))
    assert migrating.behind() == []


def test_a_new_base_is_current_from_its_first_moment(db):
    from tests.tenants.test_sites import opened

    tenant = opened()
    assert migrating.is_current(tenant.schema_name)


def test_a_connection_that_has_served_many_bases_is_renewed(committed, settings):
    from django.test import Client

    settings.TENANTS_PER_CONNECTION = 1
    backends = set()
    for slug in ("north", "south", "north", "centre"):
        assert Client(HTTP_HOST=f"{slug}.localhost").get("/").status_code == 200
        backends.add(sql("SELECT pg_backend_pid()")[0][0])
    assert len(backends) > 1
    settings.TENANTS_PER_CONNECTION = 50
    connection.close()
    backends.clear()
    for slug in ("north", "south", "north", "centre"):
        Client(HTTP_HOST=f"{slug}.localhost").get("/")
        backends.add(sql("SELECT pg_backend_pid()")[0][0])
    assert len(backends) == 1


def test_a_base_whose_schema_is_gone_is_a_failure_and_no_empty_base(committed):
    sql("DROP SCHEMA b_north CASCADE")
    connection.close()
    process = manage("migrate_bases", "--json")
    out, _ = process.communicate(timeout=180)
    assert process.returncode == 1
    assert "b_north" in json.loads(out)["failed"]
    assert sql("SELECT 1 FROM pg_namespace WHERE nspname = 'b_north'") == []
