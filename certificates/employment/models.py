"""What people outside say of a holder's work before it counts, and what the holder is told and allows."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, Outcome
from courses.models import Trainee
from tenants.append_only import AppendOnly


class Reached(models.TextChoices):
    """By which number an employer was reached: that decides what its word is worth."""

    REGISTER = "register", _("服务中心登记簿中的电话")
    PUBLIC = "public", _("单位公开的官方电话")
    CLAIM = "claim", _("只有申报人留下的电话")


class Claim(models.Model):
    """ "This person works for us", said by somebody whose word does not count by itself.

    A stranger after a scan; or a registered employer (`why`): one that confirms faster than anybody
    can, or of a holder who has another full-time job on record. It waits for the base's call.
    """

    class Source(models.TextChoices):
        STRANGER = "stranger", _("扫码申报")
        EMPLOYER = "employer", _("登记单位")

    class Why(models.TextChoices):
        TOO_MANY = "too_many", _("该单位短时间内确认过多，须电话核实")
        OTHER_JOB = "other_job", _("已登记其他全日制工作，须核实")

    class State(models.TextChoices):
        OPEN = "open", _("待核实")
        ACCEPTED = "accepted", _("属实")
        REFUSED = "refused", _("不属实")

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="claims_made"
    )
    source = models.CharField(max_length=8, choices=Source.choices)
    why = models.CharField(max_length=10, choices=Why.choices, blank=True)
    firm = models.CharField(_("单位名称"), max_length=80)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    trade = models.CharField(_("所属行业"), max_length=40, blank=True)
    contact = models.CharField(_("申报人"), max_length=40)
    role = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=20)
    job = models.CharField(_("岗位"), max_length=60, blank=True)
    started_on = models.DateField(_("起始日期"), null=True)
    place_code = models.CharField(_("就业地"), max_length=12, blank=True)
    full_time = models.BooleanField(_("全日制"), default=True)
    said_at = models.DateTimeField(_("申报时间"), auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="claim_decided_at_some_time",
                condition=Q(state="open", decided_at__isnull=True, outcome__isnull=True)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_refused_for_a_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="claim_accepted_is_an_outcome",
                condition=~Q(state="accepted") | Q(outcome__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.firm}"


class ClaimCall(AppendOnly):
    """The base called about a claim. `reached` is empty when nobody answered."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="calls")
    reached = models.CharField(max_length=10, choices=Reached.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.at:%Y-%m-%d %H:%M}"


class ConfirmLink(models.Model):
    """A link with which an employer answers once: confirm, reject, or "left on". `digest` is keyed.

    It asks of a claim, or of an outcome that is on record already. `to` is the number or mailbox it
    was sent to, `reached` what that number is worth.
    """

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("确认在职")
        REJECTED = "rejected", _("否认")
        LEFT = "left", _("已离职")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, related_name="links")
    asks_of = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, null=True, related_name="confirm_links"
    )
    firm = models.CharField(max_length=80)
    uscc = models.CharField(max_length=18, blank=True)
    to = models.CharField(max_length=120)
    reached = models.CharField(max_length=10, choices=Reached.choices)
    digest = models.BinaryField(unique=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="confirm_link_used_with_an_answer",
                condition=Q(used_at__isnull=True, answer="")
                | (Q(used_at__isnull=False) & ~Q(answer="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.firm}"


class WorkerLink(models.Model):
    """A link by which the holder learns what was said, and may object. It opens with the last four of
    the resident ID; `wrong` counts the guesses.
    """

    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="+")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="worker_links")
    digest = models.BinaryField(unique=True)
    sent_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    wrong = models.PositiveSmallIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.outcome_id} {self.sent_at:%Y-%m-%d %H:%M}"


class Consent(AppendOnly):
    """The holder allows an employer to see the phone number, or takes that back. The last row counts."""

    class How(models.TextChoices):
        LINK = "link", _("本人在手机上")
        PAPER = "paper", _("本人签字")
        PHONE = "phone", _("本人电话")

    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="consents")
    employer_uscc = models.CharField(max_length=18)
    employer = models.CharField(max_length=80)
    given = models.BooleanField()
    text_version = models.CharField(max_length=10)
    how = models.CharField(max_length=6, choices=How.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="consent_of_others_is_recorded_by_somebody",
                condition=Q(how="link") | Q(recorded_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id}: {self.employer_uscc} {self.given}"
