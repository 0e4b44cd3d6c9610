"""The issuance log: whatever is changed in it, beside it or around it is found."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.models import Certificate, LogEntry
from certificates.register.models import IssuerKey, LogHead, RegisterEntry
from certificates.services import keys
from certificates.services.correct import correct
from certificates.services.heads import publish
from certificates.services.issue import issue_class
from certificates.services.log_check import check
from certificates.services.revoke import allow_reissue, revoke
from tenants.staff.models import User
from tests.cast import base, the_centre, two
from tests.story import finished

#: Written after the log's line about them was, and proved otherwise.
ELSEWHERE = {"pdf_sha256": "by the paper's own bytes", "id": "keys name rows"}


@pytest.fixture(scope="module")
def written(once, django_db_blocker):
    """North's log with a line of every kind, its heads published."""
    with django_db_blocker.unblock(), tenant_context(base("north")):
        first, second, _third = issue_class(finished(people=3), None).certificates
        revoke(first, "other", "误发", *two())
        allow_reissue(first, User.objects.get(username="manager"), "已核对")
        correct(second, f"{second.holder_name}改", "姓名有误", two()[0])
        kid = IssuerKey.objects.get(tenant=base("north")).kid
        keys.retire(kid, "换了机器")
        keys.signing_key(timezone.localdate().year)
        keys.compromise(kid, timezone.localdate() - timedelta(days=900), "遗失")
    with django_db_blocker.unblock(), tenant_context(the_centre()):
        publish()


@pytest.fixture
def told(written, db):
    pass


def found():
    with tenant_context(base("north")):
        return {each.what for each in check()}


def by_hand(statement, *values):
    """As somebody does who has the database itself: no model, no trigger in the way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        assert cursor.rowcount > 0
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_an_untouched_log_agrees_with_all_that_it_speaks_of(told):
    assert found() == set()
    with tenant_context(base("north")):
        assert set(LogEntry.objects.values_list("kind", flat=True)) == set(LogEntry.Kind.values)
        seqs = list(LogEntry.objects.values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))


@pytest.mark.parametrize("model", [LogEntry, Certificate, RegisterEntry, IssuerKey, LogHead])
def test_every_single_column_that_is_changed_is_found(told, model):
    """Of each row in turn, by hand, in the database."""
    with tenant_context(base("north")):
        columns = [f for f in model._meta.concrete_fields if f.name not in ELSEWHERE]
        for column in columns:
            if (column.name, model) in UNSAID:
                continue
            with (
                suppress(IntegrityError),
                transaction.atomic(),
            ):  # the database may refuse it itself
                change(model, column)
                assert check(), f"{model.__name__}.{column.name}"
                raise IntegrityError("put back")
        assert check() == []


#: What no claim rests on: when a row of the shared tables was written.
UNSAID = {("created_at", IssuerKey), ("published_at", LogHead), ("rule_set", Certificate)}


def change(model, column):
    """Another value of the column in the last row that has one of the right kind."""
    rows = model.objects.all() if model is LogEntry else model._base_manager.all()
    if any(f.name == "tenant" for f in model._meta.concrete_fields):
        rows = rows.filter(tenant=base("north"))
    row = rows.order_by("-pk").first()
    table, name = model._meta.db_table, column.column
    kind = column.get_internal_type()
    other = {
        "BinaryField": "coalesce({0}, ''::bytea) || '\\x00'::bytea",
        "JSONField": "'{{\"x\": 1}}'::jsonb",
        "DateField": "coalesce({0}, '2020-01-01'::date) - 1",
        "DateTimeField": "coalesce({0}, now()) - interval '1 second'",
    }.get(kind)
    if kind in ("CharField", "TextField"):
        other = "'x' || substr({0}, 2)"
    if other is None:
        other = "coalesce({0}, 0) + 1"
    if kind == "BooleanField":
        other = "NOT {0}"
    by_hand(f"UPDATE {table} SET {name} = {other.format(name)} WHERE id = %s", row.pk)


@pytest.mark.parametrize("model", [LogEntry, Certificate, RegisterEntry, IssuerKey])
def test_every_single_row_that_is_removed_is_found(told, model):
    with tenant_context(base("north")):
        rows = model._base_manager.all()
        if any(f.name == "tenant" for f in model._meta.concrete_fields):
            rows = rows.filter(tenant=base("north"))
        for pk in list(rows.values_list("pk", flat=True)):
            with transaction.atomic():
                by_hand(f"DELETE FROM {model._meta.db_table} WHERE id = %s", pk)
                assert check(), f"{model.__name__} {pk}"
                transaction.set_rollback(True)


def test_a_log_that_is_written_anew_from_the_beginning_is_found_by_its_published_head(told):
    """Whoever rewrites every line, hash and certificate alike, cannot sign for the centre."""
    with tenant_context(base("north")):
        lines = list(LogEntry.objects.order_by("seq"))
        last = lines[-1]
        by_hand(f"DELETE FROM {LogEntry._meta.db_table} WHERE id = %s", last.pk)
        assert {each.what for each in check()} >= {"head_ahead"}


def test_a_certificate_that_is_put_in_by_hand_is_found(told):
    with tenant_context(base("north")), transaction.atomic():
        row = Certificate.objects.last()
        names = [f.column for f in Certificate._meta.concrete_fields if f.name != "id"]
        values = ", ".join(
            {
                "number": "'X-1'",
                "code": "'X'",
                "serial": "999",
                "status": "'superseded'",
                "revoked_on": "issued_on",
                "revoke_reason": "'x'",
                "version": "1",
                "correction": "''",
                "replaces_id": "NULL",
            }.get(n, n)
            for n in names
        )
        by_hand(
            f"INSERT INTO {Certificate._meta.db_table} ({', '.join(names)}) SELECT {values}"
            f" FROM {Certificate._meta.db_table} WHERE id = %s",
            row.pk,
        )
        assert {each.what for each in check()} == {"certificate_unlogged"}
        transaction.set_rollback(True)


def test_the_database_refuses_to_change_or_remove_a_line_or_a_head(told):
    with tenant_context(base("north")):
        for table in (LogEntry._meta.db_table, f"public.{LogHead._meta.db_table}"):
            for act in (f"UPDATE {table} SET seq = seq + 1000", f"DELETE FROM {table}"):
                with (
                    pytest.raises(DatabaseError, match="append-only"),
                    transaction.atomic(),
                    connection.cursor() as cursor,
                ):
                    cursor.execute(act)


def test_heads_are_published_once_a_day_for_every_base(told):
    with tenant_context(the_centre()):
        assert publish() == []
        day = timezone.localdate()
        assert set(LogHead.objects.filter(day=day).values_list("tenant__slug", flat=True)) >= {
            "north",
            "south",
        }
        assert len(publish(day + timedelta(days=1))) == LogHead.objects.filter(day=day).count()
