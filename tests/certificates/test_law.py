"""The order of the chain in the database itself: no service, no model, only SQL."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.models import Certificate, FollowUp, Objection, Outcome, Revocation
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, decide_objection, object_to, record_outcome
from certificates.services.revoke import revoke
from courses.models import Attendance, Enrolment, Score, Trainee
from tenants.staff.models import User
from tests.cast import base, two
from tests.story import a_class, assessed, finished, taught

WORK = Facts("flexible", "self_reported", started_on=timezone.localdate())


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def copy_of(certificate, **other):
    """The row once more under other names, as somebody puts it in by hand."""
    given = {"number": "X-1", "code": "X" * 20, "serial": 900} | other
    names = [f.column for f in Certificate._meta.concrete_fields if f.name != "id"]
    chosen = ", ".join("%s" if name in given else name for name in names)
    listed = ", ".join(names)
    table = Certificate._meta.db_table
    values = [given[name] for name in names if name in given]
    return sql(
        f"INSERT INTO {table} ({listed}) SELECT {chosen} FROM {table} WHERE id = %s",
        *values,
        certificate.pk,
    )


@pytest.fixture
def paper(north):
    """A valid certificate; the class has a second person who was away."""
    one = finished(people=2, marks={1: ("absent", 0)})
    return issue_class(one, None).certificates[0]


def test_no_column_of_an_issued_certificate_is_changed_by_sql(paper):
    others = {
        "JSONField": """'{"x": 1}'""",
        "BinaryField": "'\\x00'::bytea",
        "CharField": "'x'",
        "TextField": "'x'",
        "DateField": "'2020-01-01'::date",
    }
    for field in Certificate._meta.concrete_fields:
        if field.name in {"id", *Certificate.WRITTEN_LATER}:
            continue
        other = others.get(field.get_internal_type(), f"coalesce({field.column}, 0) + 1")
        with pytest.raises(IntegrityError, match="frozen"):
            sql(f"UPDATE {Certificate._meta.db_table} SET {field.column} = {other}")


def test_the_columns_that_are_written_later_are_those_that_the_guard_lets_through():
    from certificates.law.guards import FUNCTIONS

    columns = {Certificate._meta.get_field(name).column for name in Certificate.WRITTEN_LATER}
    text = FUNCTIONS["guard_certificate"]
    listed = text[text.index("later text[] := ARRAY[") :].split("ARRAY[")[1].split("]")[0]
    assert {each.strip().strip("'") for each in listed.split(",")} == columns


def test_a_certificate_that_has_ended_stays_ended(paper):
    revoke(paper, "other", "误发", *two())
    for change in (
        "status = 'valid', revoked_on = NULL, revoke_reason = '', revoked_by_id = NULL",
        "revoke_reason = '别的'",
        "revoked_on = '2020-01-01'",
    ):
        with pytest.raises(IntegrityError, match="stays ended"):
            sql(f"UPDATE {Certificate._meta.db_table} SET {change}")


def test_a_certificate_is_not_deleted_by_sql(paper):
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
        with pytest.raises(DatabaseError, match="append-only"):
            sql(statement.format(Certificate._meta.db_table))


def test_its_paper_is_written_once(paper):
    table = Certificate._meta.db_table
    assert sql(f"UPDATE {table} SET pdf_sha256 = %s", "a" * 64) == 1
    with pytest.raises(IntegrityError, match="made once"):
        sql(f"UPDATE {table} SET pdf_sha256 = %s", "b" * 64)


def test_a_second_certificate_that_rests_on_nothing_is_refused(paper):
    absent = Enrolment.objects.exclude(pk=paper.enrolment_id).get()
    with pytest.raises(IntegrityError, match="not trained"):
        copy_of(paper, enrolment_id=absent.pk, trainee_id=absent.trainee_id)
    with pytest.raises(IntegrityError, match="person, project or rules"):
        copy_of(paper, trainee_id=absent.trainee_id)
    with pytest.raises(IntegrityError, match="begins as valid"):
        copy_of(paper, status="superseded", revoked_on=paper.issued_on, revoke_reason="x")


def test_scores_that_nobody_has_entered_are_refused(paper):
    with pytest.raises(IntegrityError, match="scores"):
        copy_of(paper, theory_score=99)
    with pytest.raises(DatabaseError, match="append-only"):
        sql(f"UPDATE {Score._meta.db_table} SET theory = 99")


@pytest.mark.parametrize("left_out", ["marks", "review", "scores", "finish"])
def test_no_row_is_put_in_before_its_step(paper, left_out):
    """Certified without qualified, qualified without trained, trained without a review."""
    other = a_class(code="T-02", people=1, seed=9, days_ago=40)
    if left_out != "marks":
        taught(other, reviewed=left_out != "review")
    if left_out != "scores":
        assessed(other)
    if left_out != "finish":
        sql("UPDATE courses_trainingclass SET state = 'finished' WHERE id = %s", other.pk)
    person = other.enrolments.get()
    said = {
        "marks": "not trained", "review": "not trained", "scores": "scores", "finish": "finished",
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=said[left_out]):
        copy_of(paper, enrolment_id=person.pk, trainee_id=person.trainee_id)


def test_nothing_is_said_of_a_certificate_that_is_not_valid(paper):
    first = record_outcome(paper, WORK, by=User.objects.get(username="clerk"))
    revoke(paper, "other", "误发", *two())
    row = Outcome(
        certificate=paper, kind="flexible", evidence="document",
        started_on=paper.issued_on, recorded_by=first.recorded_by,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="not valid"), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError, match="not valid"), transaction.atomic():
        Outcome.objects.bulk_create([row])
    assert Outcome.objects.count() == 1


def test_an_objection_may_still_be_upheld_after_a_revocation(paper):
    first = record_outcome(paper, WORK, by=User.objects.get(username="clerk"))
    found = object_to(first, "没有这份工作")
    revoke(paper, "other", "误发", *two())
    decide_objection(found, True, User.objects.get(username="manager"), "核实")
    assert Outcome.objects.last().kind == "unknown"


def test_an_outcome_overrules_only_what_was_said_of_the_same_person(north):
    one, other = issue_class(finished(people=2), None).certificates
    said = record_outcome(one, WORK, by=User.objects.get(username="clerk"))
    row = Outcome(
        certificate=other, kind="unemployed", evidence="document", replaces=said, reason="x",
        recorded_by=said.recorded_by,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="somebody else"), transaction.atomic():
        row.save()


def test_two_bases_keep_their_own_order(db):
    """The guard of one schema reads that schema, whatever the path of the connection."""
    with tenant_context(base("north")):
        paper = issue_class(finished(people=1), None).certificates[0]
    with tenant_context(base("south")), pytest.raises(IntegrityError):
        sql(
            "INSERT INTO b_north.certificates_outcome (certificate_id, kind, place_code, employer,"
            " employer_uscc, employer_trade, job, full_time, contract, wage, evidence, note, flags,"
            " reason, end_reason, said_by, recorded_at) VALUES (%s, 'unemployed', '', '', '', '', '',"
            " true, '', '', 'document', '', '{}', '', '', '', now())",
            paper.pk,
        )  # fmt: skip


CHAIN = (
    Attendance,
    Certificate,
    Enrolment,
    FollowUp,
    Objection,
    Outcome,
    Revocation,
    Score,
    Trainee,
)


def test_wagtails_admin_makes_and_edits_no_row_of_the_chain(visit):
    """Every address of the admin whose view has a model, and every place to choose or import from."""
    from django.urls import get_resolver
    from wagtail.snippets.models import get_snippet_models

    assert not set(get_snippet_models()) & set(CHAIN)

    def views(patterns):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                yield from views(pattern.url_patterns)
            else:
                yield pattern.callback

    for urls in ("lms.urls.base", "lms.urls.centre"):
        for view in views(get_resolver(urls).url_patterns):
            found = getattr(view, "view_initkwargs", {}).get("model")
            found = found or getattr(getattr(view, "view_class", None), "model", None)
            assert found not in CHAIN, view


def test_a_manager_finds_no_page_of_the_admin_about_it(visit):
    """Addresses that a viewset, a snippet or a chooser of each model would have."""
    manager = visit("north", "manager")
    for model in CHAIN:
        app, name = model._meta.app_label, model._meta.model_name
        for path in (f"snippets/{app}/{name}/", f"{name}/", f"{name}s/new/", f"{app}/{name}/add/"):
            assert manager.get(f"/admin/{path}").status_code in (302, 404), path
