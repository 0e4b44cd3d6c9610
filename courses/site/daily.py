"""By the worker's clock: what was to appear or disappear by now."""

from django.core.management import call_command

from tenants.jobs.schedule import every

#: How late a page may come or go.
MINUTES = 10


@every("site.publish_scheduled", minutes=MINUTES, type="base")
@every("site.publish_scheduled.centre", minutes=MINUTES, type="centre")
def publish_scheduled() -> None:
    """Wagtail's own command, inside the tenant. Safe to run twice."""
    call_command("publish_scheduled", verbosity=0)
