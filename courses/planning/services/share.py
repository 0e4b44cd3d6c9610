"""Write a class and its sessions into the shared tables, in the transaction that changes them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import TrainerIdentity
from courses.models import TrainingClass, VillageSession
from courses.requests.models import PlannedClass, PlannedSession
from courses.services.identity import presence_digest_of
from tenants.current import current_tenant


def span_of(session: VillageSession) -> tuple[datetime, datetime]:
    """From when to when a session is planned."""
    starts = timezone.make_aware(datetime.combine(session.held_on, session.starts_at))
    return starts, starts + timedelta(minutes=session.minutes)


def digest_of(trainer: int) -> bytes | None:
    """The keyed digest by which other bases know a trainer, if this base was told who it is."""
    known = TrainerIdentity.objects.filter(trainer_id=trainer).first()
    return presence_digest_of(bytes(known.id_sealed)) if known else None


@transaction.atomic
def share_plan(found: TrainingClass) -> None:
    """Make the shared rows of a class what the class is now."""
    project = found.project
    planned, _new = PlannedClass.objects.update_or_create(
        tenant_id=current_tenant().pk,
        code=found.code,
        defaults={
            "project": found.project_name,
            "project_en": found.project_name_en,
            "trade_id": project.trade_id,
            "village_id": found.village_id,
            "place": found.place,
            "trainer": str(found.trainer)[:80],
            "starts_on": found.starts_on,
            "ends_on": found.ends_on,
            "state": found.state,
        },
    )
    person = digest_of(found.trainer_id)
    PlannedSession.objects.filter(planned=planned).delete()
    rows = []
    for session in found.sessions.all():
        starts, ends = span_of(session)
        rows.append(
            PlannedSession(
                planned=planned,
                number=session.number,
                held_on=session.held_on,
                starts_at=starts,
                ends_at=ends,
                kind=session.kind,
                person=person,
            )
        )
    PlannedSession.objects.bulk_create(rows)


@transaction.atomic
def share_all() -> int:
    """Write the plans of all classes of this base anew; how many. What is no class of it goes."""
    classes = TrainingClass.objects.select_related("project", "trainer")
    codes = []
    for found in classes:
        share_plan(found)
        codes.append(found.code)
    PlannedClass.objects.filter(tenant_id=current_tenant().pk).exclude(code__in=codes).delete()
    return len(codes)


def share_of_trainer(trainer: int) -> None:
    """The base was told who a trainer is, or has forgotten it."""
    running = TrainingClass.objects.exclude(state=TrainingClass.State.FINISHED)
    for found in running.filter(trainer_id=trainer).select_related("project", "trainer"):
        share_plan(found)
