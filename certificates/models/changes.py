"""What people decide about an issued certificate."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificate import Certificate
from tenants.append_only import FrozenRow


class Revocation(models.Model):
    """Somebody asks that a certificate be revoked; somebody else does it, or says why not."""

    class State(models.TextChoices):
        OPEN = "open", _("待另一人确认")
        DONE = "done", _("已撤销证书")
        REFUSED = "refused", _("未同意")
        OVERTAKEN = "overtaken", _("已无必要")

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="revocations"
    )
    code = models.CharField(max_length=20, choices=Certificate.Why.choices)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(state="open"), name="revocation_one_open"
            ),
            models.CheckConstraint(
                name="revocation_by_two",
                condition=~Q(state="done")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.state}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("that somebody asked for a revocation is not forgotten")


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
