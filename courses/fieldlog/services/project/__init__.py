"""Make the projection out of the log: a little after each arrival, or all of it from nothing."""

from courses.fieldlog.services.project.run import (
    digest,
    hold_still,
    read_pending,
    rebuild,
    resettle,
)

__all__ = ["digest", "hold_still", "read_pending", "rebuild", "resettle"]
