"""Keys that the centre gives to organisations that check many certificates, and their use."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly, FrozenRow


class ApiKey(models.Model):
    """A key, of which only a keyed digest is kept. `quota` is certificates a day.

    `shown` is its beginning, by which its owner and the centre know which one is meant. Only its end is
    written later.
    """

    WRITTEN_LATER = frozenset({"ended_at", "ended_by", "end_reason"})

    name = models.CharField(_("给谁"), max_length=80)
    contact = models.CharField(_("联系人和电话"), max_length=80)
    quota = models.PositiveIntegerField(
        _("每日限额（份）"),
        default=2000,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
    )
    digest = models.BinaryField(unique=True)
    shown = models.CharField(max_length=12)
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("核验接口密钥")
        verbose_name_plural = _("核验接口密钥")
        ordering = ["-id"]
        permissions = [("manage_apikey", "可管理核验接口密钥")]
        constraints = [
            models.CheckConstraint(name="api_key_has_quota", condition=Q(quota__gte=1)),
            models.CheckConstraint(
                name="api_key_end_says_why",
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.shown}…"

    def save(self, *args: Any, **kwargs: Any) -> None:
        changed = set(kwargs.get("update_fields") or ["everything"])
        if not self._state.adding and not changed <= self.WRITTEN_LATER:
            raise FrozenRow("a key is not changed: end it and make another")
        super().save(*args, **kwargs)


class ApiUse(AppendOnly):
    """One request with a key: when, how many certificates, how many matched. Nothing of whose."""

    class Outcome(models.TextChoices):
        ANSWERED = "answered", _("已答复")
        OVER_QUOTA = "over_quota", _("超出限额，未答复")

    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="uses")
    at = models.DateTimeField(auto_now_add=True)
    asked = models.PositiveIntegerField()
    matches = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ANSWERED)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["key", "at"], name="api_use_by_day")]
        constraints = [
            models.CheckConstraint(
                name="api_use_matches_asked", condition=Q(matches__lte=models.F("asked"))
            ),
            models.CheckConstraint(
                name="api_use_refused_tells_nothing",
                condition=Q(outcome="answered") | Q(matches=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.key}: {self.matches}/{self.asked}"
