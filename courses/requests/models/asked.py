"""开班申请 and 变更申请: what a base has sent to the centre, version by version, and every step."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly
from tenants.models import Division, Tenant, Trade
from tenants.natural import ByKey

ALIVE = ("sent", "returned", "approved")


class ClassRequest(models.Model):
    """One request of a base. What is in it stands in its versions; the columns repeat the last one, and
    `state` the last step, for lists.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("开班")
        CHANGE = "change", _("变更")

    class State(models.TextChoices):
        SENT = "sent", _("待审批")
        RETURNED = "returned", _("已退回修改")
        REFUSED = "refused", _("不予批准")
        APPROVED = "approved", _("已批准")
        WITHDRAWN = "withdrawn", _("已撤回")
        CARRIED = "carried", _("已办")

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(_("申请编号"), max_length=30, unique=True)
    kind = models.CharField(_("类别"), max_length=8, choices=Kind.choices)
    class_code = models.CharField(_("班次代码"), max_length=40)
    project = models.CharField(_("培训项目"), max_length=60)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, verbose_name=_("工种"))
    village = models.ForeignKey(Division, on_delete=models.PROTECT, verbose_name=_("村"))
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结业日期"))
    people = models.PositiveSmallIntegerField(_("人数"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices)
    state_on = models.DateField(_("状态日期"))

    NATURAL = ("number",)
    objects = ByKey()

    class Meta:
        verbose_name = _("开班申请")
        verbose_name_plural = _("开班申请")
        ordering = ["-id"]
        permissions = [("decide_request", "可审批开班申请")]
        constraints = [
            models.UniqueConstraint(
                F("tenant"),
                Lower("class_code"),
                condition=Q(state__in=ALIVE),
                name="request_of_a_class_one_at_a_time",
            ),
            models.CheckConstraint(
                name="request_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="request_opening_has_people", condition=Q(people__gte=1) | ~Q(kind="opening")
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def natural_key(self) -> tuple[str]:
        return (self.number,)


class RequestVersion(AppendOnly):
    """What was sent, as `courses.requests.facts` reads it. `before` is how the class was, for a change;
    `notes` is what was said against it when it was sent: [[Chinese, English], ...].
    """

    request = models.ForeignKey(ClassRequest, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField()
    before: Any = models.JSONField(null=True)
    notes = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    NATURAL = ("request", "number")

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="request_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} v{self.number}"


class RequestStep(AppendOnly):
    """Who did what with the request, and why. `version` is the number of what it was about."""

    class Kind(models.TextChoices):
        SEND = "send", _("送审")
        RETURN = "return", _("退回修改")
        REFUSE = "refuse", _("不予批准")
        APPROVE = "approve", _("批准")
        WITHDRAW = "withdraw", _("撤回")
        CARRY = "carry", _("落实")

    request = models.ForeignKey(ClassRequest, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("步骤"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("日期"))
    version = models.PositiveSmallIntegerField()
    official = models.CharField(_("经办人"), max_length=80)
    account = models.CharField(max_length=150, blank=True)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    document = models.CharField(_("文件号"), max_length=60, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="request_step_once"),
            models.CheckConstraint(
                name="request_step_says_why",
                condition=~Q(kind__in=["return", "refuse", "withdraw"]) | ~Q(reason=""),
            ),
            models.CheckConstraint(name="request_step_by_somebody", condition=~Q(official="")),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number} {self.kind}"
