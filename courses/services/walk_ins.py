"""Put somebody who came to a session on the class's list, by the same rules as a roster."""

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.fieldlog.models import Reading
from courses.models import Enrolment, TrainingClass
from courses.services.identity import open_sealed
from courses.services.roster import confirm_import, judged_rows, upload_roster
from tenants.models import Division
from tenants.staff.models import User
from tenants.tables import workbook_bytes

HEADER = ("姓名", "身份证号码", "联系电话", "乡镇", "村")


@transaction.atomic
def enrol_walk_in(training_class: TrainingClass, walk_in: Reading, by: User) -> Enrolment:
    """Enrol the person of a walk-in; what was marked of them counts from then on, or, when the class is
    full, once they have moved up from its waiting list.

    It is a roster of one row: kept sealed like every other, with the same checks of age, name,
    places and the class's state. Raises ValidationError with what refuses it.
    """
    said = walk_in.said
    if not walk_in.id_sealed:
        raise ValidationError("保存期满，证号已清除 / its term is over, the ID was deleted")
    village = Division.objects.filter(code=said["village"] or "-").select_related("parent").first()
    row = [
        said["name"],
        open_sealed(bytes(walk_in.id_sealed)),
        said["phone"],
        village.parent.name if village and village.parent else "",
        village.name if village else "",
    ]
    kept = upload_roster(training_class, "walk-in.xlsx", workbook_bytes(HEADER, [row]), by)
    [judged] = judged_rows(kept)
    if judged.verdict == "reject":
        raise ValidationError([f"{zh} / {en}" for zh, en in judged.said])
    confirm_import(kept)
    return Enrolment.objects.get(
        training_class=training_class, trainee__id_digest=bytes(walk_in.id_digest or b"")
    )
