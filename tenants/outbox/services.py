"""Write a message and hand it to its channel, once."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.outbox.channels import Delivery, channel_named
from tenants.outbox.models import Message
from tenants.plugins import faults

OUTBOX = "outbox"


def send_message(to: str, subject: str, text: str, channel: str = OUTBOX) -> Message:
    """The message, written down whatever becomes of it. Raises ValidationError when it is empty.

    The channel `outbox` keeps it for somebody to pass on by hand.
    """
    if not to.strip() or not text.strip():
        raise ValidationError("消息要有收件人和内容 / a message needs a recipient and a text")
    message = Message.objects.create(
        to=to.strip()[:200],
        subject=subject.strip()[:200],
        text=text,
        channel=channel,
        state=Message.State.KEPT if channel == OUTBOX else Message.State.WAITING,
    )
    if channel != OUTBOX:
        _hand_over(message)
    return message


def _hand_over(message: Message) -> None:
    found = channel_named(message.channel)
    if found is None:
        message.state = Message.State.FAILED
        message.error = f"没有通道 {message.channel} / there is no channel {message.channel}"
    else:
        plugin, channel = found
        with faults.kept(plugin or "—", "channels") as outcome:
            given = channel.send(message)
            if not isinstance(given, Delivery):
                raise TypeError(f"a channel gives a Delivery, not {given!r:.80}")
            outcome.value = given
        given = outcome.value or Delivery(ok=False, error=outcome.error)
        message.state = Message.State.SENT if given.ok else Message.State.FAILED
        message.reference, message.cost = given.reference[:200], given.cost
        message.error = given.error[:300]
        message.sent_at = timezone.now() if given.ok else None
    message.save()
