"""Off means gone, on means there, for each kind of contribution, in each of two bases.

The matrix prints itself: contribution x off and on x two tenants.
"""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.search.index import insert_or_update_object

from certificates.claims import Claims
from certificates.extensions import Checked, certificate_templates, verification_outputs
from certificates.services.evidence import cases_of
from courses.models import BaseHomePage
from courses.services.classes import open_class
from lms.plugin.testing import inside, plugin_on, tenant_of
from tenants.outbox.services import send_message
from tenants.plugins.hooks import unwrapped
from tenants.plugins.panels import panels
from tenants.plugins.points import results
from tenants.plugins.reports import reports
from tenants.plugins.schedule import enqueue_due, jobs
from tests.counting import statements
from tests.story import a_class

MATRIX = {}


@pytest.fixture(scope="module", autouse=True)
def _print_the_matrix(request):
    yield
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print("\nplugins: contribution | north off/on | south while north is on")
        for name, seen in MATRIX.items():
            print(f"  {name:<24} {seen[0]:>5} {seen[1]:>5} {seen[2]:>5}")


def get(visit, slug, path, role="manager"):
    return visit(slug, role).get(path)


def there(answer):
    return answer.status_code == 200


def page_of(visit, slug):
    with inside(slug):
        from trainbase_sample.models import SamplePage

        found = SamplePage.objects.filter(slug="sample-page").first()
        if found is None:
            home = BaseHomePage.objects.get()
            found = home.add_child(
                instance=SamplePage(title="样例页甲 samplepage", slug="sample-page")
            )
            found.save_revision().publish()
            insert_or_update_object(found)  # as the job does
        return found


def menu(visit, slug):
    return get(visit, slug, "/admin/").content.decode()


def rules_of(slug):
    with inside(slug):
        from courses.models import TrainingClass

        found = TrainingClass.objects.first() or a_class(people=1)
        return {v.rule for v in cases_of(found)[0].verdicts}


def papers(slug):
    with inside(slug):
        return bool(certificate_templates.on())


CHECKED = Checked("N-1", {}, timezone.localdate(), "x")
CONTRIBUTIONS = {
    "address": lambda visit, s: there(get(visit, s, "/sample/", "")),
    "api address": lambda visit, s: there(get(visit, s, "/sample/api/notes/", "")),
    "admin address of a hook": lambda visit, s: there(get(visit, s, "/admin/sample-own/")),
    "viewset": lambda visit, s: there(get(visit, s, "/admin/sample-notes/")),
    "viewset add": lambda visit, s: there(get(visit, s, "/admin/sample-notes/new/")),
    "viewset menu": lambda visit, s: "/admin/sample-notes/" in menu(visit, s),
    "snippet": lambda visit, s: there(get(visit, s, "/admin/snippets/sample/tag/")),
    "snippet in the list": lambda visit, s: (
        "/snippets/sample/tag/" in get(visit, s, "/admin/snippets/").content.decode()
    ),
    "snippet chooser": lambda visit, s: there(get(visit, s, "/admin/snippets/choose/sample/tag/")),
    "menu of a hook": lambda visit, s: "/admin/sample-own/" in menu(visit, s),
    "markup of a hook": lambda visit, s: "sample-css" in menu(visit, s),
    "settings": lambda visit, s: (
        get(visit, s, "/admin/settings/sample/samplesettings/").status_code != 404
    ),
    "settings menu": lambda visit, s: "/settings/sample/" in menu(visit, s),
    "page that was published": lambda visit, s: (
        page_of(visit, s) is not None and there(get(visit, s, "/sample-page/", ""))
    ),
    "page in the editor": lambda visit, s: there(
        get(visit, s, f"/admin/pages/{page_of(visit, s).pk}/edit/")
    ),
    "page in the explorer": lambda visit, s: (
        page_of(visit, s) is not None
        and "样例页甲" in get(visit, s, "/admin/pages/3/").content.decode()
    ),
    "page in the search": lambda visit, s: (
        page_of(visit, s) is not None
        and "样例页甲" in get(visit, s, "/admin/pages/?q=samplepage").content.decode()
    ),
    "page in the chooser": lambda visit, s: (
        page_of(visit, s) is not None
        and "样例页甲" in get(visit, s, "/admin/choose-page/search/?q=samplepage").content.decode()
    ),
    "page type": lambda visit, s: (
        "/add/sample/samplepage/" in get(visit, s, "/admin/pages/3/add_subpage/").content.decode()
    ),
    "page to be made": lambda visit, s: there(
        get(visit, s, "/admin/pages/add/sample/samplepage/3/")
    ),
    "eligibility_rules": lambda visit, s: "sample.age" in rules_of(s),
    "evidence_checks": lambda visit, s: "sample.minutes" in rules_of(s),
    "certificate_templates": lambda visit, s: papers(s),
    "verification_outputs": lambda visit, s: _in(
        s, lambda: bool(list(results(verification_outputs, CHECKED)))
    ),
    "channels": lambda visit, s: _in(
        s, lambda: send_message("1", "x", "x", "carrier").state == "sent"
    ),
    "reports": lambda visit, s: there(get(visit, s, "/desk/reports/sample/notes/")),
    "dashboard_panels": lambda visit, s: "样例面板" in get(visit, s, "/desk/").content.decode(),
    "jobs": lambda visit, s: _in(s, lambda: any(c.plugin == "sample" for c in jobs.on())),
}


def _in(slug, look):
    with inside(slug):
        return look()


@pytest.mark.parametrize("name", CONTRIBUTIONS)
def test_off_means_gone_on_means_there_and_the_other_base_sees_nothing(name, visit, db):
    look = CONTRIBUTIONS[name]
    off = look(visit, "north")
    with plugin_on("north", "sample"):
        on, other = look(visit, "north"), look(visit, "south")
    MATRIX[name] = (off, on, other)
    assert (off, on, other) == (False, True, False)
    assert look(visit, "north") is False, "off again"


def test_class_opening_rules_refuse_where_the_plugin_is_on(db):
    from django.core.exceptions import ValidationError

    def try_to_open(slug):
        with inside(slug):
            found = a_class(code="T-09", people=1)
            plan = {f: getattr(found, f) for f in ("project", "starts_on", "ends_on", "trainer")}
            from courses.services.classes import PlannedSession

            sessions = [
                PlannedSession(s.held_on, s.starts_at, s.kind, s.minutes)
                for s in found.sessions.all()
            ]
            open_class(
                **plan, code="T-10", village=found.village, place="海里", sessions=sessions,
                opened_on=timezone.localdate(),
            )  # fmt: skip

    with plugin_on("north", "sample"):
        with pytest.raises(ValidationError, match="sample place"):
            try_to_open("north")
        try_to_open("south")
    MATRIX["class_opening_rules"] = (False, True, False)


def test_a_permission_of_a_plugin_that_is_off_is_nobodys(db):
    from tenants.staff.models import User

    with inside("north"):
        assert not User.objects.get(username="manager").has_perm("sample.view_note")
    with plugin_on("north", "sample"), inside("north"):
        assert User.objects.get(username="manager").has_perm("sample.view_note")
        assert not User.objects.get(username="trainer").has_perm("sample.view_note")


def test_an_address_is_free_for_a_page_while_the_plugin_is_off(db, visit):
    with inside("north"):
        from courses.models import CoursePage

        page = CoursePage.objects.get()
        page.slug = "sample"
        page.save_revision().publish()
    assert there(get(visit, "north", "/sample/", "")), "the clerk's page"
    with plugin_on("north", "sample"):
        assert "样例标题" in get(visit, "north", "/sample/", "").content.decode()


def test_every_hook_of_a_plugin_is_kept_and_one_that_is_not_is_found(db):
    from trainbase_sample import wagtail_hooks

    assert unwrapped() == []
    with hooks.register_temporarily("register_bulk_action", wagtail_hooks.item):
        assert [(o, h) for o, h, _ in unwrapped()] == [("sample", "register_bulk_action")]
        from tenants.plugins.checks import check_plugins

        assert [error.id for error in check_plugins()] == ["plugins.E001"]


def test_what_is_asked_for_each_request_is_not_asked_while_it_is_off(db, visit):
    assert not hasattr(get(visit, "north", "/admin/").wsgi_request, "sample_was_asked")
    with plugin_on("north", "sample"):
        assert get(visit, "north", "/admin/").wsgi_request.sample_was_asked


def test_no_request_costs_a_statement_more_while_plugins_are_off(db, visit):
    def asked():
        client = visit("north", "clerk")
        client.get("/desk/classes/")
        return statements(lambda: client.get("/desk/classes/"))

    off = asked()
    with plugin_on("north", "sample"):
        assert asked() == off
    assert reports.all(), "although there are contributions"


def test_scheduled_work_runs_in_every_tenant_that_has_it_and_in_no_other(committed):
    from trainbase_sample.models import Note

    with plugin_on("north", "sample"):
        assert enqueue_due() == 1
        assert enqueue_due() == 0, "not due again yet"
        call_command("worker", batch=True, verbosity=0, interval=0.1)
        with inside("north"):
            assert Note.objects.count() == 1
        with inside("south"):
            assert Note.objects.count() == 0


def test_a_message_says_what_its_channel_did_and_waits_where_there_is_none(db):
    with plugin_on("north", "sample"), inside("north"):
        sent = send_message("13800000000", "开班", "明天上课", "carrier")
        assert (sent.state, sent.reference, sent.cost) == (
            "sent",
            f"ref-{sent.pk}",
            Decimal("0.05"),
        )
    with inside("south"):
        failed = send_message("13800000000", "开班", "明天上课", "carrier")
        assert failed.state == "failed"
        assert "there is no channel" in failed.error
        assert send_message("x", "y", "z").state == "kept"


def test_the_paper_of_a_plugin_is_taken_when_it_prints_all(db):
    from certificates.render import render_pdf
    from tests.certificates.papers import CLAIMS

    assert isinstance(CLAIMS, Claims)
    with plugin_on("north", "sample"), inside("north"):
        theirs = render_pdf(CLAIMS, "http://centre.localhost/c/X")
    with inside("north"):
        ours = render_pdf(CLAIMS, "http://centre.localhost/c/X")
    import pymupdf

    assert "样例" in pymupdf.open(stream=theirs)[0].get_text()
    assert "样例" not in pymupdf.open(stream=ours)[0].get_text()


def test_the_panels_address_and_reports_print_and_export(db, visit):
    with plugin_on("north", "sample"):
        with inside("north"):
            from trainbase_sample.models import Note

            Note.objects.create(text="=1+1")
        client = visit("north", "manager")
        assert "样例报表" in client.get("/desk/reports/").content.decode()
        shown = client.get("/desk/reports/sample/notes/?text=1").content.decode()
        assert "=1+1" in shown
        excel = client.get("/desk/reports/sample/notes/?format=xlsx")
        assert excel["Content-Type"].startswith("application/vnd.openxml")
        assert client.get("/desk/reports/sample/other/").status_code == 404
        assert visit("north", "clerk").get("/desk/reports/sample/notes/").status_code == 403
    with inside("north"):
        assert panels(None) == []
    assert reverse("report_list") == "/desk/reports/"
    assert tenant_of("north").plugins == []
