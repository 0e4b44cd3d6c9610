"""A plugin that fails in every way at every point: certificates fail closed, pages stay up."""

import time

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from certificates.extensions import Checked, verification_outputs
from certificates.render import render_pdf
from certificates.services.evidence import cases_of
from certificates.services.issue import issue_class
from lms.plugin.testing import inside, plugin_on
from tenants.models import Trade
from tenants.outbox.services import send_message
from tenants.plugins import limits
from tenants.plugins.models import PluginFault
from tenants.plugins.panels import panels
from tenants.plugins.points import results
from tenants.plugins.schedule import jobs, run_scheduled
from tests.certificates.papers import CLAIMS
from tests.story import a_class, finished

WAYS = ("raise", "database", "exit", "nonsense", "hang", "spin", "write")


@pytest.fixture
def how(monkeypatch):
    from trainbase_broken import extensions

    monkeypatch.setattr(limits, "RULE_SECONDS", 0.5)
    return lambda way: monkeypatch.setattr(extensions, "HOW", way)


def faults():
    return {(f.plugin, f.point) for f in PluginFault.objects.all()}


@pytest.mark.parametrize("way", WAYS)
def test_a_blocking_rule_that_fails_refuses_the_certificate_and_names_its_plugin(
    committed, how, way
):
    with inside("north"):
        found = finished(people=2)
    how(way)
    with plugin_on("north", "broken"), inside("north"):
        began = time.monotonic()
        done = issue_class(found, None)
        assert time.monotonic() - began < 20, "a rule that hangs is left"
        assert done.certificates == []
        said = {v.rule: v for case in done.refused for v in case.refusals}
        assert set(said) == {"broken.eligible", "broken.evident"}
        assert "坏插件" in said["broken.eligible"].zh
        assert {("broken", "eligibility_rules"), ("broken", "evidence_checks")} <= faults()
    with inside("north"):
        assert not Trade.objects.filter(code="broken").exists(), "a rule writes nothing"
        assert len(issue_class(found, None).certificates) == 2, "off: it has no say"


def test_a_rule_that_says_nothing_refuses_nothing_and_is_kept_on_the_certificate(committed, how):
    how("")
    with inside("north"):
        found = finished(people=1)
    with plugin_on("north", "broken"), inside("north"):
        certificate = issue_class(found, None).certificates[0]
        assert certificate.plugins == {"broken": "1.0"}
        assert cases_of(found)[0].certificate_number == certificate.number


def test_a_rule_of_opening_that_fails_refuses_the_opening(committed, how):
    how("raise")
    with plugin_on("north", "broken"), inside("north"):
        with pytest.raises(ValidationError, match="broken"):
            a_class()
        assert ("broken", "class_opening_rules") in faults()


@pytest.mark.parametrize("way", ["raise", "database", "exit", "nonsense"])
def test_what_may_be_left_out_is_left_out_and_counted(db, visit, how, way):
    how(way)
    checked = Checked("N", {}, None, "x")
    with plugin_on("north", "broken"):
        with inside("north"):
            assert panels(None) == []
            assert panels(None) == []
            for _plugin, given in results(verification_outputs, checked):
                assert not isinstance(given, list)
            sent = send_message("1", "x", "x", "broken")
            assert sent.state == "failed"
            run_scheduled.func("broken.broken_job")
            fault = PluginFault.objects.get(point="dashboard_panels")
            assert fault.count == 2
        client = visit("north", "manager")
        client.raise_request_exception = False
        assert client.get("/desk/").status_code == 200
        report = client.get("/desk/reports/broken/broken/")
        assert report.status_code == 500
        assert "这份报表没有做成" in report.content.decode()
        page = client.get("/desk/plugins/").content.decode()
        assert "dashboard_panels" in page
        assert "最近的错误" in page


def test_a_paper_that_fails_or_prints_too_little_is_the_cores_own(db, how):
    from django.db import connection

    with inside("north"):
        ours = render_pdf(CLAIMS, "http://centre.localhost/c/X")
    for way in ("raise", "nonsense", "database"):
        how(way)
        with plugin_on("north", "broken"), inside("north"):
            assert render_pdf(CLAIMS, "http://centre.localhost/c/X") == ours
            assert ("broken", "certificate_templates") in faults()
    assert not connection.needs_rollback


def test_a_page_of_a_plugin_that_fails_takes_no_other_with_it(db, how):
    client = Client(HTTP_HOST="north.localhost", raise_request_exception=False)
    with plugin_on("north", "broken"):
        assert client.get("/broken/").status_code == 500
        assert client.get("/broken/ok/").status_code == 200
        assert client.get("/").status_code == 200


def test_a_plugin_that_is_on_and_not_loaded_refuses_certificates_until_it_is_switched_off(
    db, visit, settings
):
    from tenants.models import Tenant
    from tenants.plugins.services import switch

    with inside("north"):
        found = finished(people=1)
    Tenant.objects.filter(slug="north").update(plugins=["gone"])
    with inside("north") as north:
        case = cases_of(found)[0]
        assert [v.rule for v in case.refusals] == ["gone.missing"]
        with pytest.raises(ValidationError, match="no plugin gone"):
            switch(north, "gone", True, "x", at_centre=True)
    page = visit("north", "manager").get("/desk/plugins/").content.decode()
    assert "没有装载" in page
    visit("north", "manager").post("/desk/plugins/gone/switch/", {"on": "0"})
    with inside("north"):
        assert cases_of(found)[0].eligible


def test_a_hanging_rule_holds_no_connection_of_the_request(committed, how):
    how("hang")
    with inside("north"):
        found = finished(people=3)
    with plugin_on("north", "broken"), inside("north"):
        began = time.monotonic()
        cases = cases_of(found)
        assert time.monotonic() - began < 5, "a rule that hung once is not called again"
        assert all(len(c.refusals) == 2 for c in cases)
        assert jobs.all()
