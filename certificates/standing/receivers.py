"""What follows when somebody's place in the chain moves: the figures follow, in the same transaction."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver

from certificates.figures import services as figures
from certificates.figures.rules.counts import difference
from certificates.standing.models import Standing
from certificates.standing.services.keep import kept, move
from courses.fieldlog.moments import sessions_settled
from courses.models import Enrolment
from courses.moments import chain_moved
from tenants.current import current_tenant


@receiver(chain_moved)
def follow(enrolments: Collection[int], **kwargs: Any) -> None:
    move(enrolments)


@receiver(sessions_settled)
def follow_marks(sessions: Collection[int], **kwargs: Any) -> None:
    rows = Enrolment.objects.filter(training_class__sessions__in=sessions)
    move(set(rows.order_by().values_list("pk", flat=True)))


@receiver(pre_delete, sender=Standing)
def forget(instance: Standing, **kwargs: Any) -> None:
    """An enrolment that the archive no longer keeps is no longer counted."""
    stand, tenant = kept([instance])[instance.enrolment_id], current_tenant().pk
    figures.hold(tenant)
    figures.add(tenant, difference([(stand, None)]))
