"""The schema editor of the Citus backend, on plain PostgreSQL: bare columns, the same tables.

That Citus takes what it writes cannot be tried here; that no column has an inline constraint can.
"""

import re
from collections import Counter

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from tenants import migrating
from tenants.citus.schema import SchemaEditor
from tenants.provisioning import TEMPLATE

INLINE = re.compile(r"\b(CHECK|UNIQUE|REFERENCES|PRIMARY KEY|CONSTRAINT)\b")


class Recorder:
    """Every statement that is executed while it wraps the connection."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        self.statements.append(str(sql))
        return execute(sql, params, many, context)

    @property
    def columns(self):
        return [s for s in self.statements if "ADD COLUMN" in s]


def rows(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def constraints(table):
    """{name: definition} of a table of the base north."""
    return dict(
        rows(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype <> 'n'",
            f"b_north.{table}",
        )
    )


@pytest.fixture
def table(north):
    """A model with a row in its table, and `add`, which adds a field to both."""
    with isolate_apps("courses"):

        class Other(models.Model):
            class Meta:
                app_label = "courses"

        class Thing(models.Model):
            class Meta:
                app_label = "courses"

        recorder = Recorder()

        def add(name, field):
            field.set_attributes_from_name(name)
            Thing.add_to_class(name, field)
            with connection.execute_wrapper(recorder), SchemaEditor(connection) as editor:
                editor.add_field(Thing, field)
            return field

        with SchemaEditor(connection) as editor:
            editor.create_model(Other)
            editor.create_model(Thing)
        Other.objects.create()
        Thing.objects.create()
        Thing.add, Thing.recorder, Thing.other = staticmethod(add), recorder, Other
        yield Thing


FIELDS = {
    "check": lambda other: models.PositiveIntegerField(default=7),
    "unique": lambda other: models.CharField(max_length=9, unique=True, null=True),
    "foreign key": lambda other: models.ForeignKey(other, models.CASCADE, null=True),
    "one to one": lambda other: models.OneToOneField(other, models.CASCADE, null=True),
    "all of them": lambda other: models.PositiveIntegerField(unique=True, null=True),
}
DEFINED = {
    "check": ["CHECK ((extra >= 0))"],
    "unique": ["UNIQUE (extra)"],
    "foreign key": ["FOREIGN KEY (extra_id) REFERENCES courses_other(id) DEFERRABLE INITIALLY DEFERRED"],
    "one to one": [
        "FOREIGN KEY (extra_id) REFERENCES courses_other(id) DEFERRABLE INITIALLY DEFERRED",
        "UNIQUE (extra_id)",
    ],
    "all of them": ["CHECK ((extra >= 0))", "UNIQUE (extra)"],
}  # fmt: skip


@pytest.mark.parametrize("kind", FIELDS)
def test_the_column_comes_bare_and_its_constraints_after_with_names(table, kind):
    table.add("extra", FIELDS[kind](table.other))
    (column,) = table.recorder.columns
    assert not INLINE.search(column)
    added = [s for s in table.recorder.statements if "ADD CONSTRAINT" in s]
    assert all(re.search(r'ADD CONSTRAINT "\w+" ', s) for s in added)
    found = constraints("courses_thing")
    found.pop("courses_thing_pkey")
    assert sorted(found.values()) == DEFINED[kind]


def test_a_table_between_two_others_keeps_its_own_key(table):
    table.add("others", models.ManyToManyField(table.other))
    assert table.recorder.columns == []
    found = constraints("courses_thing_others")
    assert sorted(d.split(" ")[0] for d in found.values()) == [
        *("FOREIGN", "FOREIGN", "PRIMARY", "UNIQUE"),
    ]


def test_the_constraints_bind(table):
    table.add("size", models.PositiveIntegerField(default=7))
    for statement in (
        "INSERT INTO courses_thing (size) VALUES (-1)",
        "INSERT INTO courses_thing (size) VALUES (NULL)",
    ):
        with pytest.raises(Exception, match="violates"), connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
            try:
                cursor.execute(statement)
            finally:
                cursor.execute("ROLLBACK TO SAVEPOINT before")
    assert rows("SELECT size FROM courses_thing") == [(7,)], (
        "the row that was there has the default"
    )
    assert rows(
        "SELECT column_default FROM information_schema.columns WHERE table_schema = 'b_north' "
        "AND table_name = 'courses_thing' AND column_name = 'size'"
    ) == [(None,)], "which is not left in the database"


def test_data_may_change_in_the_same_transaction_before_the_next_column(table):
    table.add("extra", models.ForeignKey(table.other, models.CASCADE, null=True))
    table.objects.update(extra_id=table.other.objects.get().pk)
    table.add("more", models.CharField(max_length=9, default="x"))
    assert table.objects.get().more == "x"


def test_a_key_of_another_kind_is_a_named_primary_key(north):
    with isolate_apps("courses"):

        class Bare(models.Model):
            code = models.CharField(max_length=9, primary_key=True)

            class Meta:
                app_label = "courses"

        recorder = Recorder()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE courses_bare (size integer)")
        with connection.execute_wrapper(recorder), SchemaEditor(connection) as editor:
            editor.add_field(Bare, Bare._meta.get_field("code"))
            number = models.BigAutoField(primary_key=True)
            number.set_attributes_from_name("number")
            number.model = Bare
            editor.execute(
                "ALTER TABLE courses_bare DROP CONSTRAINT "
                + next(iter(constraints("courses_bare")))
            )
            editor.add_field(Bare, number)  # fmt: skip
        assert not any(INLINE.search(s) for s in recorder.columns)
        assert list(constraints("courses_bare").values()) == ["PRIMARY KEY (number)"]
        assert rows(
            "SELECT is_identity FROM information_schema.columns WHERE table_schema = 'b_north' "
            "AND table_name = 'courses_bare' AND column_name = 'number'"
        ) == [("YES",)]


def test_django_finds_and_drops_what_was_added(table):
    size = table.add("size", models.PositiveIntegerField(unique=True, null=True))
    extra = table.add("extra", models.ForeignKey(table.other, models.CASCADE, null=True))
    assert len(constraints("courses_thing")) == 4

    plain = models.IntegerField(null=True)
    plain.set_attributes_from_name("size")
    plain.model = table
    loose = models.ForeignKey(table.other, models.CASCADE, null=True, db_constraint=False)
    loose.set_attributes_from_name("extra")
    loose.model = table
    with SchemaEditor(connection) as editor:
        editor.alter_field(table, size, plain)
        editor.alter_field(table, extra, loose)
    assert list(constraints("courses_thing")) == ["courses_thing_pkey"]

    code = table.add("code", models.CharField(max_length=9, unique=True, null=True))
    with SchemaEditor(connection) as editor:
        editor.remove_field(table, code)
    assert list(constraints("courses_thing")) == ["courses_thing_pkey"]


CATALOGUE = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity, pg_get_expr(d.adbin, d.adrelid), a.attcollation::regcollation::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r'
          AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, contype::text, convalidated,
               pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = %s::regnamespace""",
    "indexes": """
        SELECT tablename, indexname, '', '', indexdef FROM pg_indexes
        WHERE schemaname = %s::regnamespace::text""",
}


def catalogue():
    """What the shared schema and the template hold, as sorted rows by kind."""
    found = {}
    for schema in ("public", TEMPLATE):
        for kind, query in CATALOGUE.items():
            found[schema, kind] = sorted(rows(query, schema), key=repr)
    return found


def renamed(rows_of_kind):
    """Unique and check constraints without the names that only the place of their birth decides.

    PostgreSQL names an inline one TABLE_COLUMN_key or _check; Django names an added one with a hash.
    """
    plain = []
    for table, name, *rest in rows_of_kind:
        short = re.sub(r"_[0-9a-f]{8}_(uniq|check)$|_(key|check)\d*$", "", name)
        plain.append((table, *(str(r).replace(name, "NAME") for r in rest), short != name or name))
    return sorted(plain, key=repr)


def migrate_all_from_nothing():
    """The shared tables and the template, as `prepare` makes them."""
    from django.core.management import call_command

    call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
    migrating.migrate_schema(TEMPLATE, make=True)


@pytest.mark.soak
def test_all_migrations_give_the_same_catalogue_as_the_stock_editor(committed, databases):
    stock = catalogue()
    name = f"{committed}_bare"
    databases.drop(name)
    databases.link.execute(f'CREATE DATABASE "{name}"')
    recorder, original = Recorder(), connection.SchemaEditorClass
    try:
        databases.use(name)
        connection.SchemaEditorClass = SchemaEditor
        with connection.execute_wrapper(recorder):
            migrate_all_from_nothing()
        bare = catalogue()
    finally:
        connection.SchemaEditorClass = original
        databases.use(committed)
        databases.drop(name)
    assert len(recorder.columns) > 50
    assert [s for s in recorder.columns if INLINE.search(s)] == []
    bare["public", "columns"] += _cache_table(stock)
    bare["public", "columns"].sort(key=repr)
    assert bare["public", "columns"] == stock["public", "columns"]
    assert bare[TEMPLATE, "columns"] == stock[TEMPLATE, "columns"]
    for schema in ("public", TEMPLATE):
        for kind in ("constraints", "indexes"):
            kept = [r for r in stock[schema, kind] if r[0] != "trainbase_cache"]
            ours, theirs = Counter(renamed(bare[schema, kind])), Counter(renamed(kept))
            assert (list(ours - theirs), list(theirs - ours)) == ([], []), (schema, kind)


def _cache_table(stock):
    """Made by `createcachetable`, which is no migration."""
    return [row for row in stock["public", "columns"] if row[0] == "trainbase_cache"]
