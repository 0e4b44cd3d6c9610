"""How a message leaves: each channel hands it to somebody outside. Plugins add their own."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.mail import EmailMessage
from django.utils.translation import gettext_lazy

from tenants.outbox.models import Message
from tenants.plugins.points import Point, Policy


@dataclass(frozen=True)
class Delivery:
    """What became of a message: `reference` is the carrier's receipt, `cost` is in yuan."""

    ok: bool
    reference: str = ""
    cost: Decimal = Decimal(0)
    error: str = ""


class Channel:
    """A way out. `send` returns a Delivery, or raises: then the message is kept as failed.

    `reaches` is `phone` for a channel that takes mobile numbers: the core's own messages to phones go
    out by the first such one that is on. `price` is yuan for one segment of a short message: what
    people are told before they send; what it did cost, each Delivery says.
    """

    name = ""
    title: Any = ""
    reaches = ""
    price = Decimal(0)

    def send(self, message: Message) -> Delivery:
        raise NotImplementedError


channels: Point[Any] = Point("channels", Policy.SKIP)


class Email(Channel):
    name = "email"
    title = gettext_lazy("电子邮件")

    def send(self, message: Message) -> Delivery:
        EmailMessage(message.subject, message.text, to=[message.to]).send()
        return Delivery(ok=True)


def channel_named(name: str) -> tuple[str, Channel] | None:
    """(plugin, channel), when one of that name can be used by the tenant that is served."""
    if name == Email.name:
        return "", Email()
    for contribution in channels.on():
        if contribution.fn.name == name:
            return contribution.plugin, contribution.fn()
    return None


def way_to(address: str) -> str:
    """The name of the channel that a message of the core to this address takes; `outbox` keeps it for
    somebody to pass on.
    """
    if "@" in address:
        return Email.name
    phones = (c.fn.name for c in channels.on() if getattr(c.fn, "reaches", "") == "phone")
    return str(next(phones, "outbox"))
