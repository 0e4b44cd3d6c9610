"""What the centre demands before a class opens, and the days of the year that it keeps for planning."""

from datetime import time

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from courses.requests.rules.terms import TERMS
from tenants.append_only import AppendOnly
from tenants.models import Tenant, in_language

_named = lazy(in_language, str)
TERM_CHOICES = [(number, _named(zh, en)) for number, (zh, en) in enumerate(TERMS)]


class OpeningPolicy(AppendOnly):
    """开班审批办法: from one day on. The newest row whose day has come is in force; none is edited.

    `days_before` and `change_days_before` are days from the sending to the first day that is concerned.
    A session of an approved class moves freely within its day, between `day_from` and `day_to`.
    """

    centre = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    effective_from = models.DateField(_("生效日期"))
    document = models.CharField(_("文件号"), max_length=60)
    demands = models.BooleanField(_("开班须经中心批准"), default=True)
    days_before = models.PositiveSmallIntegerField(_("申请须在开班前多少天送达"), default=7)
    change_days_before = models.PositiveSmallIntegerField(_("变更须提前多少天送达"), default=1)
    day_from = models.TimeField(_("当天可自行调整：自"), default=time(7, 0))
    day_to = models.TimeField(_("当天可自行调整：至"), default=time(21, 0))
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("开班审批办法")
        verbose_name_plural = _("开班审批办法")
        ordering = ["-effective_from", "-id"]
        constraints = [
            models.CheckConstraint(name="opening_policy_has_a_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="opening_policy_day_is_sane", condition=Q(day_to__gt=F("day_from"))
            ),
            models.CheckConstraint(
                name="opening_policy_days_are_sane",
                condition=Q(days_before__lte=180, change_days_before__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.effective_from}"

    def clean(self) -> None:
        super().clean()
        if self.day_from and self.day_to and self.day_to <= self.day_from:
            raise ValidationError({"day_to": "结束时间要晚于开始时间 / it ends after it begins"})


class Holiday(models.Model):
    """A day on which nobody is at work, or on which everybody is although it is a Saturday or Sunday."""

    class Kind(models.TextChoices):
        REST = "rest", _("放假")
        WORK = "work", _("调休上班")

    centre = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    day = models.DateField(_("日期"))
    name = models.CharField(_("名称"), max_length=40)
    kind = models.CharField(_("类别"), max_length=4, choices=Kind.choices, default=Kind.REST)

    class Meta:
        verbose_name = _("节假日")
        verbose_name_plural = _("节假日")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["centre", "day"], name="holiday_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class SeasonWindow(models.Model):
    """农闲 by solar term: from the first day of one term to the day before another begins.

    It may pass the new year. The days are worked out anew for each year.
    """

    centre = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名"), max_length=40, blank=True)
    starts = models.PositiveSmallIntegerField(_("自（节气当天）"), choices=TERM_CHOICES)
    ends = models.PositiveSmallIntegerField(_("至（节气前一天）"), choices=TERM_CHOICES)

    class Meta:
        verbose_name = _("农闲时段")
        verbose_name_plural = _("农闲时段")
        ordering = ["starts", "id"]
        constraints = [
            models.CheckConstraint(
                name="season_window_of_two_terms",
                condition=Q(starts__lt=24, ends__lt=24) & ~Q(starts=F("ends")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    def clean(self) -> None:
        super().clean()
        if self.starts is not None and self.starts == self.ends:
            raise ValidationError({"ends": "请选另一个节气 / choose another solar term"})
