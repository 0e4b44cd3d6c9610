"""Complaints and what happened to them. Facts are appended; `Complaint` repeats the last ones."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lms.plugin import AppendOnly, PluginSettings, User, register_setting
from trainbase_hotline.kinds import Kind, Satisfaction
from trainbase_hotline.rules import TEXT_LIMIT, Duty, Standing, spoken

CONSENT = (
    "您填写的内容只用于办理这件投诉，由办理人员保管。姓名和电话加密保存，只有办理人员能看，"
    "每次查看都有记录。您可以选择匿名。\n"
    "What you write is used for this complaint only. Name and phone are kept encrypted; only those who "
    "handle it can see them, and each look is recorded. You may stay anonymous."
)


@register_setting(icon="warning")
class HotlineSettings(PluginSettings):
    """The hotline of one centre or base. Deadlines are pinned to a complaint when it comes in."""

    phone = models.CharField(_("热线电话"), max_length=40, blank=True)
    hours = models.CharField(_("接听时间"), max_length=60, blank=True)
    answer_hours = models.PositiveSmallIntegerField(
        _("首次答复时限（小时）"), default=24, help_text=_("按自然时间计算，节假日也算")
    )
    opinion_hours = models.PositiveSmallIntegerField(
        _("处理意见时限（小时）"), default=24, help_text=_("按自然时间计算，节假日也算")
    )
    remind_minutes = models.PositiveSmallIntegerField(_("到期前多少分钟提醒"), default=240)
    remind_to = models.CharField(
        _("提醒发给"), max_length=100, blank=True, help_text=_("没有分派部门或部门没有联系方式时")
    )
    channel = models.CharField(_("提醒渠道"), max_length=30, default="outbox")
    document = models.CharField(_("时限依据的文件号"), max_length=60, blank=True)
    consent = models.TextField(_("告知和同意"), max_length=2000, default=CONSENT)

    class Meta:
        verbose_name = _("维权热线设置")
        constraints = [
            models.CheckConstraint(
                name="hotline_settings_hours",
                condition=Q(
                    answer_hours__gte=1,
                    answer_hours__lte=720,
                    opinion_hours__gte=1,
                    opinion_hours__lte=720,
                ),
                violation_error_message=(
                    "时限应为 1 至 720 小时 / the time limits are 1 to 720 hours"
                ),
            )
        ]


class ConsentText(AppendOnly):
    """What complainants agreed to, word for word; another text is another version."""

    version = models.PositiveIntegerField(unique=True)
    text = models.TextField()
    since = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["version"]

    def __str__(self) -> str:
        return str(self.version)


class Department(models.Model):
    """Who handles complaints. One that is no longer used is switched off, never deleted."""

    name = models.CharField(_("部门"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名"), max_length=60, blank=True)
    contact = models.CharField(
        _("提醒发给"), max_length=100, blank=True, help_text=_("手机号或邮箱，按提醒渠道填写")
    )
    active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("办理部门")
        verbose_name_plural = _("办理部门")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Complaint(models.Model):
    """One complaint. `version` counts its steps: a form that saw an older one is told what changed.

    The answer and the opinion are due within each round; a re-opening begins the next round.
    """

    class State(models.TextChoices):
        RECEIVED = "received", _("待分派")
        HANDLING = "handling", _("办理中")
        CLOSED = "closed", _("已结案")

    class Channel(models.TextChoices):
        WEB = "web", _("网页")
        QR = "qr", _("扫码")
        PHONE = "phone", _("电话")

    number = models.CharField(_("回执号"), max_length=12, unique=True)
    sent_digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("受理时间"))
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    about = models.CharField(_("被投诉单位"), max_length=100, blank=True)
    text = models.TextField(_("内容"), max_length=TEXT_LIMIT)
    anonymous = models.BooleanField(_("匿名"), default=False)
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, verbose_name=_("办理部门")
    )
    round = models.PositiveSmallIntegerField(default=1)
    round_at = models.DateTimeField()
    answer_due_at = models.DateTimeField(_("首次答复时限"))
    opinion_due_at = models.DateTimeField(_("处理意见时限"))
    answered_at = models.DateTimeField(_("首次答复"), null=True)
    opinion_at = models.DateTimeField(_("处理意见"), null=True)
    satisfaction = models.CharField(
        _("满意度"), max_length=10, choices=Satisfaction.choices, blank=True
    )
    closed_at = models.DateTimeField(_("结案时间"), null=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("投诉")
        verbose_name_plural = _("投诉")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["state", "answer_due_at"], name="hotline_state_answer"),
            models.Index(fields=["received_at"], name="hotline_received"),
        ]
        permissions = [
            ("handle_complaint", "可办理投诉"),
            ("view_identity", "可查看投诉人身份"),
            ("view_counts", "可查看投诉统计"),
        ]
        constraints = [
            models.CheckConstraint(
                name="hotline_closed_has_both_stamps",
                condition=~Q(state="closed")
                | Q(answered_at__isnull=False, opinion_at__isnull=False, closed_at__isnull=False)
                & ~Q(satisfaction=""),
            ),
            models.CheckConstraint(
                name="hotline_stamps_after_start",
                condition=(Q(answered_at__isnull=True) | Q(answered_at__gte=F("round_at")))
                & (Q(opinion_at__isnull=True) | Q(opinion_at__gte=F("round_at"))),
            ),
        ]

    def __str__(self) -> str:
        return spoken(self.number)

    @property
    def answer(self) -> Duty:
        return Duty(self.answer_due_at, self.answered_at)

    @property
    def opinion(self) -> Duty:
        return Duty(self.opinion_due_at, self.opinion_at)

    @property
    def standing(self) -> Standing:
        department = str(self.department_id or "")
        return Standing(self.state, self.answered_at, self.opinion_at, department)


class Step(AppendOnly):
    """One thing that happened to a complaint; `by` is empty for the complainant and the clock.

    Steps of the kinds in `PUBLIC` are read by whoever has the receipt number.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("受理")
        ASSIGNED = "assigned", _("分派")
        HANDED_OVER = "handed_over", _("转办")
        ANSWERED = "answered", _("首次答复")
        OPINION = "opinion", _("处理意见")
        NOTED = "noted", _("办理记录")
        ATTACHED = "attached", _("附件")
        CLOSED = "closed", _("结案")
        REOPENED = "reopened", _("重新办理")

    PUBLIC = (Kind.ANSWERED, Kind.OPINION)

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    round = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    from_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    to_department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    satisfaction = models.CharField(max_length=10, choices=Satisfaction.choices, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["complaint_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "number"], name="hotline_step_once"),
            models.UniqueConstraint(
                fields=["complaint", "round", "kind"],
                condition=Q(kind__in=["answered", "opinion", "closed"]),
                name="hotline_stamp_once",
            ),
            models.CheckConstraint(
                name="hotline_stamp_by_somebody",
                condition=Q(kind="received") | Q(kind="attached") | Q(by__isnull=False),
            ),
            models.CheckConstraint(
                name="hotline_late_is_late",
                condition=Q(due_at__isnull=True, late=False)
                | Q(late=True, at__gt=F("due_at"))
                | Q(late=False, at__lte=F("due_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()}"


class Identity(AppendOnly):
    """Who complained, sealed; nobody can search or list it."""

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="identity")
    sealed = models.BinaryField()

    class Meta:
        default_permissions = ()  # `view_identity` is the complaint's


class Look(AppendOnly):
    """Somebody looked at an identity."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="looks")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.by} {self.at}"


class Attachment(AppendOnly):
    """A photo or PDF that only handlers get; `path` is where the core keeps it."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Reminder(AppendOnly):
    """A reminder that was sent: the constraint is what makes it once."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="reminders")
    round = models.PositiveSmallIntegerField()
    stamp = models.CharField(max_length=10)
    moment = models.CharField(max_length=8)
    to = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "round", "stamp", "moment"], name="hotline_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stamp} {self.moment}"


def settings_now() -> Any:
    """The settings of the tenant that is served."""
    return HotlineSettings.load()
