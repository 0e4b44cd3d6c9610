"""The centre's register of employers, how they come in, and what they have said of whom.

No row points into a base's schema, and no base's row points here: an employer is known by its credit
code, so that a base can go to another cell and find there whoever is registered under it.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly
from tenants.models import Tenant


class Employer(models.Model):
    """用人单位, as the centre knows it. `phone` and `email` are the official ones: links go there.

    `division_code` is where it is, anywhere in the country; `trade` its line of business.
    """

    class State(models.TextChoices):
        APPLIED = "applied", _("待审核")
        APPROVED = "approved", _("已登记")
        REFUSED = "refused", _("未通过")
        SUSPENDED = "suspended", _("已停用")

    centre = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="employers")
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    name = models.CharField(_("法定名称"), max_length=80)
    trade = models.CharField(_("所属行业"), max_length=40, blank=True)
    division_code = models.CharField(_("所在地"), max_length=12)
    address = models.CharField(_("详细地址"), max_length=120, blank=True)
    contact = models.CharField(_("联系人"), max_length=40)
    phone = models.CharField(_("联系电话"), max_length=20)
    email = models.EmailField(_("电子邮箱"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.APPLIED)
    state_on = models.DateField(_("状态日期"))
    applied_at = models.DateTimeField(_("申请时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("用人单位")
        verbose_name_plural = _("用人单位")
        ordering = ["id"]
        permissions = [("decide_employer", "可审批用人单位")]
        constraints = [
            models.UniqueConstraint(fields=["centre", "uscc"], name="employer_once_a_centre")
        ]

    def __str__(self) -> str:
        return self.name


class EmployerStep(AppendOnly):
    """What became of an employer's registration, and which official did it. `changes` is field ->
    [before, after] of a correction.
    """

    class Kind(models.TextChoices):
        APPLIED = "applied", _("申请")
        APPROVED = "approved", _("准予登记")
        REFUSED = "refused", _("不予登记")
        SUSPENDED = "suspended", _("停用")
        RESUMED = "resumed", _("恢复")
        CHANGED = "changed", _("更正资料")

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(max_length=200, blank=True)
    changes = models.JSONField(default=dict)
    by = models.CharField(max_length=60)
    account = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="employer_step_says_why",
                condition=Q(kind__in=["applied", "approved", "changed"]) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.employer_id}: {self.kind}"


class SignInLink(models.Model):
    """A link that was sent to the employer and lets it in once; `digest` is keyed."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="+")
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.employer_id} {self.expires_at:%Y-%m-%d %H:%M}"


class EmployerSession(models.Model):
    """An employer that is signed in at the centre; it ends at once when `ended_at` is written."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="sessions")
    digest = models.BinaryField(unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.employer_id} {self.expires_at:%Y-%m-%d %H:%M}"


class Confirmation(models.Model):
    """A registered employer's word that the holder of a certificate works for it.

    A row of the base `tenant`, which it follows to another cell. It holds what the employer has said
    itself and what the paper prints, no more. `outcome` is the key of the base's row, once it counts.
    """

    class State(models.TextChoices):
        COUNTED = "counted", _("已确认")
        WAITING = "waiting", _("待基地核实")
        REFUSED = "refused", _("基地核实不符")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    employer_uscc = models.CharField(max_length=18, db_index=True)
    number = models.CharField(max_length=40)
    holder_name = models.CharField(max_length=60)
    job = models.CharField(max_length=60, blank=True)
    started_on = models.DateField()
    left_on = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State.choices)
    outcome = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["employer_uscc", "at"], name="confirmation_by_employer")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "employer_uscc", "number"],
                condition=Q(left_on__isnull=True) & ~Q(state="refused"),
                name="confirmation_one_open",
            ),
            models.CheckConstraint(
                name="confirmation_counted_has_an_outcome",
                condition=~Q(state="counted") | Q(outcome__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer_uscc}: {self.number}"


class EmployerCheck(models.Model):
    """A certificate that a signed-in employer has checked, and what the answer was."""

    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="checks")
    number = models.CharField(max_length=40)
    holder_name = models.CharField(max_length=60)
    status = models.CharField(max_length=10)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.employer_id}: {self.number}"
