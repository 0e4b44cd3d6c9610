"""The sending itself, and what a base does by the clock."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from courses.notices import rules
from courses.notices.models import Notice, Sending
from courses.notices.services import SEND, deliver, forget_gone, mark_interrupted, start_due
from tenants.jobs.models import JobRun
from tenants.jobs.schedule import every
from tenants.jobs.services import Progress, job
from tenants.outbox.models import Message
from tenants.outbox.services import OUTBOX, hand_over


@job(SEND, gettext_lazy("发送通知"), sliced=True)
def send(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Each notice that has not left. Safe to run twice and to be killed: none leaves twice.

    When the night begins, the rest is left for the morning.
    """
    sending = Sending.objects.get(pk=run.params["sending"])
    mark_interrupted(sending)
    mine = sending.notices.filter(skipped="")
    total, waiting = mine.count(), mine.filter(message__isnull=True)
    rows = waiting.select_related(
        "trainee", "training_class__project", "training_class__village__parent"
    ).order_by("pk")
    notices = list(rows)
    for count, notice in enumerate(notices, total - len(notices) + 1):
        now = timezone.localtime()
        sending.refresh_from_db(fields=["stopped_at"])
        if sending.stopped_at:
            break
        if not rules.may_leave(now, sending.urgent):
            sending.not_before = rules.leaves_at(now, sending.urgent)
            sending.save(update_fields=["not_before"])
            return _counts(sending)
        _send(notice, sending)
        progress(count, total)
    if not sending.stopped_at:
        Sending.objects.filter(pk=sending.pk).update(finished_at=timezone.now())
    return _counts(sending)


def _send(notice: Notice, sending: Sending) -> None:
    message = deliver(notice)
    if message is not None and sending.channel != OUTBOX:
        hand_over(message)


def _counts(sending: Sending) -> dict[str, Any]:
    states = sending.notices.filter(message__isnull=False).values_list("message__state", flat=True)
    found = list(states)
    return {"handed_on": len(found), "failed": found.count(Message.State.FAILED)}


@every("notices_due", minutes=10, type="base")
def due() -> None:
    start_due()


@every("notices_forget", minutes=1440, type="base")
def forget() -> None:
    forget_gone()
