"""Issued certificates, and what they were issued on."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from courses.directory.models import RuleSet
from courses.models import Enrolment, Trainee
from tenants.append_only import FrozenRow


class Certificate(models.Model):
    """培训合格证书. Its facts are frozen columns that the database checks once more.

    Minutes are planned, accepted and required teaching minutes; scores are of 100; `claims` is what the
    paper prints; `evidence` is the attendance behind it with the grade of each session's log, and the
    scores; `evidence_digest` is SHA-256 over that; `plugins` are those whose rules were asked, with
    their versions. Certificates from before the logs were reviewed have no `evidence`.
    A correction is a certificate of its own: it `replaces` the one before it, has the next `version`,
    and that one is superseded. Only the status with its date, reason and the two people behind it,
    the release of a new issue after a revocation, and the stored PDF's digest are written later.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")
        SUPERSEDED = "superseded", _("已换发")

    class Why(models.TextChoices):
        """Why a certificate is revoked; whatever fits none is told in words."""

        ISSUED_IN_ERROR = "issued_in_error", _("误发")
        WRONG_PERSON = "wrong_person", _("发错人")
        FALSE_EVIDENCE = "false_evidence", _("考勤或考核材料不实")
        ATTENDANCE_CHANGED = "attendance_changed", _("考勤复核后不再符合")
        KEY_COMPROMISED = "key_compromised", _("签名密钥泄露")
        OTHER = "other", _("其他")

    WRITTEN_LATER = frozenset(
        {"status", "revoked_on", "revoke_code", "revoke_reason", "revoked_by", "revoke_asked_by"}
        | {"pdf_sha256"}
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
    revoke_code = models.CharField(max_length=20, blank=True)
    revoke_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)
    revoke_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    correction = models.CharField(max_length=200, blank=True)
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
                | (
                    Q(status__in=["revoked", "superseded"], revoked_on__isnull=False)
                    & ~Q(revoke_reason="")
                ),
            ),
            models.CheckConstraint(
                name="certificate_revoked_by_two",
                condition=~Q(status="revoked")
                | (
                    Q(revoked_by__isnull=False, revoke_asked_by__isnull=False)
                    & ~Q(revoked_by=F("revoke_asked_by"))
                ),
            ),
            models.CheckConstraint(
                name="certificate_correction_says_what",
                condition=Q(replaces__isnull=True, version=1, correction="")
                | (Q(replaces__isnull=False, version__gt=1) & ~Q(correction="")),
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
