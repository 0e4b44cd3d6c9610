"""The database backend: PostgreSQL's, with a schema editor that Citus accepts.

django-tenants finds this file by its setting ORIGINAL_BACKEND = "tenants.citus".
"""

from django.db.backends.postgresql import base

from tenants.citus.schema import SchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
