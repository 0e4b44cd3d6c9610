"""指定、认定: the centre's decisions about training bases, kept for ever in the shared tables."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly
from tenants.models import Division, Tenant, Trade
from tenants.natural import ByKey


class TrainingBase(models.Model):
    """A training institution, from its application on; `tenant` is set when its site is opened.

    `state` repeats the last step, for lists; the steps are the truth.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("已申请")
        CHECKED = "checked", _("已核查")
        REFUSED = "refused", _("未通过")
        DESIGNATED = "designated", _("已认定")
        WARNED = "warned", _("黄牌警告")
        SUSPENDED = "suspended", _("已暂停")
        REMOVED = "removed", _("已取消")

    centre = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="training_bases")
    tenant = models.OneToOneField(
        Tenant, on_delete=models.PROTECT, null=True, related_name="training_base"
    )
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("法定名称"), max_length=80)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, verbose_name=_("所在地"))
    state = models.CharField(_("状态"), max_length=12, choices=State.choices)
    state_on = models.DateField(_("状态日期"))
    ends_on = models.DateField(_("认定到期"), null=True)

    NATURAL = ("uscc",)
    objects = ByKey()

    class Meta:
        verbose_name = _("培训基地")
        verbose_name_plural = _("培训基地")
        ordering = ["name"]
        permissions = [
            ("check_base", "可登记实地核查"),
            ("decide_base", "可作出认定决定"),
            ("open_base_site", "可开通、更名和关闭基地网站"),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.uscc,)


class Designation(AppendOnly):
    """The terms of one decision. Never edited: other terms are a new decision."""

    base = models.ForeignKey(TrainingBase, on_delete=models.PROTECT, related_name="designations")
    document = models.CharField(_("文件号"), max_length=60, unique=True)
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"))

    NATURAL = ("document",)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="designation_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.document

    def natural_key(self) -> tuple[str]:
        return (self.document,)


class DesignatedTrade(AppendOnly):
    """One trade of a designation: places are people, hours are class hours of a project."""

    designation = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="trades")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, verbose_name=_("工种"))
    places = models.PositiveIntegerField(_("名额"))
    hours_from = models.PositiveSmallIntegerField(_("课时下限"))
    hours_to = models.PositiveSmallIntegerField(_("课时上限"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["designation", "trade"], name="designated_trade_once"),
            models.CheckConstraint(
                name="designated_trade_numbers",
                condition=Q(places__gte=1, hours_from__gte=1, hours_to__gte=F("hours_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trade} {self.places}"


class Step(AppendOnly):
    """One step of a base's history: who did what on which day, and why.

    `official` is the name that a notice prints, `account` the sign-in behind it.
    """

    class Kind(models.TextChoices):
        APPLY = "apply", _("申请")
        CHECK = "check", _("实地核查合格")
        FAIL = "fail", _("实地核查不合格")
        REFUSE = "refuse", _("不予认定")
        DESIGNATE = "designate", _("认定")
        WARN = "warn", _("黄牌警告")
        LIFT = "lift", _("恢复")
        SUSPEND = "suspend", _("暂停")
        REMOVE = "remove", _("取消资格")

    base = models.ForeignKey(TrainingBase, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("步骤"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("日期"))
    official = models.CharField(_("经办人"), max_length=80)
    account = models.CharField(max_length=150, blank=True)
    document = models.CharField(_("文件号"), max_length=60, blank=True)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    may_finish = models.BooleanField(_("在办班次可以办完并发证"), default=False)
    designation = models.OneToOneField(
        Designation, on_delete=models.PROTECT, null=True, related_name="step"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["base", "number"]
        constraints = [
            models.UniqueConstraint(fields=["base", "number"], name="step_number_once"),
            models.CheckConstraint(
                name="step_designate_has_terms",
                condition=Q(kind="designate", designation__isnull=False)
                | (~Q(kind="designate") & Q(designation__isnull=True)),
            ),
            models.CheckConstraint(
                name="step_decision_has_document",
                condition=~Q(kind__in=["designate", "warn", "suspend", "remove", "lift"])
                | ~Q(document=""),
            ),
            models.CheckConstraint(
                name="step_decision_says_why", condition=Q(kind="apply") | ~Q(reason="")
            ),
            models.CheckConstraint(name="step_has_an_official", condition=~Q(official="")),
            models.CheckConstraint(
                name="step_only_a_suspension_lets_finish",
                condition=Q(may_finish=False) | Q(kind="suspend"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base} {self.number} {self.kind}"
