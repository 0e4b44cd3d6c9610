"""What the centre does by the clock."""

from certificates.services import heads
from tenants.jobs.schedule import every


@every("log_heads", minutes=60, type="centre")
def publish_heads() -> None:
    """Once a day for each base; the hours between catch up what a stop has missed."""
    heads.publish()
