"""The field log: facts as they came, and what is read from them.

`FieldEvent`, `Quarantined` and `Blob` are what came; nothing else is true. `Reading`, `SessionLog` and
`courses.Attendance` are the projection: dropped and made again at any time, to the same digest.
"""

from courses.fieldlog.models.devices import (
    Device,
    FieldKey,
    PackTaken,
    Ticket,
    TrainerIdentity,
)
from courses.fieldlog.models.log import Blob, FieldEvent, Quarantined, Unread
from courses.fieldlog.models.paper import PaperRow, PaperSheet
from courses.fieldlog.models.reading import Reading, SessionLog, VillagePlace

__all__ = [
    "Blob",
    "Device",
    "FieldEvent",
    "FieldKey",
    "PackTaken",
    "PaperRow",
    "PaperSheet",
    "Quarantined",
    "Reading",
    "SessionLog",
    "Ticket",
    "TrainerIdentity",
    "Unread",
    "VillagePlace",
]
