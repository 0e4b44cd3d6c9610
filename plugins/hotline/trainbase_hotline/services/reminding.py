"""Reminders before a deadline and at it, each once."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from lms.plugin import absolute, current_tenant, send_message
from trainbase_hotline import clock, rules
from trainbase_hotline.models import Complaint, Reminder, settings_now

SAID = {
    ("answered", "before"): "首次答复即将到期 / the answer is due soon",
    ("answered", "due"): "首次答复已到期 / the answer is due now",
    ("opinion", "before"): "处理意见即将到期 / the opinion is due soon",
    ("opinion", "due"): "处理意见已到期 / the opinion is due now",
}


def nobody_to_remind() -> bool:
    """Whether a complaint is open for which no reminder can be sent."""
    if settings_now().remind_to:
        return False
    waiting = Complaint.objects.exclude(state=Complaint.State.CLOSED)
    return bool(waiting.filter(Q(department__isnull=True) | Q(department__contact="")).exists())


def remind() -> int:
    """Send what stands now; how many. Safe to run twice and beside itself: the row is the lock."""
    settings, now, sent = settings_now(), clock.now(), 0
    before = timedelta(minutes=settings.remind_minutes)
    near = Q(answered_at__isnull=True, answer_due_at__lte=now + before)
    near |= Q(opinion_at__isnull=True, opinion_due_at__lte=now + before)
    waiting = Complaint.objects.exclude(state=Complaint.State.CLOSED).filter(near)
    for pk in list(waiting.order_by("id").values_list("pk", flat=True)):
        with transaction.atomic():
            complaint = Complaint.objects.select_for_update().get(pk=pk)
            to = (complaint.department and complaint.department.contact) or settings.remind_to
            if not to or complaint.state == Complaint.State.CLOSED:
                continue
            for stamp, duty in (
                (rules.ANSWERED, complaint.answer),
                (rules.OPINION, complaint.opinion),
            ):
                moment = rules.reminder_due(duty, now, before)
                if moment and _send(complaint, stamp, moment, to, settings.channel):
                    sent += 1
    return sent


def _send(complaint: Complaint, stamp: str, moment: str, to: str, channel: str) -> bool:
    """False when it was sent before. No name and no text of the complaint leaves the site."""
    _row, new = Reminder.objects.get_or_create(
        complaint=complaint,
        round=complaint.round,
        stamp=stamp,
        moment=moment,
        defaults={"to": to, "at": clock.now()},
    )
    if new:
        address = absolute(current_tenant(), f"/hotline/desk/{complaint.pk}/")
        text = f"{SAID[stamp, moment]}\n{address}"
        send_message(to, f"维权热线 / Rights hotline {complaint}", text, channel=channel)
    return new
