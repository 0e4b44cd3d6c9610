"""Which shared tables must be reference tables, and making them so.

A foreign key of a distributed schema may only point into the schema itself or to a reference table,
of which every worker holds a copy. What a reference table points to must be one as well.
"""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

Models = Iterable[type[Model]]


def is_of_tenants(model: type[Model]) -> bool:
    """Whether the table lies in every tenant's schema."""
    config = apps.get_app_config(model._meta.app_label)
    return config.name in settings.TENANT_APPS


def targets(model: type[Model]) -> list[type[Model]]:
    """The models to whose tables `model`'s own table has foreign keys, itself left out."""
    return [
        field.remote_field.model
        for field in model._meta.local_fields
        if field.remote_field is not None
        and getattr(field, "db_constraint", False)
        and field.remote_field.model is not model
    ]


def referenced_models(models: Models | None = None) -> list[type[Model]]:
    """The shared models that tenant tables reference, through others too; the referenced first."""
    found: list[type[Model]] = []

    def visit(model: type[Model], trail: tuple[type[Model], ...] = ()) -> None:
        if model in found or model in trail:
            return
        for target in targets(model):
            visit(target, (*trail, model))
        found.append(model)

    for model in models or apps.get_models(include_auto_created=True):
        if is_of_tenants(model):
            for target in targets(model):
                if not is_of_tenants(target):
                    visit(target)
    return found


def waiting_tables() -> list[str]:
    """The tables that have to be reference tables and are not. Needs Citus."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_dist_partition d ON d.logicalrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND d.partmethod = 'n' "
            "AND d.repmodel = 't'"
        )
        made = {name for (name,) in cursor.fetchall()}
    return [m._meta.db_table for m in referenced_models() if m._meta.db_table not in made]


def make_reference_tables() -> list[str]:
    """Make those that wait, one statement each; returns their names. Safe to run twice."""
    waiting = waiting_tables()
    with connection.cursor() as cursor:
        for table in waiting:
            name = f"public.{connection.ops.quote_name(table)}"
            cursor.execute("SELECT create_reference_table(%s::regclass)", [name])
    return waiting
