"""The only place from which a person gets to see a resident ID: the look is written down first."""

from collections.abc import Iterable

from courses.models import Enrolment, RosterImport, Trainee
from courses.services.identity import open_id
from courses.services.roster import marked_workbook
from tenants.looks import services as looks
from tenants.looks.models import Look
from tenants.looks.services import Reason
from tenants.staff.models import User


def resident_id(trainee: Trainee, reason: Reason, by: User) -> str:
    """The ID of one trainee. Raises ValidationError without a reason."""
    looks.record(Look.What.TRAINEE, trainee.name, trainee.pk, 1, reason, by)
    return open_id(trainee)


def roster_file(kept: RosterImport, reason: Reason, by: User) -> bytes:
    """The clerk's own sheet with the bad rows marked; its IDs are in clear."""
    people = kept.imported + kept.refused
    subject = f"{kept.training_class.code} · {kept.file_name}"
    looks.record(Look.What.ROSTER, subject, kept.pk, people, reason, by)
    return marked_workbook(kept)


def resident_ids(
    enrolments: Iterable[Enrolment], subject: str, key: int, reason: Reason, by: User
) -> dict[int, str]:
    """The IDs behind a dossier, by the enrolment's key; "" where the retention period is over."""
    people = [each for each in enrolments if each.trainee.id_sealed]
    looks.record(Look.What.DOSSIER, subject, key, len(people), reason, by)
    return {each.pk: open_id(each.trainee) for each in people}
