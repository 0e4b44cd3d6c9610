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
    """A way out. `send` returns a Delivery, or raises: then the message is kept as failed."""

    name = ""
    title: Any = ""

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
