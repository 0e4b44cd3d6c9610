"""Proof: issued certificates, what they were issued on, and what came of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.directory.models import RuleSet
from courses.models import Enrolment, Trainee
from tenants.append_only import AppendOnly, FrozenRow


class NumberSequence(models.Model):
    """The last number given in a year. Locked while a certificate is written: no gaps, no races."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class SigningKey(models.Model):
    """The private half of this base's key of one year, sealed under the master key."""

    kid = models.CharField(max_length=24, unique=True)
    year = models.PositiveSmallIntegerField(unique=True)
    private_sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.kid


class Certificate(models.Model):
    """培训合格证书. Its facts are frozen columns that the database checks once more.

    Minutes are planned, accepted and required teaching minutes; scores are of 100; `claims` is what the
    paper prints; `evidence` is the attendance behind it with the grade of each session's log, and the
    scores; `evidence_digest` is SHA-256 over that; `plugins` are those whose rules were asked, with
    their versions. Certificates from before the logs were reviewed have no `evidence`.
    Only the status with its date and reason, the release of a new issue after a revocation, and
    the stored PDF's digest are ever written later.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")

    WRITTEN_LATER = frozenset(
        {"status", "revoked_on", "revoke_reason", "pdf_sha256"}
        | {"reissue_on", "reissue_by", "reissue_reason"}
    )

    number = models.CharField(_("证书编号"), max_length=40, unique=True)
    code = models.CharField(_("核验码"), max_length=32, unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates")
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="certificates")
    project_key = models.CharField(max_length=100)
    holder_name = models.CharField(_("姓名"), max_length=60)
    claims = models.JSONField()
    token = models.TextField()
    kid = models.CharField(max_length=24)
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, related_name="+")
    planned_minutes = models.PositiveIntegerField()
    attended_minutes = models.PositiveIntegerField()
    required_minutes = models.PositiveIntegerField()
    theory_score = models.DecimalField(max_digits=4, decimal_places=1)
    practice_score = models.DecimalField(max_digits=4, decimal_places=1)
    pass_theory = models.PositiveSmallIntegerField()
    pass_practice = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=dict)
    evidence_digest = models.BinaryField()
    sessions_planned = models.PositiveSmallIntegerField(default=0)
    sessions_accepted = models.PositiveSmallIntegerField(default=0)
    plugins = models.JSONField(default=dict)
    issued_on = models.DateField(_("发证日期"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    status = models.CharField(
        _("状态"), max_length=10, choices=Status.choices, default=Status.VALID
    )
    revoked_on = models.DateField(null=True)
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)
    reissue_on = models.DateField(null=True)
    reissue_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reissue_reason = models.CharField(max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("证书")
        verbose_name_plural = _("证书")
        ordering = ["id"]
        permissions = [
            ("issue_certificate", "可签发证书"),
            ("revoke_certificate", "可撤销证书"),
            ("record_outcome", "可登记就业去向"),
            ("view_funnel", "可查看统计"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(
                fields=["trainee", "project_key"],
                condition=Q(status="valid"),
                name="certificate_one_per_person_and_project",
            ),
            models.CheckConstraint(
                name="certificate_trained",
                condition=Q(
                    required_minutes__lte=F("attended_minutes"),
                    attended_minutes__lte=F("planned_minutes"),
                    planned_minutes__gt=0,
                ),
            ),
            models.CheckConstraint(
                name="certificate_reviewed",
                condition=Q(sessions_accepted=F("sessions_planned")),
            ),
            models.CheckConstraint(
                name="certificate_qualified",
                condition=Q(
                    theory_score__gte=F("pass_theory"), practice_score__gte=F("pass_practice")
                ),
            ),
            models.CheckConstraint(
                name="certificate_revoked_says_why",
                condition=Q(status="valid", revoked_on__isnull=True, revoke_reason="")
                | (Q(status="revoked", revoked_on__isnull=False) & ~Q(revoke_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Issued facts are frozen: afterwards only a revocation and the paper's digest."""
        changed = set(kwargs.get("update_fields") or ["everything"])
        if not self._state.adding and not changed <= self.WRITTEN_LATER:
            raise FrozenRow("an issued certificate is frozen; revoke it and issue anew")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("an issued certificate is revoked, never deleted")


class Reevaluation(models.Model):
    """The attendance behind an issued certificate has changed: what differs, and whether it would
    still be issued. It stands until somebody who may revoke has decided, or the change was undone.

    `digest` is over the attendance and its reviews as they were found. The certificate is untouched.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待决定")
        OVERTAKEN = "overtaken", _("又有变化")
        UNDONE = "undone", _("变化已撤回")
        KEPT = "kept", _("维持证书")
        REVOKED = "revoked", _("已撤销证书")

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="reevaluations"
    )
    found_at = models.DateTimeField(auto_now_add=True)
    digest = models.BinaryField()
    minutes_before = models.PositiveIntegerField()
    minutes_after = models.PositiveIntegerField()
    required_minutes = models.PositiveIntegerField()
    differs = models.JSONField()  # a list of sessions, before and after
    eligible = models.BooleanField()
    verdicts = models.JSONField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(state="open"),
                name="reevaluation_one_open",
            ),
            models.CheckConstraint(
                name="reevaluation_kept_by_somebody_for_a_reason",
                condition=~Q(state="kept")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("that a certificate's attendance has changed is not forgotten")


class Outcome(AppendOnly):
    """就业去向 of a certificate. The latest row counts; unknown is not unemployed."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("就近就业")
        OUTWARD = "outward", _("外出务工")
        SELF_EMPLOYED = "self_employed", _("自主创业")
        FLEXIBLE = "flexible", _("灵活就业")
        OVERSEAS = "overseas", _("境外就业")
        UNEMPLOYED = "unemployed", _("未就业")

    class Evidence(models.TextChoices):
        SELF_REPORTED = "self_reported", _("本人自述")
        LIAISON_CALL = "liaison_call", _("联络员电话")
        EMPLOYER_CONFIRMED = "employer_confirmed", _("用人单位确认")
        DOCUMENT = "document", _("书面材料")

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(_("去向"), max_length=16, choices=Kind.choices)
    employer = models.CharField(_("用人单位"), max_length=80, blank=True)
    started_on = models.DateField(_("起始日期"), null=True, blank=True)
    evidence = models.CharField(_("依据"), max_length=20, choices=Evidence.choices)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="outcome_work_has_a_start",
                condition=Q(kind="unemployed") | Q(started_on__isnull=False),
            ),
            models.CheckConstraint(
                name="outcome_employer_is_named",
                condition=~Q(kind__in=["local", "outward", "overseas"]) | ~Q(employer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kind}"


class FollowUp(models.Model):
    """跟踪回访: the duty that a certificate opens, due by a day."""

    certificate = models.OneToOneField(
        Certificate, on_delete=models.PROTECT, related_name="follow_up"
    )
    due_on = models.DateField()
    done_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on"]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.due_on}"
