"""What was deleted on purpose: asked by those who would otherwise look for it."""

from collections.abc import Collection

from courses.fieldlog.models import Reading
from courses.retention.models import GonePicture, RetiredClass


def gone_pictures(names: Collection[str]) -> set[str]:
    """Those of the files that were deleted when their term was over."""
    return set(GonePicture.objects.filter(hash__in=names).values_list("hash", flat=True))


def retired_classes() -> set[int]:
    return set(RetiredClass.objects.values_list("training_class_id", flat=True))


def forget(reading: Reading) -> None:
    """What is not kept of a walk-in. The digest stays, by which a mark finds its enrolment."""
    reading.id_sealed, reading.id_last4 = None, ""
    reading.said = {**reading.said, "name": "—", "phone": "", "village": ""}
