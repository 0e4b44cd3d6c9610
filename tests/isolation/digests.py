"""Whether a tenant's rows are what they were: one statement a tenant, and its rows among the shared.

Every table of the schema but sessions, jobs too; the shared rows as `lms.archive.tables` lists them.
"""

import hashlib

from django.apps import apps
from django.db import connection
from django_tenants.utils import schema_context

from lms.archive.tables import shared_rows
from tests.cast import base

PASSING = ("sessions.session", "usersessions.usersession")
_statements = {}


def _statement(schema):
    """One digest over every table of the schema."""
    if schema not in _statements:
        gone = {apps.get_model(label)._meta.db_table for label in PASSING}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema]
            )
            names = [name for (name,) in cursor.fetchall() if name not in gone]
        assert len(names) > 50, "a tenant has its own tables"
        parts = [
            f"SELECT '{name}' AS t, md5(string_agg(r::text, chr(10) ORDER BY r::text)) AS d "
            f'FROM "{schema}"."{name}" r'
            for name in names
        ]
        _statements[schema] = " UNION ALL ".join(parts)
    return _statements[schema]


def digests(slug):
    """{table: digest} of a tenant."""
    with schema_context("public"):
        tenant = base(slug)
        with connection.cursor() as cursor:
            cursor.execute(_statement(tenant.schema_name))
            found = dict(cursor.fetchall())
        for label, rows in shared_rows(tenant):
            text = repr(list(rows.order_by("pk").values_list()))
            found[label] = hashlib.sha256(text.encode()).hexdigest()
    return found


def changed(before, slug):
    """Names of the tables of a tenant that differ from `before`."""
    now = digests(slug)
    return sorted(name for name in before | now if before.get(name) != now.get(name))
