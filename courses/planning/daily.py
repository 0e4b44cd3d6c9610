"""What a base does by the clock."""

from courses.planning.services.share import share_all
from tenants.jobs.schedule import every


@every("shared_plans", minutes=1440, type="base")
def renew_plans() -> None:
    """Classes that were opened before there were shared plans, and whatever a hand has changed."""
    share_all()
