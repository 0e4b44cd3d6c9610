"""A job ends in a state that somebody can act on, however it ends."""

import pytest
from django_tenants.utils import schema_context

from tenants.jobs import services
from tenants.jobs.models import JobRun
from tenants.provisioning import TEMPLATE, prepare_database
from tenants.staff.roles import TITLES


@pytest.mark.parametrize("end", [ValueError("bad"), SystemExit(1), KeyboardInterrupt()])
def test_a_job_that_was_broken_off_is_failed_and_can_be_started_again(north, monkeypatch, end):
    def work(run, progress):
        progress(1, 2)
        raise end

    monkeypatch.setitem(services._kinds, "test.broken", work)
    first = services.start("test.broken", "x", {"n": 1}, None)
    with pytest.raises(type(end)):
        services.perform(first)
    first.refresh_from_db()
    assert (first.state, first.done, first.total) == (JobRun.State.FAILED, 1, 2)
    assert services.start("test.broken", "x", {"n": 1}, None) != first


def test_an_open_job_is_found_again_and_not_started_twice(north, monkeypatch):
    monkeypatch.setitem(services._kinds, "test.idle", lambda run, progress: {})
    first = services.start("test.idle", "x", {"n": 1}, None)
    assert services.start("test.idle", "x", {"n": 1}, None) == first
    assert services.start("test.idle", "x", {"n": 2}, None) != first


def test_a_template_that_was_left_without_roles_gets_them(committed):
    from django.contrib.auth.models import Group

    with schema_context(TEMPLATE):
        Group.objects.filter(name__in=TITLES.values()).delete()
    prepare_database()
    with schema_context(TEMPLATE):
        assert set(TITLES.values()) <= set(Group.objects.values_list("name", flat=True))
