"""What is done again and again."""

from courses.intake.services.yearly import prune
from tenants.jobs.schedule import every


@every("intake.prune", minutes=24 * 60, type="base")
def drop_old_years() -> None:
    prune()
