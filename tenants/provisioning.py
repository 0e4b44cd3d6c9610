"""Make a tenant: a copy of a migrated template schema, in one transaction.

Migrating a new schema takes 12 to 38 s; a dump of the template with its name replaced about one.
"""

import csv
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.http.request import validate_host
from django_tenants.utils import (
    schema_context,
    schema_exists,
    tenant_context,
)
from stdnum.cn import uscc as uscc_rules

from tenants import migrating
from tenants.citus import placement, references
from tenants.current import connection
from tenants.models import Division, Domain, Tenant
from tenants.plugins.services import settle_defaults
from tenants.signals import template_prepared, tenant_created

TEMPLATE = "trainbase_template"


class TemplateUnreadable(RuntimeError):
    """pg_dump failed; the text is what it said."""


class MigrationFailed(RuntimeError):
    """Some bases are behind; the others are current. The text names them and why."""


def prepare_database() -> None:
    """Bring shared tables, the template and every tenant up to the code's migrations.

    Raises MigrationFailed when a base could not be migrated, after all others were.
    """
    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    with schema_context("public"):
        call_command("createcachetable", verbosity=0)
    if settings.CITUS:  # before any tenant's migration points to a table that is new
        references.make_reference_tables()
    if not migrating.is_current(TEMPLATE):
        migrating.migrate_naming_plugins(TEMPLATE, make=True)
        template_sql.cache_clear()
    failed = [done for done in migrating.migrate_all(migrating.behind()) if done.error]
    with schema_context(TEMPLATE):  # also after a kill between a migration and this line
        template_prepared.send(sender=None)
    connection.set_schema_to_public()
    settle_defaults()
    if failed:
        raise MigrationFailed("; ".join(f"{done.schema}: {done.error}" for done in failed))


@cache
def template_sql() -> str:
    """The template as SQL that names the schema everywhere. Raises TemplateUnreadable.

    Read it before a transaction that drops a schema: pg_dump would wait for that, and it for pg_dump.
    """
    conf = connection.settings_dict
    command = [str(settings.PG_DUMP), "--schema", TEMPLATE, "--no-owner", "--no-privileges"]
    command += ["--inserts", "--rows-per-insert", "200", "--host", conf["HOST"] or "localhost"]
    command += ["--port", str(conf["PORT"] or 5432), "--username", conf["USER"], conf["NAME"]]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PGPASSWORD": conf.get("PASSWORD") or ""},
    )
    if done.returncode:
        raise TemplateUnreadable(
            f"模板模式读取失败 / the template schema cannot be read: {done.stderr[-500:]}"
        )
    # Not for a session of ours: psql's own commands, settings, and the search path.
    return re.sub(r"(?m)^(\\\w+ .*|SET .*|SELECT pg_catalog\.set_config.*)$", "", done.stdout)


def copy_template(schema: str) -> None:
    """Make `schema` as the template is. Must run inside a transaction.

    Under Citus it is made on the coordinator and goes to a worker when it is complete; the template
    itself never leaves the coordinator. Raises NotDistributed when it has not arrived whole.
    """
    with connection.cursor() as cursor:
        if settings.CITUS:
            placement.keep_local(cursor)
        cursor.execute(template_sql().replace(TEMPLATE, schema))
        if settings.CITUS:
            placement.distribute(cursor, schema)


def fault_of_uscc(code: str) -> str | None:
    """Why `code` is no Unified Social Credit Code (GB 32100), or None.

    Only form and check digit: village collectives have codes that begin with a letter.
    """
    if not re.fullmatch(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", code):
        return "统一社会信用代码应为 18 位 / a Unified Social Credit Code has 18 characters"
    if uscc_rules.calc_check_digit(code[:-1]) != code[-1]:
        return "统一社会信用代码校验位不符，请核对 / check digit of the credit code is wrong"
    return None


def fault_of_host(host: str) -> str | None:
    """Why `host` is no host name that a browser can ask for (RFC 1123), or None."""
    label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
    if len(host) > 253 or not re.fullmatch(rf"{label}(\.{label})+", host):
        return (
            "域名只写主机名，如 dunhua.example.cn，不带 http 和端口"
            " / a host name alone, such as dunhua.example.cn: no http, no port"
        )
    if host.startswith("www."):
        return "域名请不要以 www. 开头，带 www. 的访问会自动找到它 / leave www. away: it is found with it"
    if not validate_host(host, settings.ALLOWED_HOSTS):
        return (
            f"本系统不应答域名 {host}，请先让运维把它加入 TRAINBASE_HOSTS"
            f" / {host} is not answered here: an operator adds it to TRAINBASE_HOSTS first"
        )
    return None


@transaction.atomic
def create_tenant(
    kind: str, slug: str, name: str, uscc: str, division: str, host: str = "", **extra: Any
) -> Tenant:
    """Make a centre or a base: row, schema, host, site. Raises ValidationError, in zh and en."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}[a-z0-9]", slug):
        raise ValidationError(
            "简称只用小写字母、数字、连字符 / slug: lower-case letters, digits, -"
        )
    if fault := fault_of_uscc(uscc):
        raise ValidationError(fault)
    place = Division.objects.filter(code=division).first()
    if place is None:
        raise ValidationError(f"没有行政区划 {division} / no division {division}")
    host = (host or f"{slug}.localhost").lower()
    if fault := fault_of_host(host):
        raise ValidationError(fault)
    for field, taken, what in (
        ("slug", Tenant.objects.filter(slug=slug), slug),
        ("uscc", Tenant.objects.filter(uscc=uscc), uscc),
        ("host", Domain.objects.filter(domain=host), host),
    ):
        if taken.exists():
            raise ValidationError(f"{field} 已被占用：{what} / {field} is taken: {what}")
    centre = Tenant.objects.filter(type=Tenant.Type.CENTRE).first()
    if kind == Tenant.Type.BASE and centre is None:
        raise ValidationError("请先建立服务中心 / create the centre first")
    schema = f"{'c' if kind == Tenant.Type.CENTRE else 'b'}_{slug.replace('-', '_')}"
    if schema_exists(schema):
        raise ValidationError(f"模式 {schema} 已存在 / schema {schema} exists")
    tenant = Tenant(
        schema_name=schema,
        type=kind,
        slug=slug,
        name=name,
        uscc=uscc,
        division=place,
        cell=settings.CELL,
        issuer_code=_next_issuer_code(kind, place),
        centre=centre if kind == Tenant.Type.BASE else None,
        **extra,
    )
    tenant.full_clean()
    tenant.save()
    settle_defaults()
    tenant.refresh_from_db(fields=["plugins"])
    Domain.objects.create(tenant=tenant, domain=host, is_primary=True)
    copy_template(schema)
    with tenant_context(tenant):
        tenant_created.send(sender=Tenant, tenant=tenant, host=host)
    return tenant


def _next_issuer_code(kind: str, place: Division) -> str:
    """C and the division for a centre, the division for a base; a counter makes it its own."""
    start = f"C{place.code[:6]}" if kind == Tenant.Type.CENTRE else f"{place.code[:6]:0<6}"
    taken = set(
        Tenant.objects.filter(issuer_code__startswith=start).values_list("issuer_code", flat=True)
    )
    if kind == Tenant.Type.CENTRE:
        listed = [start, *(f"{start}{n}" for n in range(2, 10))]
    else:
        listed = [f"{start}{n:02}" for n in range(1, 1000)]
    for code in listed:
        if code not in taken:
            return code
    raise ValidationError(
        f"{place} 的证书编号前缀已用完 / no certificate prefix is left for {place}"
    )


def load_divisions(path: Path) -> int:
    """Read a `code,name,level,parent_code` CSV into Division. Idempotent; returns the rows."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for level in ("province", "prefecture", "county", "township", "village"):
        ids = dict(Division.objects.values_list("code", "id"))
        Division.objects.bulk_create(
            Division(
                code=row["code"],
                name=row["name"],
                level=level,
                parent_id=ids.get(row["parent_code"]),
            )
            for row in rows
            if row["level"] == level and row["code"] not in ids
        )
    return len(rows)
