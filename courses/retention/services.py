"""Find what the archive's term no longer covers, and delete just what somebody has looked at.

Stays: certificates, the public register, the issuance log, scores, marks, outcomes, figures, dossiers
(masked), names, and the events of the field log, which nobody can change. See docs/decisions/0027.
"""

from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from courses.applying.services.forget import (
    applications_due,
    forget_applications,
    names_of,
)
from courses.fieldlog.models import Blob, FieldEvent, Reading
from courses.fieldlog.services.project import hold_still
from courses.intake.models import RosterPart, RosterSheet
from courses.models import Enrolment, RosterImport, Trainee, TrainingClass
from courses.retention.gone import forget
from courses.retention.models import GonePicture, RetentionRun, RetiredClass
from courses.retention.moments import cleared
from courses.retention.rules import Plan, expires_on, is_over
from tenants.lists import history
from tenants.staff.models import User
from tenants.storage import PrivateStorage

#: A trainee who still has something that goes.
KNOWN = ~Q(id_sealed=b"") | ~Q(phone="") | ~Q(sex="") | ~Q(id_last4="") | Q(village__isnull=False)


def plan(on: date | None = None) -> Plan:
    """What would go on that day (today) of what is there now. Reads only."""
    today = on or timezone.localdate()
    classes = TrainingClass.objects.select_related("rule_set")
    over = [one for one in classes if is_over(one.ends_on, one.rule_set.archive_years, today)]
    keys = {one.pk for one in over}
    people = _people(keys)
    names: dict[str, list[str]] = {}
    for one in sorted(over, key=lambda each: each.code):
        term = expires_on(one.ends_on, one.rule_set.archive_years)
        mine = one.enrolments.filter(trainee__in=people).select_related("trainee")
        label = f"{one.code}（{one.ends_on} + {one.rule_set.archive_years} → {term}）"
        names[label] = [each.trainee.name for each in mine.order_by("pk")]
    if applied := applications_due(keys, today):
        names["报名 / applications"] = names_of(applied)
    rosters = RosterImport.objects.filter(training_class__in=keys).exclude(file_sealed=b"")
    photos = Enrolment.objects.filter(training_class__in=keys, photo__isnull=False)
    walk_ins = Reading.objects.filter(
        kind="walk_in", session__training_class__in=keys, id_sealed__isnull=False
    )
    return Plan(
        classes=sorted(keys),
        people=sorted(each.pk for each in people),
        photos=sorted(photos.values_list("pk", flat=True)),
        rosters=sorted(rosters.values_list("pk", flat=True)),
        walk_ins=sorted(walk_ins.values_list("pk", flat=True)),
        pictures=sorted(_pictures(keys)),
        applications=applied,
        names=names,
    )


def _people(over: set[int]) -> list[Trainee]:
    """Those none of whose classes is younger."""
    younger = Enrolment.objects.exclude(training_class__in=over).values("trainee")
    mine = Trainee.objects.filter(enrolments__training_class__in=over).exclude(pk__in=younger)
    return list(mine.filter(KNOWN).distinct().order_by("pk"))


def _pictures(over: set[int]) -> set[str]:
    """Files of the field log that only these classes name, and that are still on the disk."""
    named = _files(Reading.objects.filter(session__training_class__in=over))
    if not named:
        return set()
    sharing = FieldEvent.objects.filter(blobs__overlap=sorted(named)).exclude(
        reading__session__training_class__in=over
    )
    shared = {name for blobs in sharing.values_list("blobs", flat=True) for name in blobs}
    blobs = Blob.objects.filter(hash__in=named - shared)
    return {blob.hash for blob in blobs if _path(blob).exists()}


def _files(readings: object) -> set[str]:
    rows = FieldEvent.objects.filter(reading__in=readings).exclude(blobs=[])
    return {name for blobs in rows.values_list("blobs", flat=True) for name in blobs}


def _path(blob: Blob) -> Path:
    return Path(PrivateStorage().path(blob.path))


@transaction.atomic
def carry_out(digest: str, by: User | None = None, said_by: str = "") -> RetentionRun:
    """Delete the list of that digest, and nothing else. The files go when the rest is committed; what a
    crash leaves of them is in the next list.

    Raises ValidationError when the list of now is another one, or empty.
    """
    hold_still()
    wanted = plan()
    if wanted.digest != digest.strip().lower():
        raise ValidationError(
            "清单已有变化，请重新查看后再确认 / the list has changed: look at it again, then confirm"
        )
    if wanted.is_empty:
        raise ValidationError("没有到期的资料 / nothing is due")
    run = RetentionRun.objects.create(
        digest=wanted.digest,
        counts=wanted.counts,
        plan=wanted.keys,
        by=by,
        said_by=(str(by) if by else said_by)[:100] or "—",
    )
    known = set(RetiredClass.objects.values_list("training_class_id", flat=True))
    RetiredClass.objects.bulk_create(
        RetiredClass(training_class_id=pk, run=run) for pk in wanted.classes if pk not in known
    )
    Trainee.objects.filter(pk__in=wanted.people).update(
        id_sealed=b"", id_last4="", phone="", sex="", village=None
    )
    history.forget(Trainee, wanted.people)
    Enrolment.objects.filter(pk__in=wanted.photos).update(photo=None)
    RosterImport.objects.filter(pk__in=wanted.rosters).update(file_sealed=b"")
    RosterPart.objects.filter(roster__in=wanted.rosters).delete()
    RosterSheet.objects.filter(roster__in=wanted.rosters).update(head_sealed=b"")
    for reading in Reading.objects.filter(pk__in=wanted.walk_ins):
        forget(reading)
        reading.save(update_fields=["said", "id_sealed", "id_last4"])
    forget_applications(wanted.applications)
    _drop(wanted, run)
    cleared.send(None)
    return run


def _drop(wanted: Plan, run: RetentionRun) -> None:
    GonePicture.objects.bulk_create(
        [GonePicture(hash=name, run=run) for name in wanted.pictures], ignore_conflicts=True
    )
    paths = [_path(blob) for blob in Blob.objects.filter(hash__in=wanted.pictures)]

    def unlink() -> None:
        for path in paths:
            path.unlink(missing_ok=True)

    transaction.on_commit(unlink)
