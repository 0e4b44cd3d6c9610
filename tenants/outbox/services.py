"""Write a message and hand it to its channel, once."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.outbox.channels import Delivery, channel_named
from tenants.outbox.models import Message
from tenants.plugins import faults

OUTBOX = "outbox"


def send_message(
    to: str, subject: str, text: str, channel: str = OUTBOX, secret: str = ""
) -> Message:
    """The message, written down whatever becomes of it. Raises ValidationError when it is empty.

    The channel `outbox` keeps it for somebody to pass on by hand. `secret` is a part of the text that
    lets somebody in: once a channel has the message, what stays here is without it.
    """
    message = write_message(to, subject, text, channel, secret)
    if channel != OUTBOX:
        message.text = text
        hand_over(message)
        message.text = _without(text, secret)
    return message


def write_message(to: str, subject: str, text: str, channel: str, secret: str = "") -> Message:
    """Write it down and no more: what is for a channel waits for `hand_over`. Raises ValidationError."""
    if not to.strip() or not text.strip():
        raise ValidationError("消息要有收件人和内容 / a message needs a recipient and a text")
    return Message.objects.create(
        to=to.strip()[:200],
        subject=subject.strip()[:200],
        text=text if channel == OUTBOX else _without(text, secret),
        channel=channel,
        state=Message.State.KEPT if channel == OUTBOX else Message.State.WAITING,
    )


def forget_secret(secret: str) -> None:
    """Take a secret that was used out of the messages that were kept with it."""
    for message in Message.objects.filter(channel=OUTBOX, text__contains=secret):
        Message.objects.filter(pk=message.pk).update(text=_without(message.text, secret))


def _without(text: str, secret: str) -> str:
    return text.replace(secret, "…") if secret else text


def hand_over(message: Message) -> None:
    """Give a message that waits to its channel, and write down what became of it."""
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
    message.save(update_fields=["state", "reference", "cost", "error", "sent_at"])
