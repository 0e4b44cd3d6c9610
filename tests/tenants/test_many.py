"""Many rows in one statement, and the schema that queries go to without saying it each time."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DataError
from django_tenants.utils import schema_context

from courses.intake.shared.models import YearlyTraining
from courses.models import Trainee
from tenants import many
from tenants.many import insert
from tenants.models import Division, Tenant


def people(*names):
    facts = {"sex": "女", "id_last4": "0011", "id_sealed": b"\x00sealed", "village_id": None}
    return [{"name": name, "id_digest": name.encode(), **facts} for name in names]


def schema():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def test_rows_are_inserted_with_the_defaults_of_what_none_names(north):
    told = insert(Trainee, people("甲\\'\"%s", "乙"), returning=["id_digest", "id"])
    keys = {bytes(digest): key for digest, key in told}
    first, second = Trainee.objects.order_by("id")
    assert keys == {first.name.encode(): first.pk, "乙".encode(): second.pk}
    assert (first.name, bytes(first.id_sealed)) == ("甲\\'\"%s", b"\x00sealed")
    assert (first.phone, first.village, first.created_at.date() >= date(2020, 1, 1)) == (
        "",
        None,
        True,
    )
    assert first.uuid != second.uuid
    assert insert(Trainee, []) == []


def test_what_is_there_is_skipped_or_refused_or_put_right(north):
    insert(Trainee, people("甲"))
    written = insert(Trainee, people("甲", "乙"), returning=["name"], on_conflict="skip")
    assert written == [("乙",)]
    changed = [{**people("甲")[0], "name": "丙"}]
    insert(Trainee, changed, on_conflict="id_digest")
    assert set(Trainee.objects.values_list("name", flat=True)) == {"丙", "乙"}
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Trainee, people("甲"))
    for names in (["长" * 61], ["短", "长" * 61]):
        with pytest.raises(DataError), transaction.atomic():
            insert(Trainee, people(*names))


def test_more_rows_than_a_statement_carries_are_all_there_or_none(north, monkeypatch):
    monkeypatch.setattr(many, "AT_ONCE", 2)
    told = insert(Trainee, people(*"甲乙丙丁戊"), returning=["name"])
    assert [name for (name,) in told] == list("甲乙丙丁戊")
    with pytest.raises(DataError), transaction.atomic():
        insert(Trainee, people("己", "庚", "长" * 61))
    assert Trainee.objects.count() == 5


def test_what_is_the_same_in_all_rows_is_theirs_too_and_no_less_looked_at(north):
    village = Division.objects.filter(level="village").earliest("pk")
    shared = {"sex": "女", "phone": "%s'\"\\", "id_sealed": b"\x00", "village_id": village.pk}
    rows = [{"name": "同名", "id_digest": bytes([n]), "id_last4": "0011", **shared} for n in (1, 2)]
    insert(Trainee, rows)
    for found in Trainee.objects.all():
        told = {name: getattr(found, name) for name in shared}
        assert told | {"id_sealed": bytes(found.id_sealed)} == shared
    with pytest.raises(DataError), transaction.atomic():
        insert(
            Trainee,
            [{**row, "id_digest": b"x" + row["id_digest"], "phone": "9" * 40} for row in rows],
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Trainee, [rows[0], rows[0]])
    assert Trainee.objects.count() == 2


def test_any_of_finds_what_in_finds(north):
    insert(Trainee, people("甲", "乙", "丙"))
    everybody = Trainee.objects.order_by("pk")
    one, _, three = everybody
    for field, values in (
        ("pk", [one.pk, three.pk]),
        ("id_digest", [bytes(one.id_digest), bytes(three.id_digest)]),
        ("name", [one.name, three.name, "x'{\",}"]),
        ("pk", []),
        ("id_digest", set()),
    ):
        said = list(everybody.filter(**{f"{field}__in": values}))
        assert list(everybody.filter(**{f"{field}__any_of": values})) == said
        assert len(said) == (2 if values else 0)
    village = Division.objects.filter(level="village").earliest("pk")
    Trainee.objects.filter(pk=one.pk).update(village=village)
    assert everybody.get(village__any_of=[village.pk]) == one


def test_after_a_rollback_queries_go_to_the_schema_that_was_chosen(committed):
    """Choosing one is undone with the transaction, which the connection has to notice."""
    with schema_context("b_north"):
        assert schema() == "b_north"
        with transaction.atomic():
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                connection.set_schema("b_south")
                assert schema() == "b_south"
                raise ZeroDivisionError
            assert schema() == "b_south"
            connection.set_schema("b_north")
        connection.set_schema("b_south")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            connection.set_schema("b_north")
            assert schema() == "b_north"
            raise ZeroDivisionError
        assert schema() == "b_north"
    with schema_context("b_north"), pytest.raises(ZeroDivisionError), transaction.atomic():
        assert schema() == "b_north"
        raise ZeroDivisionError
    with schema_context("b_south"):
        assert schema() == "b_south"


def test_places_of_a_year_are_skipped_when_another_base_has_them(north):
    tenant = Tenant.objects.get(slug="north").pk
    row = {"tenant_id": tenant, "enrolment": 1, "person": b"\xff", "year": 2026, "slot": 1}
    assert insert(YearlyTraining, [row], returning=["enrolment"], on_conflict="skip") == [(1,)]
    again = {**row, "enrolment": 2}
    assert insert(YearlyTraining, [again], returning=["enrolment"], on_conflict="skip") == []
