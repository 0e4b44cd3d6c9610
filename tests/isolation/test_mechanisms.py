"""One mechanism for each way in, and for each a control: broken on purpose, the probe finds it.

A probe stands in the base north and returns what it sees of the base south.
"""

import logging
import threading

import pytest
from django.conf import settings as project
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.base import default_key_func
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, transaction
from django.middleware.locale import LocaleMiddleware
from django.test import Client
from django.utils import translation
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tenants.utils import tenant_context

from courses.models import CoursePage, TrainingClass
from tenants import hosts
from tenants.current import NoTenant
from tenants.jobs import services as jobs
from tenants.jobs.models import JobRun
from tenants.jobs.tasks import run_job
from tenants.jobs.worker import TenantWorker
from tenants.logs import TenantFilter
from tenants.middleware import TenantMiddleware
from tenants.staff import services as staff
from tenants.staff.models import Invitation, User
from tenants.storage import TenantStorage
from tests.cast import PASSWORD, base
from tests.isolation.conftest import canary

SOUTH = canary("south")
PROBES, BREAKS = {}, {}


def probe(function):
    PROBES[function.__name__] = function
    return function


def breaks(name):
    def register(function):
        BREAKS[name] = function
        return function

    return register


def at(slug):
    return tenant_context(base(slug))


# -- rows ------------------------------------------------------------------------------------


@probe
def rows(enter):
    connection.set_tenant(base("south"))
    with at("north"):
        return [c.code for c in TrainingClass.objects.filter(code__startswith=SOUTH)]


@breaks("rows")
def _(patch, settings):
    connection.set_schema("b_south")
    patch.setattr(connection, "set_tenant", lambda *args, **kwargs: None, raising=False)


# -- caches ----------------------------------------------------------------------------------


def _caches_share(patch):
    for alias in project.CACHES:
        patch.setattr(caches[alias], "key_func", default_key_func)


@probe
def every_cache(enter):
    seen = []
    for alias in project.CACHES:
        with at("south"):
            caches[alias].set("who", SOUTH)
        with at("north"):
            seen += [alias] if caches[alias].get("who") == SOUTH else []
    return seen


@breaks("every_cache")
def _(patch, settings):
    _caches_share(patch)


@probe
def content_types(enter):
    """South's key of a model is another one than north's, as after an import."""
    from trainbase_sample.models import Note

    ContentType.objects._cache.clear()
    with transaction.atomic():
        with at("south"):
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE django_content_type SET id = id + 5000"
                    " WHERE app_label = 'sample' AND model = 'note'"
                )
            souths = ContentType.objects.get_for_model(Note).pk
        with at("north"):
            seen = ContentType.objects.get_for_model(Note).pk
        transaction.set_rollback(True)
    ContentType.objects._cache.clear()
    return [souths] if seen == souths else []


@breaks("content_types")
def _(patch, settings):
    patch.setattr(type(ContentType.objects), "clear_cache", lambda self: None)


@probe
def page_urls_outside_requests(enter):
    with at("south"):
        page = CoursePage.objects.get()
        assert "south.localhost" in page.full_url
    with at("north"):
        url = CoursePage.objects.get().full_url
    return [url] if "south" in url else []


@breaks("page_urls_outside_requests")
def _(patch, settings):
    _caches_share(patch)


@probe
def renditions(enter):
    from wagtail.images.models import Image

    with at("south"):
        Image.objects.get(title__startswith=SOUTH).get_rendition("width-100")
    with at("north"):
        found = Image.objects.get(title__startswith=canary("north")).get_rendition("width-100")
        return [found.file.name] if SOUTH in found.file.name else []


@breaks("renditions")
def _(patch, settings):
    _caches_share(patch)


# -- sessions, previews, signed values -------------------------------------------------------


def _with_souths_cookie(enter):
    stranger = enter("south", "manager")
    here = Client(HTTP_HOST="north.localhost", raise_request_exception=False)
    here.cookies = stranger.cookies
    return stranger, here


def _sessions_share(patch):
    """As signed cookies, or a session table of all bases, with an unsalted hash would be."""
    load = SessionStore.load

    def from_south(self):
        with at("south"):
            return load(self)

    patch.setattr(SessionStore, "load", from_south)
    patch.setattr(User, "_get_session_auth_hash", AbstractBaseUser._get_session_auth_hash)
    with at("south"):
        hashed = User.objects.get(username="manager").password
    with at("north"):
        User.objects.filter(username="manager").update(password=hashed)


@probe
def sessions(enter):
    _, here = _with_souths_cookie(enter)
    answer = here.get("/staff/")
    return [answer.status_code] if answer.status_code == 200 else []


@breaks("sessions")
def _(patch, settings):
    _sessions_share(patch)


@probe
def previews(enter):
    stranger, here = _with_souths_cookie(enter)
    with at("south"):
        page = CoursePage.objects.get()
    form = {
        "title": SOUTH, "slug": "sewing", "project": page.project_id, "summary": SOUTH,
        "place": SOUTH, "contact": SOUTH, "contact_phone": "1", "syllabus-count": "0",
        "teachers-count": "0", "questions-count": "0",
        "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0",
    }  # fmt: skip
    address = f"/admin/pages/{page.pk}/edit/preview/"
    assert stranger.post(address, form).json()["is_valid"]
    return [address] if SOUTH in here.get(address).content.decode() else []


@breaks("previews")
def _(patch, settings):
    """Everything of north is read in south's schema, as with a search path left behind."""
    _sessions_share(patch)
    right = TenantMiddleware.process_request

    def left_behind(self, request):
        answer = right(self, request)
        if "/preview/" in request.path:
            connection.set_tenant(base("south"))
        return answer

    patch.setattr(TenantMiddleware, "process_request", left_behind)


@probe
def links_of_invitations_and_new_passwords(enter):
    with at("south"):
        token = staff.new_link(User.objects.get(username="trainer"), "x")
        row = Invitation.objects.get(username="trainer")
    with at("north"):
        Invitation.objects.filter(username="trainer").delete()
        row.pk, row._state.adding = None, True
        row.save()  # even if the row were copied here
        return [token] if staff.find_invitation(token) else []


@breaks("links_of_invitations_and_new_passwords")
def _(patch, settings):
    south = base("south")
    patch.setattr(staff, "current_tenant", lambda: south)


@probe
def password_reset_tokens(enter):
    """There are none: a lost password is mended by a link of the base itself."""
    here = Client(HTTP_HOST="north.localhost")
    paths = ("/admin/password_reset/", "/admin/password_reset/confirm/MQ/x-y/")
    return [p for p in paths if here.get(p).status_code != 404]


@breaks("password_reset_tokens")
def _(patch, settings):
    settings.WAGTAIL_PASSWORD_RESET_ENABLED = True


# -- files -----------------------------------------------------------------------------------


@probe
def files(enter):
    here = Client(HTTP_HOST="north.localhost", raise_request_exception=False)
    path = f"/media/original_images/{SOUTH}.jpg"
    return [path] if here.get(path).status_code == 200 else []


@breaks("files")
def _(patch, settings):
    with at("south"):
        folder = default_storage.base_location
    patch.setattr(TenantStorage, "base_location", folder)
    patch.setattr(TenantStorage, "location", folder)


# -- jobs, threads ---------------------------------------------------------------------------


@probe
def jobs_in_their_schema(enter):
    """The same job number stands in both bases: only south's may be done."""
    with at("south"):
        run = JobRun.objects.create(kind="test.isolation", label="x")
        DBTaskResult.objects.all().delete()
        run_job.enqueue(run.pk)
    with at("north"):
        twin = JobRun.objects.create(pk=run.pk, kind="test.isolation", label="x")
        worker = TenantWorker(
            queue_names=["*"], interval=0, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id="isolation", excluded_queue_names=[],
        )  # fmt: skip
        worker.run_task(DBTaskResult.objects.get())
        twin.refresh_from_db()
        state = twin.state
        twin.delete()
    with at("south"):
        JobRun.objects.filter(pk=run.pk).delete()
    return [state] if state != "waiting" else []


@breaks("jobs_in_their_schema")
def _(patch, settings):
    patch.setattr(TenantWorker, "run_task", Worker.run_task)


@probe
def threads(enter):
    """A thread belongs to no tenant: it fails instead of reading somebody's rows."""
    seen = []

    def work():
        try:
            seen.extend(c.code for c in TrainingClass.objects.all())
        except (ProgrammingError, NoTenant):
            pass
        finally:
            connection.close()

    with at("south"):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    return seen


@breaks("threads")
def _(patch, settings):
    run = threading.Thread.run

    def inherit(self):
        connection.set_schema("b_south")
        run(self)

    patch.setattr(threading.Thread, "run", inherit)


# -- e-mail, logs, locale, hosts -------------------------------------------------------------


@probe
def e_mail(enter):
    mail.outbox = []
    wrong = []
    for slug in ("south", "north"):
        with at(slug):
            mail.send_mail("x", "x", None, ["a@x.cn"])
        message = mail.outbox.pop()
        wrong += [message.from_email] if f"{slug}.localhost" not in message.from_email else []
    return wrong


@breaks("e_mail")
def _(patch, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@probe
def logs(enter):
    seen = []

    class Keep(logging.Handler):
        def emit(self, record):
            seen.append(getattr(record, "tenant", None))

    handler = Keep()
    handler.addFilter(TenantFilter())
    logger = logging.getLogger("test.isolation")
    logger.addHandler(handler)
    for slug in ("south", "north"):
        with at(slug):
            logger.warning("x")
    logger.removeHandler(handler)
    return [] if seen == ["b_south", "b_north"] else seen


@breaks("logs")
def _(patch, settings):
    patch.setattr(TenantFilter, "filter", lambda self, record: True)


@probe
def locale(enter):
    there = Client(HTTP_HOST="south.localhost")
    there.cookies["django_language"] = "en"
    there.get("/")
    page = Client(HTTP_HOST="north.localhost").get("/").content.decode()
    return [] if '<html lang="zh-Hans"' in page else ["en"]


@breaks("locale")
def _(patch, settings):
    """A thread that keeps the language of the request before."""
    patch.setattr(
        LocaleMiddleware, "process_request", lambda self, request: _keep_language(request)
    )


def _keep_language(request):
    if request.COOKIES.get("django_language"):
        translation.activate(request.COOKIES["django_language"])
    request.LANGUAGE_CODE = translation.get_language()


@probe
def hosts_of_nobody(enter):
    seen = []
    for host in ("nobody.localhost", "localhost"):
        answer = Client(HTTP_HOST=host, raise_request_exception=False).get("/login/")
        seen += [host] if answer.status_code != 404 else []
    behind = Client(HTTP_HOST="nobody.localhost", HTTP_X_FORWARDED_HOST="south.localhost")
    return seen + (["forwarded"] if behind.get("/login/").status_code != 404 else [])


@breaks("hosts_of_nobody")
def _(patch, settings):
    found = hosts.find("south.localhost")
    patch.setattr(hosts, "find", lambda host: hosts.Found(found.tenant, host))


# -- tables ----------------------------------------------------------------------------------


@probe
def tables_that_fall_through_to_public(enter):
    """Names of tenant tables that the shared schema has too: a missing one would go unseen."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename IN "
            "(SELECT tablename FROM pg_tables WHERE schemaname = 'b_north') "
            "AND tablename <> 'django_migrations'"
        )
        return [name for (name,) in cursor.fetchall()]


@breaks("tables_that_fall_through_to_public")
def _(patch, settings):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.courses_trainingclass (id int)")


# -- the tests -------------------------------------------------------------------------------


@pytest.fixture
def steady(world, settings, monkeypatch):
    """The world in a transaction that is undone, with mail kept in memory."""
    settings.TENANT_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_BACKEND = "tenants.mail.TenantEmailBackend"
    monkeypatch.setitem(jobs._kinds, "test.isolation", lambda run, progress: {})
    with transaction.atomic():
        connection.set_schema_to_public()
        yield
        transaction.set_rollback(True)
    connection.set_schema_to_public()


@pytest.mark.parametrize("name", list(PROBES))
def test_a_base_sees_nothing_of_the_other(steady, enter, name):
    assert PROBES[name](enter) == []


@pytest.mark.parametrize("name", list(PROBES))
def test_control_broken_on_purpose_it_is_found_out(steady, enter, monkeypatch, settings, name):
    with monkeypatch.context() as patch:
        BREAKS[name](patch, settings)
        assert PROBES[name](enter) != []


def test_a_base_without_a_table_fails_loudly(steady):
    with at("north"), connection.cursor() as cursor:
        cursor.execute("DROP TABLE b_north.courses_score CASCADE")
        from courses.models import Score

        with pytest.raises(ProgrammingError, match="does not exist"), transaction.atomic():
            Score.objects.count()
    with at("south"):
        assert Score.objects.exists()


def test_an_e_mail_of_nobody_is_refused(steady):
    from django.core.exceptions import SuspiciousOperation

    with pytest.raises(SuspiciousOperation):
        mail.send_mail("x", "x", None, ["a@x.cn"])


def test_wagtails_own_jobs_carry_their_tenant(steady):
    DBTaskResult.objects.all().delete()
    for slug in ("north", "south"):
        with at(slug):
            page = CoursePage.objects.get()
            page.title = f"{page.title}!"
            page.save_revision().publish()
    paths = {}
    for row in DBTaskResult.objects.all():
        paths.setdefault(row.args_kwargs["tenant"], set()).add(row.task_path)
    assert set(paths) == {"b_north", "b_south"}
    assert any("index" in path for path in paths["b_north"])


def test_every_mechanism_has_its_control_and_the_page_about_it_names_them():
    from pathlib import Path

    assert set(PROBES) == set(BREAKS)
    text = Path(__file__).parents[2].joinpath("docs/explanation/isolation.md").read_text()
    assert [name for name in PROBES if f"`{name}`" not in text] == []
    assert PASSWORD not in text
