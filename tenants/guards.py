"""Guards: triggers that judge a row by what it rests on. An app brings the functions."""

from typing import Any, ClassVar

from django.conf import settings

from tenants.append_only import RefuseChanges

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('trainbase guards'))"


class Guard(RefuseChanges):
    """A migration's step: the function `name` of `functions` judges every `what` of the table.

    The function lies in `public`, where a copied schema's triggers find it; several schemas are
    migrated at once, and only the first one makes it. On Citus the step does nothing.
    """

    functions: ClassVar[dict[str, Any]] = {}

    def __init__(self, model_name: str, name: str, what: str) -> None:
        super().__init__(model_name, what)
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (type(self).__name__, [self.model_name, self.name, self.what], {})

    def describe(self) -> str:
        return f"Guard {self.model_name} by {self.name}"

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if settings.CITUS or not self._is_here(app_label, schema_editor, to_state):
            return
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_LOCK)
            cursor.execute("SELECT to_regprocedure(%s)", [f"public.{self.name}()"])
            if cursor.fetchone()[0] is None:
                cursor.execute(self.functions[self.name])
        table = self._table(app_label, to_state)
        schema_editor.execute(
            f"CREATE TRIGGER {self.name} BEFORE {self.what} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION public.{self.name}()"
        )

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if self._is_here(app_label, schema_editor, from_state):
            table = self._table(app_label, from_state)
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name} ON {table}")
