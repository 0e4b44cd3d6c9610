"""What a base asks for, what it was allowed, what it has changed, and who reads its calendar."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import TrainingClass
from tenants.append_only import AppendOnly


class Proposal(models.Model):
    """开班申请 or 变更申请 as the base writes it. `facts` is read by `courses.requests.facts`; once it was sent,
    `number` names the centre's row, whose steps are the truth.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("开班")
        CHANGE = "change", _("变更")

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        ASKED = "asked", _("待管理员送审")
        SENT = "sent", _("已送中心")
        DROPPED = "dropped", _("已作废")

    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    class_code = models.CharField(_("班次代码"), max_length=40)
    facts = models.JSONField()
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.DRAFT)
    number = models.CharField(_("申请编号"), max_length=30, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    #: Another one each time that it is written: who saves an older one is told.
    edition = models.UUIDField(default=uuid.uuid4)
    made_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("开班申请")
        verbose_name_plural = _("开班申请")
        ordering = ["-id"]
        permissions = [
            ("ask_opening", "可填写开班申请"),
            ("send_opening", "可向中心送审"),
            ("move_session", "可调整课次"),
            ("share_calendar", "可开通日历订阅"),
        ]
        constraints = [
            models.CheckConstraint(
                name="proposal_sent_has_a_number", condition=~Q(state="sent") | ~Q(number="")
            ),
            models.CheckConstraint(
                name="proposal_change_is_of_a_class",
                condition=Q(kind="opening", training_class__isnull=True)
                | Q(kind="change", training_class__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="proposal_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.class_code}"


class ClassApproval(AppendOnly):
    """Under which request a class was opened."""

    training_class = models.OneToOneField(
        TrainingClass, on_delete=models.PROTECT, related_name="approval"
    )
    number = models.CharField(max_length=30, unique=True)
    version = models.PositiveSmallIntegerField()
    document = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.number


class ClassChange(AppendOnly):
    """What was changed of a class after it opened: [[Chinese, English, before, after], ...]."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="changes"
    )
    what = models.JSONField()
    reason = models.CharField(_("理由"), max_length=400)
    number = models.CharField(_("申请编号"), max_length=30, blank=True)
    by = models.CharField(_("经办人"), max_length=80)
    account = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="class_change_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="class_change_by_somebody", condition=~Q(by="")),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.at:%Y-%m-%d}"


class CalendarLink(models.Model):
    """A secret address that a calendar program reads: of one trainer, or of the whole base. Only a digest of
    the secret is kept.
    """

    digest = models.BinaryField(unique=True)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(_("最近读取"), null=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("日历订阅")
        verbose_name_plural = _("日历订阅")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="calendar_link_revoked_by_somebody",
                condition=Q(revoked_at__isnull=True) | Q(revoked_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainer or '—'} {self.made_at:%Y-%m-%d}"
