"""Templates of notices, their sendings, and who wants none."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Trainee, TrainingClass
from courses.notices import rules
from tenants.outbox.models import Message


class NoticeTemplate(models.Model):
    """A text with place holders, as `rules.WORDS` has them. Edited by a manager."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    text = models.TextField(_("内容"), max_length=rules.LONGEST)
    in_use = models.BooleanField(_("在用"), default=True)
    changed_at = models.DateTimeField(_("修改时间"), auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        permissions = [("send_notice", "可群发通知")]

    def __str__(self) -> str:
        return self.name


class Sending(models.Model):
    """One sending to many: the text as it was, and whom it was for."""

    template_name = models.CharField(_("模板"), max_length=40)
    text = models.TextField(_("内容"))
    audience = models.CharField(_("收件人"), max_length=120)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    channel = models.CharField(_("通道"), max_length=60)
    price = models.DecimalField(_("每条价格（元）"), max_digits=8, decimal_places=3)
    urgent = models.BooleanField(_("紧急"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    not_before = models.DateTimeField(_("最早发出时间"))
    stopped_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.template_name} · {self.audience}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None and self.stopped_at is None


class Notice(models.Model):
    """One person of a sending. `message` is there once it was handed on; else `skipped` says why not."""

    class Skipped(models.TextChoices):
        NO_PHONE = "no_phone", _("没有可用的号码")
        OPTED_OUT = "opted_out", _("本人不愿接收")

    sending = models.ForeignKey(Sending, on_delete=models.PROTECT, related_name="notices")
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="notices")
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, null=True, related_name="+"
    )
    segments = models.PositiveSmallIntegerField(_("条数"), default=0)
    skipped = models.CharField(_("未发原因"), max_length=10, choices=Skipped.choices, blank=True)
    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, null=True, related_name="notice"
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["sending", "trainee"], name="notice_person_once"),
            models.CheckConstraint(
                name="notice_sent_or_skipped", condition=Q(message__isnull=True) | Q(skipped="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sending_id}: {self.trainee_id}"


class OptOut(models.Model):
    """A number that wants no notices. `phone` as `rules.plain_number` writes it."""

    phone = models.CharField(_("号码"), max_length=20, unique=True)
    said = models.CharField(_("怎样提出的"), max_length=100)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.phone
