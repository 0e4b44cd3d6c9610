"""What a base does by the clock."""

from courses.applying.services.listed import rebuild
from tenants.jobs.schedule import every


@every("open_classes", minutes=720, type="base")
def compare() -> None:
    """Mend what the portal shows of open classes: after a deploy or a restore it may have nothing."""
    rebuild()
