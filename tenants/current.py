"""The tenant that this thread's database connection serves."""

from typing import Any

from django.db import connection as _connection

from tenants.models import Tenant

#: Django's connection, with what django-tenants adds to it.
connection: Any = _connection


class NoTenant(RuntimeError):
    """Something that belongs to a tenant was asked for while none is set."""


def current_tenant() -> Tenant:
    """Raises NoTenant in the public schema, where nothing belongs to anybody."""
    found = connection.tenant
    if not isinstance(found, Tenant):
        raise NoTenant("set a tenant first")
    return found


def is_type(kind: str) -> bool:
    """Whether a tenant of that type is set; False when none is."""
    found = connection.tenant
    return isinstance(found, Tenant) and found.type == kind
