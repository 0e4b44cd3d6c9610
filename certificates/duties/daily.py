"""What a base does by the clock."""

from certificates.duties.services.draws import draw_missing
from tenants.jobs.schedule import every


@every("sample_draws", minutes=360, type="base")
def catch_up() -> None:
    """Draw what a killed run of issue has left, and for those who were revoked since."""
    draw_missing()
