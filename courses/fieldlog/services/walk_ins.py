"""People who stood at the door and were not on the list."""

from collections.abc import Collection

from courses.fieldlog.models import Reading
from courses.fieldlog.services.project import resettle
from courses.models import TrainingClass


def recognise(training_class: TrainingClass, digests: Collection[bytes]) -> int:
    """Give those who are on the list now the marks that they were given as walk-ins; how many
    sessions were settled anew. `digests` are those of the base (`courses.services.identity`).
    """
    found = Reading.objects.filter(
        kind="walk_in", session__training_class=training_class, id_digest__any_of=digests
    )
    sessions = set(found.values_list("session_id", flat=True))
    resettle(sessions)
    return len(sessions)
