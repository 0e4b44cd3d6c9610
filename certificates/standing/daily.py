"""What a base does by the clock for its figures."""

from certificates.standing.services.rebuild import tidy
from tenants.jobs.schedule import every


@every("figures_tidy", minutes=1440, type="base")
def tidy_figures() -> None:
    tidy()
