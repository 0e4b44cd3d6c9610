"""TRAINBASE_CITUS=1 on a database without Citus: refused at the start, and nothing is half made."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import ProgrammingError
from django_tenants.utils import schema_exists
from stdnum.cn.uscc import calc_check_digit

from tenants.citus import placement
from tenants.citus.checks import NoCoordinator, refuse_database_without_citus
from tenants.citus.references import is_of_tenants, referenced_models, targets
from tenants.models import Domain, Tenant
from tenants.provisioning import create_tenant

ROOT = Path(__file__).parents[3]
CODE = "52222403MJ0000099"


def python(*arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_setting_changes_the_schema_editor_and_nothing_else(django_db_setup):
    say = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'lms.settings'; import django;"
        "django.setup(); from django.db import connection as c;"
        "print(c.SchemaEditorClass.__module__, c.settings_dict['ENGINE'])"
    )
    engine = "django_tenants.postgresql_backend"
    on = python("-c", say, TRAINBASE_CITUS="1")
    off = python("-c", say, TRAINBASE_CITUS="0")
    assert on.stdout.split() == ["tenants.citus.schema", engine], on.stderr
    assert off.stdout.split() == ["django.db.backends.postgresql.schema", engine], off.stderr


def test_every_command_with_checks_refuses_a_database_without_citus(committed):
    connection.close()
    done = python("manage.py", "check", TRAINBASE_CITUS="1")
    assert done.returncode == 1
    assert "没有 citus 扩展" in done.stderr
    assert "no citus extension" in done.stderr


def test_web_server_and_worker_refuse_it_too(db, settings):
    refuse_database_without_citus()
    assert run_checks() == []
    settings.CITUS = True
    with pytest.raises(NoCoordinator, match="citus"):
        refuse_database_without_citus()
    assert [error.id for error in run_checks()] == ["tenants.E001"]
    for name in ("lms/wsgi.py", "tenants/jobs/worker.py"):
        assert "refuse_database_without_citus()" in (ROOT / name).read_text(encoding="utf-8")


def test_a_tenant_that_cannot_be_distributed_leaves_nothing(committed, settings):
    wanted = ("base", "east", "测试基地东", CODE + calc_check_digit(CODE), "222403")
    settings.CITUS = True
    with pytest.raises(ProgrammingError, match="citus_schema_distribute"):
        create_tenant(*wanted)
    assert not schema_exists("b_east")
    assert not Tenant.objects.filter(slug="east").exists()
    assert not Domain.objects.filter(domain="east.localhost").exists()
    settings.CITUS = False
    assert create_tenant(*wanted).pk
    assert schema_exists("b_east")


def test_the_wish_to_keep_a_schema_local_ends_with_the_transaction(committed):
    from django.db import transaction

    asked = "SELECT current_setting('citus.enable_schema_based_sharding', true)"
    with connection.cursor() as cursor:
        with transaction.atomic():
            placement.keep_local(cursor)
            cursor.execute(asked)
            assert cursor.fetchone() == ("off",)
        cursor.execute(asked)
        assert cursor.fetchone()[0] in (None, "")


def test_every_shared_table_that_a_tenant_references_is_listed_and_what_it_points_to_before_it():
    listed = referenced_models()
    assert next(m._meta.db_table for m in listed) == "tenants_division"
    assert {m._meta.label for m in listed} == {
        *("tenants.Division", "tenants.Tenant", "tenants.Trade"),
        *("designations.TrainingBase", "designations.Designation", "directory.RuleSet"),
        "directory.Programme",
    }
    for position, model in enumerate(listed):
        assert set(targets(model)) <= set(listed[:position]), model


def test_the_list_is_what_the_foreign_keys_of_a_tenants_schema_say(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT t.relname FROM pg_constraint k "
            "JOIN pg_class t ON t.oid = k.confrelid "
            "WHERE k.contype = 'f' AND k.connamespace = 'b_north'::regnamespace "
            "AND t.relnamespace = 'public'::regnamespace"
        )
        pointed = {name for (name,) in cursor.fetchall()}
    assert pointed
    direct = {
        target._meta.db_table
        for target in referenced_models()
        if any(target in targets(m) for m in _tenant_models())
    }
    assert pointed == direct


def _tenant_models():
    from django.apps import apps

    return [m for m in apps.get_models(include_auto_created=True) if is_of_tenants(m)]


def test_the_command_lists_them_anywhere_and_makes_them_only_on_a_coordinator(db):
    out = StringIO()
    call_command("citus_reference_tables", "--list", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert "tenants_division" in said["tables"]
    assert said["waiting"] is None
    with pytest.raises(CommandError, match=r"没有 citus 扩展.*no citus extension"):
        call_command("citus_reference_tables", stdout=StringIO())
