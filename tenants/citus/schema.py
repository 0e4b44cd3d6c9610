"""Add a column first and its constraints after.

Citus refuses `ADD COLUMN` with an inline CHECK, UNIQUE, PRIMARY KEY or REFERENCES on a distributed
table, and takes the same constraints from `ADD CONSTRAINT` when they have a name. Defaults, NOT NULL
and identities stay with the column: they are no constraints to Citus.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.ddl_references import Statement
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.models import Field, Model

#: Half of what follows is not in the type stubs.
Stock: Any = DatabaseSchemaEditor


class SchemaEditor(Stock):
    """Names are those that Django gives to constraints that it adds to a table that exists."""

    # None sends the foreign key to deferred_sql, from where add_field takes it.
    sql_create_column_inline_fk = None
    _bare = False

    def add_field(self, model: type[Model], field: Field) -> None:
        if field.db_parameters(connection=self.connection)["type"] is None:
            # Many to many has no column: a table of its own, with its key and constraints, or none.
            super().add_field(model, field)
            return
        first = len(self.deferred_sql)
        with self._bare_column():
            super().add_field(model, field)
        linked = field.remote_field is not None and getattr(field, "db_constraint", False)
        foreign_key = self.deferred_sql.pop(first) if linked else None
        self._add_constraints(model, field)
        if isinstance(foreign_key, Statement):
            # At once and IMMEDIATE, as Django's inline form: data that the same migration changes
            # later would leave deferred checks, and a table with those cannot be altered. Citus
            # keeps the second statement on the coordinator (citusdata/citus#2234).
            self.execute(foreign_key)
            self.execute(f"SET CONSTRAINTS {foreign_key.parts['name']} IMMEDIATE")

    def _add_constraints(self, model: type[Model], field: Field) -> None:
        if field.primary_key:
            self.execute(self._create_primary_key_sql(model, field))
        elif field.unique:
            self.execute(self._create_unique_sql(model, [field]))
        if check := field.db_parameters(connection=self.connection)["check"]:
            name = self._create_index_name(model._meta.db_table, [field.column], suffix="_check")
            self.execute(self._create_check_sql(model, name, check))

    @contextmanager
    def _bare_column(self) -> Iterator[None]:
        """While it lasts, a column's definition has no constraint."""
        self._bare = True
        self.sql_check_constraint = ""
        try:
            yield
        finally:
            self._bare = False
            del self.sql_check_constraint

    def _iter_column_sql(self, *args: Any) -> Iterator[str]:
        for part in super()._iter_column_sql(*args):
            if not (self._bare and part in ("PRIMARY KEY", "UNIQUE")):
                yield part
