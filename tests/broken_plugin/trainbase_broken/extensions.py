"""Fails in the way that `HOW` names at every point; in `HOW = ""` it says nothing."""

import time

from lms.plugin import (
    Channel,
    Column,
    Report,
    certificate_templates,
    channels,
    class_opening_rules,
    dashboard_panels,
    eligibility_rules,
    evidence_checks,
    jobs,
    reports,
    verification_outputs,
)

HOW = ""
NONSENSE = {
    "certificate_templates": 7,
    "verification_outputs": 7,
    "dashboard_panels": 7,
}


def fail(point):
    if HOW == "raise":
        raise RuntimeError(f"broken in {point}")
    if HOW == "database":
        from django.db import connection

        connection.cursor().execute("SELECT broken FROM nowhere")
    if HOW == "exit":
        raise SystemExit("broken")
    if HOW == "hang":
        time.sleep(60)
    if HOW == "spin":
        end = time.monotonic() + 60
        while time.monotonic() < end:
            pass
    if HOW == "nonsense":
        return NONSENSE.get(point, "yes")
    if HOW == "write":
        from tenants.models import Trade  # what no plugin should

        Trade.objects.create(code="broken", name="坏", name_en="broken")
    return None


@eligibility_rules
def eligible(case):
    return fail("eligibility_rules")


@evidence_checks
def evident(case):
    return fail("evidence_checks")


@class_opening_rules
def opening(facts):
    return fail("class_opening_rules")


@certificate_templates(order=1)
def paper(facts):
    return fail("certificate_templates")


@verification_outputs
def output(checked):
    return fail("verification_outputs")


@dashboard_panels
def panel(request):
    return fail("dashboard_panels")


@channels
class BrokenChannel(Channel):
    name = "broken"
    title = "坏通道"

    def send(self, message):
        return fail("channels")


@reports
class BrokenReport(Report):
    name = "broken"
    title = "坏报表"
    columns = (Column("一"),)

    def rows(self, asked):
        return fail("reports") or []


@jobs.every(minutes=5)
def broken_job():
    fail("jobs")
