"""What came of a certificate, who is to ask for it, and what the holder says against it."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate
from tenants.append_only import AppendOnly, FrozenRow


class Outcome(AppendOnly):
    """就业去向: one thing that was said of a certificate's holder. Rows are facts; what counts of them
    is read by `rules.destination_of`, and unknown is not unemployed.

    `place_code` is a division code of 2 to 12 digits, anywhere in the country; `employer_trade` its line
    of business. `replaces` names a row that this one overrules, for a `reason`; `ends` a job that was
    left on `ended_on`. `said_by` is who said it when no account of the base did: an employer, the holder.
    `flags`: `before_issue` (was at work already when the certificate was issued).
    """

    class Kind(models.TextChoices):
        LOCAL = "local", _("就近就业")
        OUTWARD = "outward", _("外出务工")
        SELF_EMPLOYED = "self_employed", _("自主创业")
        FLEXIBLE = "flexible", _("灵活就业")
        OVERSEAS = "overseas", _("境外就业")
        FURTHER_STUDY = "further_study", _("升学")
        NOT_SEEKING = "not_seeking", _("暂无就业意愿")
        UNEMPLOYED = "unemployed", _("未就业")
        UNREACHABLE = "unreachable", _("联系不上")
        UNKNOWN = "unknown", _("去向未知")

    class Evidence(models.TextChoices):
        SELF_REPORTED = "self_reported", _("本人自述")
        LIAISON_CALL = "liaison_call", _("联络员电话")
        EMPLOYER_CONFIRMED = "employer_confirmed", _("用人单位确认")
        DOCUMENT = "document", _("书面材料")

    class Contract(models.TextChoices):
        LABOUR = "labour", _("劳动合同")
        SERVICE = "service", _("劳务协议")
        DISPATCH = "dispatch", _("劳务派遣")
        ORAL = "oral", _("口头约定")
        NONE = "none", _("没有合同")

    class Wage(models.TextChoices):
        """Monthly, in yuan."""

        BELOW_2000 = "0-2000", _("2000 元以下")
        BELOW_3000 = "2000-3000", _("2000–3000 元")
        BELOW_5000 = "3000-5000", _("3000–5000 元")
        BELOW_8000 = "5000-8000", _("5000–8000 元")
        ABOVE_8000 = "8000-", _("8000 元以上")

    class EndReason(models.TextChoices):
        CONTRACT_OVER = "contract_over", _("合同期满")
        RESIGNED = "resigned", _("本人辞职")
        DISMISSED = "dismissed", _("单位辞退")
        SEASON_OVER = "season_over", _("季节工结束")
        BUSINESS_CLOSED = "business_closed", _("停业")
        OTHER = "other", _("其他")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("去向"), max_length=16, choices=Kind.choices)
    place_code = models.CharField(_("就业地"), max_length=12, blank=True)
    employer = models.CharField(_("用人单位"), max_length=80, blank=True)
    employer_uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    employer_trade = models.CharField(_("所属行业"), max_length=40, blank=True)
    job = models.CharField(_("岗位"), max_length=60, blank=True)
    started_on = models.DateField(_("起始日期"), null=True, blank=True)
    full_time = models.BooleanField(_("全日制"), default=True)
    contract = models.CharField(_("合同"), max_length=10, choices=Contract.choices, blank=True)
    wage = models.CharField(_("月工资"), max_length=10, choices=Wage.choices, blank=True)
    evidence = models.CharField(_("依据"), max_length=20, choices=Evidence.choices)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    flags = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    reason = models.CharField(_("更正理由"), max_length=200, blank=True)
    ends = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="ended_by"
    )
    ended_on = models.DateField(_("离职日期"), null=True, blank=True)
    end_reason = models.CharField(
        _("离职原因"), max_length=20, choices=EndReason.choices, blank=True
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    said_by = models.CharField(max_length=100, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="outcome_work_has_a_start",
                condition=~Q(kind__in=["local", "outward", "self_employed", "flexible", "overseas"])
                | Q(started_on__isnull=False),
            ),
            models.CheckConstraint(
                name="outcome_employer_is_named",
                condition=~Q(kind__in=["local", "outward", "overseas"]) | ~Q(employer=""),
            ),
            models.CheckConstraint(
                name="outcome_is_somebodys_word",
                condition=Q(recorded_by__isnull=False) | ~Q(said_by=""),
            ),
            models.CheckConstraint(
                name="outcome_overruled_for_a_reason",
                condition=Q(replaces__isnull=True) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="outcome_end_says_when_and_why",
                condition=Q(ends__isnull=True, ended_on__isnull=True, end_reason="")
                | (Q(ends__isnull=False, ended_on__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kind}"


class Objection(models.Model):
    """The holder says that an outcome is not so. Until somebody decides, it counts as unknown."""

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        UPHELD = "upheld", _("异议成立")
        REFUSED = "refused", _("异议不成立")

    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="objections")
    text = models.CharField(max_length=400)
    said_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outcome"], condition=Q(state="open"), name="objection_one_open"
            ),
            models.CheckConstraint(
                name="objection_decided_by_somebody_for_a_reason",
                condition=Q(state="open")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(note="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome_id}: {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("what a holder has said is not forgotten")


class FollowUp(models.Model):
    """跟踪回访: a duty that a certificate opens, `after_days` from its issue. `outcome` has closed it."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="follow_ups"
    )
    after_days = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")
    next_call_on = models.DateField(null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "after_days"], name="follow_up_once"),
            models.CheckConstraint(
                name="follow_up_done_by_an_outcome",
                condition=Q(done_on__isnull=True, outcome__isnull=True)
                | Q(done_on__isnull=False, outcome__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.due_on}"
