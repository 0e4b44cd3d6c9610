"""Take a village's proposal of a class, and answer it."""

import hmac
import uuid
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.applying.models import ClassProposal
from courses.applying.services.consents import agreed
from courses.applying.services.tell import tell_answer
from courses.models import TrainingClass
from tenants.models import Division, Trade
from tenants.staff.models import User

State = ClassProposal.State


@dataclass(frozen=True)
class Wanted:
    """What the form says; the phone is digits."""

    village: Division
    trade: Trade
    starts_on: date
    place: str
    people: int
    contact: str
    phone: str
    sender: str
    consent_version: int
    ticket: uuid.UUID
    note: str = ""


@transaction.atomic
def propose(wanted: Wanted, by: User | None = None) -> ClassProposal:
    """Keep the proposal; the same form sent twice is one. Raises ValidationError for a day that is over,
    and for an old text of consent.
    """
    same = {
        "village": wanted.village,
        "trade": wanted.trade,
        "starts_on": wanted.starts_on,
        "phone": wanted.phone,
    }
    found = ClassProposal.objects.filter(ticket=wanted.ticket, **same).first()
    if found is not None:
        return found
    if wanted.starts_on < timezone.localdate():
        raise ValidationError({"starts_on": "日期已经过了，请改日期 / this day is over: change it"})
    return ClassProposal.objects.create(
        ticket=wanted.ticket,
        **same,
        place=wanted.place,
        people=wanted.people,
        contact=wanted.contact,
        sender=wanted.sender,
        note=wanted.note,
        consent=agreed("proposal", wanted.consent_version),
        entered_by=by,
    )


@transaction.atomic
def answer(
    proposal: ClassProposal,
    state: str,
    text: str,
    by: User,
    training_class: TrainingClass | None = None,
) -> None:
    """Agree or decline, in words that the village reads. A later answer replaces an earlier one.

    Raises ValidationError without words, and for a class of another trade.
    """
    text = text.strip()[:300]
    if state not in (State.AGREED, State.DECLINED):
        raise ValidationError("请选择同意或者不办 / agree or decline")
    if not text:
        raise ValidationError("请写答复，村里会看到 / write an answer: the village reads it")
    if training_class and training_class.project.trade_id != proposal.trade_id:
        raise ValidationError("这个班不是申请的工种 / this class is of another trade")
    locked = ClassProposal.objects.select_for_update().get(pk=proposal.pk)
    locked.state, locked.answer = state, text
    locked.training_class = training_class if state == State.AGREED else None
    locked.answered_by, locked.answered_at = by, timezone.now()
    locked.save()
    tell_answer(locked)


def find(number: str, last4: str) -> ClassProposal | None:
    """By its number and the last four digits of the telephone that it gave."""
    typed = "".join(number.split()).replace("-", "").upper()[:16]
    found = ClassProposal.objects.filter(number=typed).first()
    known = found.phone[-4:] if found else "----"
    given = last4.strip()[:4]
    fits = hmac.compare_digest(known.encode(), given.encode("utf-8", "replace"))
    return found if found and fits else None
