"""Every rule of the lint finds what it forbids, lets pass what it does not, and finds nothing here."""

import ast
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.test.utils import isolate_apps

from tenants.citus.lint import RULES, Finding, source
from tenants.citus.lint import models as of_models
from tenants.citus.references import is_of_tenants, targets
from tenants.models import Division, SiteChange, Tenant, Trade

BAD = {
    "trigger": [
        'RunSQL("CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()")',
        'RunSQL("create or replace constraint\\n trigger t after insert on a")',
        'RunSQL("ALTER TABLE a DISABLE TRIGGER ALL")',
    ],
    "sequence": [
        "cursor.execute(\"SELECT setval('s', max(id)) FROM t\")",
        "cursor.execute(f\"SELECT pg_get_serial_sequence('{table}', 'id')\")",
        "connection.ops.sequence_reset_sql(style, [Model])",
    ],
    "clone": [
        "cursor.execute(\"SELECT clone_schema('a', 'b')\")",
        "from django_tenants.clone import CloneSchema\nCloneSchema().clone_schema('a', 'b')",
    ],
    "insert-select": [
        'cursor.execute("INSERT INTO a (x) SELECT x FROM b")',
        'cursor.execute(f"insert into {a}\\n" + f"select * from {b}")',
        'cursor.execute("INSERT INTO %s SELECT * FROM b" % a)',
        'cursor.execute("INSERT INTO a (x) VALUES ((SELECT max(x) FROM b))")',
    ],
    "inline-constraint": [
        'RunSQL("ALTER TABLE a ADD COLUMN b bigint REFERENCES c (id)")',
        'RunSQL("ALTER TABLE a ADD COLUMN IF NOT EXISTS b numeric(5, 2) CHECK (b > 0)")',
        'RunSQL("ALTER TABLE a ADD b text UNIQUE")',
        'RunSQL(["ALTER TABLE {} ADD COLUMN b int PRIMARY KEY".format(a)])',
    ],
    "tenants-joined": [
        'cursor.execute("SELECT 1 FROM b_north.t JOIN b_south.t USING (id)")',
        'cursor.execute(f\'SELECT 1 FROM "{one}".t a, "{two}".t b WHERE a.id = b.id\')',
    ],
    "key-changed": [
        "migrations.AlterField('a', 'id', models.BigAutoField(primary_key=True))",
        "migrations.AlterField(model_name='a', name='id', field=models.AutoField())",
    ],
    "key-added": ["migrations.AddField('a', 'n', field=models.BigAutoField(primary_key=True))"],
}
GOOD = [
    '"""INSERT INTO a SELECT b: only a docstring, of clone_schema and CREATE TRIGGER."""',
    'def f(a, b):\n    """SELECT setval(1)"""',
    'cursor.execute("INSERT INTO a VALUES (1); SELECT 1")',
    'cursor.execute("INSERT INTO a DEFAULT VALUES; SELECT 1")',
    'RunSQL("ALTER TABLE a ADD COLUMN b bigint NOT NULL DEFAULT 7")',
    'RunSQL("ALTER TABLE a ADD COLUMN b int; ALTER TABLE a ADD CONSTRAINT c UNIQUE (b)")',
    'RunSQL("ALTER TABLE a ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES d (id)")',
    'RunSQL("ALTER TABLE a ADD COLUMN b int, ADD CONSTRAINT c CHECK (b > 0)")',
    'cursor.execute("SELECT 1 FROM b_north.t UNION ALL SELECT 1 FROM b_south.t")',
    "cursor.execute(f'SELECT 1 FROM {s}.t JOIN {s}.u USING (id) JOIN public.v USING (id)')",
    "cursor.execute('SELECT a.x, b.y FROM t a JOIN u b ON a.id = b.id')",
    "migrations.AddField('a', 'b', field=models.ForeignKey('c', models.CASCADE))",
    "migrations.AddField('a', 'b', field=models.PositiveIntegerField(unique=True))",
    "migrations.CreateModel('a', fields=[('id', models.BigAutoField(primary_key=True))])",
    "print('setval, a trigger, or INSERT INTO')",
]


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule, texts in BAD.items() for text in texts]
)
def test_what_is_forbidden_is_found(rule, text):
    found = source.of_text(f"\n{text}\n", is_migration=True)
    assert {r for _, r in found} == {rule}
    assert all(line in (2, 3) for line, _ in found)


@pytest.mark.parametrize("text", GOOD)
def test_what_citus_takes_passes(text):
    assert source.of_text(text, is_migration=True) == []


def test_a_key_is_an_ordinary_field_outside_migrations():
    assert source.of_text(BAD["key-changed"][0], is_migration=False) == []


def test_every_rule_has_a_bad_example_and_says_what_to_do_in_two_languages():
    of_the_models = {"shared-key", "key-into-tenant", "primary-key"}
    assert set(BAD) | of_the_models | {"not-needed"} == set(RULES)
    for said in RULES.values():
        chinese, english = said.split(" / ")
        assert not chinese.isascii() and english.isascii()


@pytest.mark.parametrize("folder", ["courses/migrations", "plugins/new/new/migrations", "lms"])
def test_a_bad_file_in_the_project_is_found_where_it_is(tmp_path, folder):
    place = tmp_path / folder
    place.mkdir(parents=True)
    (place / "0002_bad.py").write_text(f"x = 1\n{BAD['trigger'][0]}\n", encoding="utf-8")
    found = source.findings(source.own_files(tmp_path), tmp_path, allowed={})
    assert found == [Finding(f"{folder}/0002_bad.py", 2, "trigger")]
    assert str(found[0]).startswith(f"{folder}/0002_bad.py:2: trigger: Citus 拒绝触发器")


def test_an_exception_is_of_one_file_and_rule_and_must_be_needed(tmp_path):
    (tmp_path / "lms").mkdir()
    for name in ("a", "b"):
        (tmp_path / f"lms/{name}.py").write_text(BAD["sequence"][0], encoding="utf-8")
    allowed = {("lms/a.py", "sequence"): "why", ("lms/a.py", "trigger"): "why"}
    found = source.findings(source.own_files(tmp_path), tmp_path, allowed)
    assert found == [
        Finding("lms/a.py", 0, "not-needed", "trigger"),
        Finding("lms/b.py", 1, "sequence"),
    ]


def model(base="courses", **fields):
    """A model of an app, written here and installed nowhere."""
    with isolate_apps("courses", "tenants"):
        meta = type("Meta", (), {"app_label": base})
        return type("Bad", (models.Model,), {"Meta": meta, "__module__": __name__, **fields})


def rules(found):
    return [(f.rule, f.detail) for f in found]


def test_a_tenants_table_references_only_the_shared_tables_that_are_listed():
    bad = model(to=models.ForeignKey(SiteChange, models.PROTECT))
    assert rules(of_models.findings([bad])) == [("shared-key", "courses.Bad.to")]
    for good in (
        model(to=models.ForeignKey(Division, models.PROTECT)),
        model(to=models.ForeignKey(SiteChange, models.PROTECT, db_constraint=False)),
        model(to=models.ForeignKey("self", models.PROTECT)),
    ):
        assert of_models.findings([good]) == []


@pytest.mark.parametrize("enforced", [True, False])
def test_a_shared_table_references_no_tenants_table(enforced):
    from courses.models import Trainee

    to = models.ForeignKey(Trainee, models.CASCADE, db_constraint=enforced)
    found = of_models.findings([model("tenants", to=to)])
    assert rules(found) == [("key-into-tenant", "tenants.Bad.to")]


@pytest.mark.parametrize(
    ("key", "good"),
    [
        (models.BigAutoField(primary_key=True), True),
        (models.UUIDField(primary_key=True), True),
        (models.OneToOneField(Trade, models.CASCADE, primary_key=True), True),
        (models.AutoField(primary_key=True), False),
        (models.SmallAutoField(primary_key=True), False),
        (models.IntegerField(primary_key=True), False),
    ],
    ids=lambda v: type(v).__name__,
)
def test_a_primary_key_is_of_64_bits_or_a_uuid(key, good):
    assert rules(of_models.findings([model(key=key)])) == (
        [] if good else [("primary-key", "courses.Bad.key")]
    )


def test_a_finding_in_a_model_names_the_line_of_the_field():
    found = of_models._at(Tenant, Tenant._meta.get_field("division"), "shared-key")
    assert found.path == "tenants/models.py"
    line = Path(found.path).read_text(encoding="utf-8").splitlines()[found.line - 1]
    assert "division = " in line
    assert ast.literal_eval(str(found.line)) > 1


def test_the_list_of_shared_tables_holds_those_that_are_referenced_and_no_more():
    installed = of_models.own_models()
    pointed = {
        target._meta.label
        for model in installed
        if is_of_tenants(model)
        for target in targets(model)
        if not is_of_tenants(target)
    }
    assert pointed == set(of_models.REFERENCED)
    assert len(installed) > 40
    assert {m._meta.app_label for m in installed} >= {"tenants", "courses", "certificates", "lms"}
    assert "wagtailcore" not in {m._meta.app_label for m in installed}


def test_the_project_is_clean_and_the_command_says_so():
    assert len(source.own_files()) > 150
    out = StringIO()
    call_command("citus_lint", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"findings": []}


def test_the_command_fails_with_what_it_found(monkeypatch):
    allowed = source.ALLOWED
    monkeypatch.setattr(source, "ALLOWED", {})
    monkeypatch.setattr(source.findings, "__defaults__", (None, {}))
    out = StringIO()
    with pytest.raises(CommandError, match="lms/archive/read.py:"):
        call_command("citus_lint", "--json", stdout=out)
    found = json.loads(out.getvalue())["findings"]
    (first,) = [each for each in found if each["path"] == "lms/archive/read.py"]
    assert first["rule"] == "sequence" and "max()" in first["do"]
    assert {each["path"] for each in found} == {path for path, _ in allowed}
