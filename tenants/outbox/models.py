"""Messages to people outside: written down first, then handed to a channel."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Message(models.Model):
    """One message. `to` is a phone number or an e-mail address, as its channel wants it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENT = "sent", _("已交给通道")
        KEPT = "kept", _("留存，请自行转达")
        FAILED = "failed", _("发送失败")

    to = models.CharField(_("收件人"), max_length=200)
    subject = models.CharField(_("标题"), max_length=200, blank=True)
    text = models.TextField(_("内容"))
    channel = models.CharField(_("通道"), max_length=60)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    reference = models.CharField(_("通道回执"), max_length=200, blank=True)
    cost = models.DecimalField(_("费用（元）"), max_digits=8, decimal_places=3, default=0)
    error = models.CharField(_("原因"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("消息")
        verbose_name_plural = _("消息")

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
