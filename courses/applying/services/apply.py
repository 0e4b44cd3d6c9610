"""Take an application for a course; let the applicant follow it and take it back."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from courses.applying.models import ApplicationStep, CourseApplication
from courses.applying.rules import MAY_WITHDRAW, is_same_sender
from courses.applying.services.consents import agreed
from courses.applying.services.decide import hold_lists, leave_list
from courses.models import Project, TrainingClass
from courses.services.identity import base_digest, seal_id
from tenants.current import current_tenant
from tenants.models import Division
from tenants.outbox.channels import way_to
from tenants.outbox.services import send_message
from tenants.staff.models import User

Kind, State = ApplicationStep.Kind, CourseApplication.State
#: The holder of an ID is told of a repeated application once in so long.
TOLD_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Sent:
    """What the form says; the ID is normalised and has been checked, the phone is digits."""

    name: str
    resident_id: str
    phone: str
    village: Division | None
    project: Project
    training_class: TrainingClass | None
    consent_version: int
    ticket: uuid.UUID
    lodging: bool = False
    note: str = ""


def apply(sent: Sent, by: User | None = None) -> CourseApplication:
    """Keep the application. The same form sent twice is one application.

    Somebody who has applied for the project already gets an application all the same, which repeats
    the first: the answer must not tell a stranger who typed a resident ID whether its holder has
    applied. The holder is told at the telephone that the first application gave.

    Raises ValidationError for a class that takes nobody any more, and for an old text of consent.
    """
    digest = base_digest(sent.resident_id)
    with transaction.atomic():
        again = CourseApplication.objects.filter(
            ticket=sent.ticket, id_digest=digest, project=sent.project
        )
        if (found := again.first()) is not None:
            return found
        if sent.training_class and sent.training_class.state != TrainingClass.State.OPEN:
            raise ValidationError(
                {
                    "wish": "这个班已停止报名，请另选一个 / this class takes nobody any more: choose another"
                }
            )
        consent = agreed("application", sent.consent_version)
        made = CourseApplication(
            ticket=sent.ticket,
            name=sent.name,
            id_sealed=seal_id(sent.resident_id),
            id_digest=digest,
            id_last4=sent.resident_id[-4:],
            phone=sent.phone,
            village=sent.village,
            project=sent.project,
            training_class=sent.training_class,
            lodging=sent.lodging,
            note=sent.note,
            consent=consent,
            entered_by=by,
        )
        _save(made)
        _step(made, Kind.SENT, by=by)
        if made.repeats is not None:
            _tell_holder(made.repeats)
        return made


def _standing(made: CourseApplication) -> CourseApplication | None:
    """The person's application for the same project that is open, or led into a class that is not over."""
    same = CourseApplication.objects.filter(
        id_digest=made.id_digest, project=made.project, repeats__isnull=True
    )
    over = TrainingClass.State.FINISHED
    return same.filter(
        Q(state__in=MAY_WITHDRAW) | (Q(state=State.ACCEPTED) & ~Q(placed_in__state=over))
    ).first()


def _save(made: CourseApplication) -> None:
    """Where two arrive at once, the second repeats the first: the database lets one of them stand."""
    made.repeats = _standing(made)
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        made.repeats = _standing(made)
        if made.repeats is None:
            raise
        made.save()


def _step(
    application: CourseApplication,
    kind: str,
    by: User | None = None,
    reason: str = "",
    training_class: TrainingClass | None = None,
) -> None:
    ApplicationStep.objects.create(
        application=application, kind=kind, by=by, reason=reason, training_class=training_class
    )


def _tell_holder(first: CourseApplication) -> None:
    since = timezone.now() - TOLD_EVERY
    was_told = first.steps.filter(kind=Kind.REPEATED, at__gt=since).exists()
    _step(first, Kind.REPEATED)
    if was_told or not first.phone:
        return
    base = current_tenant()
    text = (
        f"{first.name}，有人用您的身份证号又报了一次“{first.project.name}”。原来的报名仍然有效，"
        f"受理号 {first.number}，不用再报。不是您本人报的，请来电。{base.name} {base.phone}"
    )
    send_message(first.phone, "重复报名", text.strip(), way_to(first.phone))


def find(number: str, last4: str) -> CourseApplication | None:
    """The application of that number whose resident ID ends so; None tells nobody which was wrong."""
    typed = "".join(number.split()).replace("-", "").upper()[:16]
    found = CourseApplication.objects.filter(number=typed).select_related("repeats").first()
    given = last4.strip().upper()[:4]
    known = found.id_last4 if found else "----"
    fits = hmac.compare_digest(known.encode(), given.encode("utf-8", "replace"))
    return found if found and found.id_last4 and fits else None


def shown_of(application: CourseApplication) -> CourseApplication:
    """The application whose state the number shows: the first one for who has sent both. Who has sent a
    repeat with another name or telephone sees it as if it stood alone, and learns nothing.
    """
    first = application.repeats
    if first is None:
        return application
    same = is_same_sender(application.name, application.phone, first.name, first.phone)
    return first if same else application


@transaction.atomic
def withdraw(application: CourseApplication) -> None:
    """Raises ValidationError for one that is decided: then somebody at the base has to be asked."""
    hold_lists([application.pk])
    locked = CourseApplication.objects.select_for_update().get(pk=application.pk)
    if locked.state not in MAY_WITHDRAW:
        raise ValidationError("已经办理，请打电话给基地 / it has been decided: call the base")
    locked.state, locked.decided_at = State.WITHDRAWN, timezone.now()
    locked.save(update_fields=["state", "decided_at"])
    _step(locked, Kind.WITHDRAWN)
    leave_list(locked, "本人撤回报名", None)
