"""Rows that are facts: they are written once and never changed."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.migrations.operations.base import Operation

from tenants.natural import ByKey


class FrozenRow(RuntimeError):
    """Somebody tried to change or delete a fact. A correction is a new row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise FrozenRow("append-only: a correction is a new row")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenRow("append-only: facts are not deleted")


class AppendOnly(models.Model):
    objects = ByKey.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenRow("append-only: a correction is a new row")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("append-only: facts are not deleted")


#: Stands in public, so that every schema's triggers can call it.
FUNCTION = """
CREATE OR REPLACE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_full boolean;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN  -- an empty table may be emptied: a base that is put back begins so
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I.%I)', TG_TABLE_SCHEMA, TG_TABLE_NAME)
            INTO is_full;
        IF NOT is_full THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'append-only: rows of % are facts and stay as they are', TG_TABLE_NAME;
END
$$
"""
DROP_FUNCTION = "DROP FUNCTION IF EXISTS public.refuse_change()"

#: Set while a base is read back out of its archive: its rows come as they were, and no guard asks how.
PUTTING_BACK = "trainbase.putting_back"


class RefuseChanges(Operation):
    """A migration's step: the database itself refuses UPDATE, DELETE and TRUNCATE of the table; or what
    of it `what` says. `model_name` is of the migration's own app, or "app.Model" of another.

    Whoever owns the schema can still drop it with all that it holds. On Citus the step does
    nothing: triggers are not for its workers, and the model's own refusal is what remains.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str, what: str = "UPDATE OR DELETE") -> None:
        self.model_name, self.what = model_name, what

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.model_name, self.what], {})

    def describe(self) -> str:
        return f"Refuse changes of {self.model_name}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models do not know of it."""

    def _model(self, app_label: str, state: Any) -> Any:
        label, _, name = self.model_name.rpartition(".")
        return state.apps.get_model(label or app_label, name)

    def _table(self, app_label: str, state: Any) -> str:
        return str(self._model(app_label, state)._meta.db_table)

    def _is_here(self, app_label: str, schema_editor: Any, state: Any) -> bool:
        """Whether the schema that is migrated now has the table."""
        model = self._model(app_label, state)
        return bool(self.allow_migrate_model(schema_editor.connection.alias, model))

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if settings.CITUS or not self._is_here(app_label, schema_editor, to_state):
            return
        table = self._table(app_label, to_state)
        for name, when in (("row", self.what), ("table", "TRUNCATE")):
            each = "ROW" if name == "row" else "STATEMENT"
            schema_editor.execute(
                f"CREATE TRIGGER facts_stay_{name} BEFORE {when} ON {table} "
                f"FOR EACH {each} EXECUTE FUNCTION public.refuse_change()"
            )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if not self._is_here(app_label, schema_editor, from_state):
            return
        table = self._table(app_label, from_state)
        for name in ("row", "table"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS facts_stay_{name} ON {table}")
