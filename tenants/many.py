"""Many rows in one statement with one parameter, however many they are.

Django writes a placeholder for each value, and a roster of thousands spends more on them than the database
does on the rows.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

Values = Mapping[str, Any]


@models.Field.register_lookup
@models.ForeignKey.register_lookup
class AnyOf(models.Lookup[Any]):
    """`field__any_of=values`: as `in`, with the values in one array."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        field = self.lhs.output_field
        field = getattr(field, "target_field", field)
        sql, params = self.process_lhs(compiler, connection)
        kind = field.rel_db_type(connection)
        return f"{sql} = ANY(%s::{kind}[])", [*params, _array(list(self.rhs))]


def _array(values: list[Any]) -> Any:
    """Digests and keys as PostgreSQL writes arrays: at a tenth of the time that each for itself takes."""
    if all(type(value) is int for value in values):
        return f"{{{','.join(map(str, values))}}}"
    if all(type(value) is bytes for value in values):
        return f"{{{','.join(_hex(value) for value in values)}}}"
    return values


def _hex(value: bytes) -> str:
    return f'"\\\\x{value.hex()}"'


def insert(
    model: type[models.Model],
    rows: Collection[Values],
    returning: Sequence[str] = (),
    on_conflict: str = "",
) -> list[tuple[Any, ...]]:
    """Insert a row for each mapping of a field's column to its value; the columns `returning`.

    All rows name the same fields; the others have their default. `on_conflict` is "skip", or the column in whose row the
    values are put when it is there. No signal is sent and nothing is validated but by the database.
    """
    if not rows:
        return []
    fields: list[Any] = [
        f for f in model._meta.local_concrete_fields if not isinstance(f, models.AutoField)
    ]
    names = [_quoted(field.column) for field in fields]
    sql = (
        f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(names)})"
        f" SELECT {', '.join(map(_taken, fields))}"
        f" FROM json_to_recordset(%s::json) AS given({', '.join(map(_given, fields))})"
    )
    if on_conflict == "skip":
        sql += " ON CONFLICT DO NOTHING"
    elif on_conflict:
        kept = [f"{name} = EXCLUDED.{name}" for name in names if name != _quoted(on_conflict)]
        sql += f" ON CONFLICT ({_quoted(on_conflict)}) DO UPDATE SET {', '.join(kept)}"
    if returning:
        sql += f" RETURNING {', '.join(map(_quoted, returning))}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [json.dumps(list(_filled(fields, rows)), default=_plain)])
        return list(cursor.fetchall()) if returning else []


def _filled(fields: Iterable[Any], rows: Collection[Values]) -> Iterable[Values]:
    given, now = next(iter(rows)).keys(), timezone.now()
    fixed, made = {}, {}
    for field in fields:
        if field.column in given:
            continue
        if field.has_default() and callable(field.default):
            made[field.column] = field.default
        else:
            added = getattr(field, "auto_now_add", False)
            fixed[field.column] = now if added else field.get_default()
    for row in rows:
        yield {**fixed, **{name: make() for name, make in made.items()}, **row}


def _plain(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _given(field: Any) -> str:
    kind = "text" if isinstance(field, models.BinaryField) else field.db_type(connection)
    return f"{_quoted(field.column)} {kind}"


def _taken(field: Any) -> str:
    name = f"given.{_quoted(field.column)}"
    return f"decode({name}, 'hex')" if isinstance(field, models.BinaryField) else name


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
