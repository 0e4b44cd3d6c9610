"""Remove what a plugin has kept, from every schema of this cell."""

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.current import connection
from tenants.models import Due, Tenant
from tenants.plugins.registry import installed, is_on
from tenants.provisioning import TEMPLATE


def tables_of(name: str) -> list[str]:
    """The tables of the plugin's models, those of many-to-many relations too."""
    models = apps.get_app_config(name).get_models(include_auto_created=True)
    return sorted(model._meta.db_table for model in models if model._meta.managed)


def purge(name: str, really: bool) -> dict[str, list[str]]:
    """Schema -> tables that are (with `really`: were) there. Raises ValidationError.

    A schema is one transaction: killed in the middle, call it again. The schemas count as behind
    afterwards, so that the tables come back, empty, if the plugin stays installed.
    """
    if name not in installed():
        raise ValidationError(f"没有装载插件 {name} / the plugin {name} is not loaded")
    if on := [t.slug for t in Tenant.objects.all() if is_on(name, t)]:
        raise ValidationError(f"先停用它：{', '.join(on)} / switch it off first: {', '.join(on)}")
    found = {}
    schemas = list(Tenant.objects.filter(cell=settings.CELL).values_list("schema_name", flat=True))
    for schema in [TEMPLATE, *schemas]:
        with transaction.atomic():
            if tables := _there(schema, tables_of(name)):
                found[schema] = tables
                if really:
                    _remove(schema, name, tables)
    if really:
        Due.objects.filter(name__startswith=f"{name}.").delete()
    return found


def _there(schema: str, tables: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = %s AND tablename = ANY(%s)"
            " ORDER BY 1",
            [schema, tables],
        )
        return [table for (table,) in cursor.fetchall()]


def _remove(schema: str, name: str, tables: list[str]) -> None:
    """Tables, pages of its types, and what Django remembers of the app."""
    from django.contrib.contenttypes.models import ContentType
    from wagtail.models import Page

    connection.set_schema(schema)
    try:
        kinds = ContentType.objects.filter(app_label=name)
        for page in Page.objects.filter(content_type__in=kinds).order_by("-depth"):
            page.specific.delete()
        kinds.delete()
        with connection.cursor() as cursor:
            listed = ", ".join(f'"{schema}"."{table}"' for table in tables)
            cursor.execute(f"DROP TABLE {listed} CASCADE")
            cursor.execute(f'DELETE FROM "{schema}".django_migrations WHERE app = %s', [name])
            cursor.execute(f'DELETE FROM "{schema}".plugins_pluginfault WHERE plugin = %s', [name])
            cursor.execute(f'COMMENT ON SCHEMA "{schema}" IS NULL')
    finally:
        connection.set_schema_to_public()
