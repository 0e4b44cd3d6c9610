"""What has to work on Citus, from nothing to a base that left and came back.

`test_coordinator.py` tells it twice: on one machine, where what is only of Citus is left out, and on
a cluster, by `python -m tests.tenants.citus.story` with TRAINBASE_CITUS=1 on an empty database.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import django
from django.db import connection


def on_citus():
    from django.conf import settings

    return settings.CITUS


def rows(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


def from_nothing():
    """Shared tables, reference tables, template, centre and two bases; twice the same."""
    from django.core.management import call_command

    from tenants.citus.references import make_reference_tables, waiting_tables
    from tenants.provisioning import prepare_database
    from tests.cast import build

    assert rows("SELECT to_regclass('public.tenants_tenant')") == [(None,)], "not empty"
    prepare_database()
    assert waiting_tables() == []
    assert make_reference_tables() == [], "safe to run twice"
    call_command("citus_reference_tables", "--json")
    build()
    prepare_database()


SCHEMAS = ("c_centre", "b_north", "b_south")


def every_tenant_is_whole_on_one_worker_and_the_template_on_none():
    if not on_citus():
        return
    from tenants.citus.placement import UNPLACED, WORKERS
    from tenants.provisioning import TEMPLATE

    used = set()
    for schema in SCHEMAS:
        assert rows(UNPLACED, schema) == []
        (worker,) = rows(WORKERS, schema)
        used.add(worker)
        tables, shards = rows(
            "SELECT count(DISTINCT c.oid), count(s.shardid) FROM pg_class c "
            "LEFT JOIN pg_dist_shard s ON s.logicalrelid = c.oid "
            "WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' "
            "AND NOT relation_is_a_known_shard(c.oid)",
            schema,
        )[0]
        assert tables == shards > 50, (schema, tables, shards)
    listed = {name for (name,) in rows("SELECT schema_name::text FROM citus_schemas")}
    assert listed == set(SCHEMAS)
    assert rows(
        "SELECT c.relname FROM pg_class c JOIN pg_dist_partition d ON d.logicalrelid = c.oid "
        "WHERE c.relnamespace = %s::regnamespace AND d.colocationid > 0",
        TEMPLATE,
    ) == []  # fmt: skip
    workers = rows(
        "SELECT count(*) FROM pg_dist_node WHERE shouldhaveshards AND isactive "
        "AND noderole = 'primary'"
    )[0][0]
    assert len(used) == min(workers, len(SCHEMAS)), "tenants land on workers in turn"


def browser(slug):
    from django.test import Client

    return Client(HTTP_HOST=f"{slug}.localhost")


def signed_in(slug):
    """The manager's browser, by password and second factor."""
    from tests.cast import PASSWORD, code_now

    found = browser(slug)
    answer = found.post("/login/", {"username": "manager", "password": PASSWORD})
    assert answer.url.startswith("/account/second-factor/authenticate/")
    assert found.post(answer.url, {"code": code_now()}).status_code == 302
    assert found.get("/desk/").status_code == 200
    return found


def a_clerk_works_on_pages(slug):
    """Create, edit, search, move, copy and delete, as an editor does."""
    from django_tenants.utils import tenant_context

    from courses.models import BaseHomePage, CoursePage
    from tests.cast import base
    from tests.courses.test_pages import course_form

    editor = signed_in(slug)
    with tenant_context(base(slug)):
        front = BaseHomePage.objects.get().pk
        old = CoursePage.objects.get().pk
        form = course_form("服装设计入门", publish=True)
    added = editor.post(f"/admin/pages/add/courses/coursepage/{front}/", form)
    assert added.status_code == 302, added.content.decode()[-2000:]
    with tenant_context(base(slug)):
        page = CoursePage.objects.get(slug="another").pk
        form = course_form("服装设计提高", publish=True)
    assert editor.post(f"/admin/pages/{page}/edit/", form).status_code == 302
    assert "服装设计提高" in browser(slug).get("/another/").content.decode()
    assert "服装设计提高" in editor.get("/admin/pages/search/?q=服装设计提高").content.decode()
    moved = editor.post(f"/admin/pages/{page}/set_position/?position=0")
    assert moved.status_code == 200
    with tenant_context(base(slug)):
        order = list(BaseHomePage.objects.get().get_children().values_list("pk", flat=True))
        assert order == [page, old]
    copied = editor.post(
        f"/admin/pages/{page}/copy/",
        {"new_title": "副本", "new_slug": "copy", "new_parent_page": front, "publish_copies": "on"},
    )
    assert copied.status_code == 302
    assert browser(slug).get("/copy/").status_code == 200
    assert editor.post(f"/admin/pages/{page}/delete/").status_code == 302
    assert browser(slug).get("/another/").status_code == 404


def a_class_is_certified(slug):
    """From an empty class to a certificate that the centre's page calls valid; returns it."""
    from django_tenants.utils import tenant_context

    from certificates.register.status import look_up
    from certificates.services.issue import issue_class
    from certificates.services.papers import paper
    from tests.cast import base
    from tests.story import finished

    with tenant_context(base(slug)):
        issued = issue_class(finished(people=3, seed=len(slug) + ord(slug[0])), None)
        assert len(issued.certificates) == 3, issued.refused
        first = issued.certificates[0]
        assert paper(first).startswith(b"%PDF")
    assert look_up(first.code).status == "valid"
    page = browser("centre").get(f"/c/{first.code}")
    assert page.status_code == 200
    assert first.number in page.content.decode()
    return first


def all_tenants_are_counted_in_one_query():
    query = " UNION ALL ".join(
        f'SELECT count(*) FROM "{schema}".courses_trainee' for schema in SCHEMAS[1:]
    )
    assert rows(query) == [(3,), (3,)]


def a_later_deploy_migrates_every_base():
    """One app's tables are missing, as before its release; `migrate_bases` brings them."""
    from django.core.management import call_command

    from tenants import migrating
    from tests.tenants.test_migrating import has_tables, put_back

    put_back(*SCHEMAS)
    assert sorted(migrating.behind()) == sorted(SCHEMAS)
    connection.close()
    call_command("migrate_bases", "--json")
    assert migrating.behind() == []
    assert all(has_tables(schema) for schema in SCHEMAS)


def a_table_with_rows_gets_columns_with_constraints(slug):
    """Check, unique and foreign key into the schema and to a shared table; and away again."""
    from django.db import DatabaseError, models, transaction
    from django.test.utils import isolate_apps
    from django_tenants.utils import tenant_context

    from courses.models import TrainingClass
    from tenants.models import Division
    from tests.cast import base

    with isolate_apps("courses"):

        class Wider(models.Model):
            extra = models.PositiveIntegerField(null=True, unique=True)
            filled = models.CharField(max_length=9, default="x")
            other_class = models.ForeignKey(
                TrainingClass, models.CASCADE, null=True, related_name="+"
            )
            born_in = models.ForeignKey(Division, models.CASCADE, null=True, related_name="+")

            class Meta:
                app_label = "courses"
                db_table = "courses_trainee"

    fields = [f for f in Wider._meta.local_fields if not f.primary_key]
    with tenant_context(base(slug)):
        for field in fields:
            with connection.schema_editor() as editor:
                editor.add_field(Wider, field)
        assert set(Wider.objects.values_list("filled", flat=True)) == {"x"}
        first = Wider.objects.first()
        for wrong in ({"extra": -1}, {"other_class_id": 10**9}, {"born_in_id": 10**9}):
            try:
                with transaction.atomic():
                    Wider.objects.filter(pk=first.pk).update(**wrong)
            except DatabaseError:
                continue
            raise AssertionError(f"{wrong} was accepted")
        for field in fields:
            with connection.schema_editor() as editor:
                editor.remove_field(Wider, field)


def a_base_leaves_and_comes_back(slug, certificate, folder):
    """Its export is read again where it was removed; its certificate stays valid, its keys go on."""
    from django.conf import settings
    from django.core.management import call_command
    from django_tenants.utils import tenant_context

    from certificates.models import Certificate
    from certificates.register.status import look_up
    from certificates.services.papers import paper
    from tests.cast import base
    from tests.lms.test_archive import remove
    from tests.story import a_class

    with tenant_context(base(slug)):
        kept = paper(certificate)
    file = Path(folder) / f"{slug}.zip"
    call_command("base_export", slug, str(file), "--json")
    for root in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        shutil.rmtree(Path(root) / str(base(slug).uuid), ignore_errors=True)
    remove(slug)
    assert look_up(certificate.code).status == "unknown"
    call_command("base_import", str(file), "--json")
    assert look_up(certificate.code).status == "valid"
    with tenant_context(base(slug)):
        assert paper(Certificate.objects.get(code=certificate.code)) == kept
        assert a_class(code="T-09", seed=77).pk > 1, "keys go on"


def tell(folder):
    """All of it but `from_nothing`. Prints each step before it begins."""
    certificates = {}

    def step(act, *given):
        print(act.__name__.replace("_", " "), *(g for g in given if isinstance(g, str)), flush=True)
        return act(*given)

    step(every_tenant_is_whole_on_one_worker_and_the_template_on_none)
    for slug in ("north", "south"):
        step(a_clerk_works_on_pages, slug)
        certificates[slug] = step(a_class_is_certified, slug)
    step(all_tenants_are_counted_in_one_query)
    step(a_later_deploy_migrates_every_base)
    step(a_table_with_rows_gets_columns_with_constraints, "north")
    step(a_base_leaves_and_comes_back, "north", certificates["north"], folder)
    step(every_tenant_is_whole_on_one_worker_and_the_template_on_none)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    with tempfile.TemporaryDirectory() as place:
        os.environ["TRAINBASE_FILES"] = place
        django.setup()
        from tenants.citus.checks import refuse_database_without_citus

        assert on_citus(), "TRAINBASE_CITUS=1"
        refuse_database_without_citus()
        from_nothing()
        tell(place)
    sys.exit(0)
