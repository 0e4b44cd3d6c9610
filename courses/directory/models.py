"""What centre and bases show each other: rule sets downwards, course listings upwards.

Shared tables, so that the portal lists all bases' courses without reading their schemas.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.directory.numbers import USUAL, pattern_fault
from tenants.models import Division, Tenant, Trade, in_language
from tenants.natural import ByKey


def three_calls() -> list[int]:
    """Days after issue on which somebody is asked what came of it."""
    return [30, 90, 180]


class RuleSet(models.Model):
    """One version of the numbers that decide about a certificate. Never edited after its start.

    Percents of attendance are of planned minutes; pass marks are of 100. `document` is the rule
    document. `gate_*` ask, before a class opens, what came of the trade's certificates that are from
    `gate_after_days` to `gate_window_days` old: the known are a share of those, the employed a share of
    the known. `sample_percent` of each class are called again by the centre. `age_*`, `same_project`,
    `overlap` and `trainings_per_year` say who may join a class.
    """

    class Weight(models.TextChoices):
        """What becomes of somebody who wants to join a class against a rule."""

        OFF = "off", _("不审查")
        WARN = "warn", _("提醒")
        REFUSE = "refuse", _("不准入班")

    class Gate(models.TextChoices):
        """What becomes of an opening when earlier certificates of the trade fall short."""

        OFF = "off", _("不审查")
        WARN = "warn", _("提醒")
        REFUSE = "refuse", _("不准开班")

    code = models.SlugField(_("代码"))
    version = models.PositiveSmallIntegerField(_("版本"))
    effective_from = models.DateField(_("生效日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    document = models.CharField(_("文件号"), max_length=60)
    attendance_percent = models.PositiveSmallIntegerField(_("出勤率下限（%）"))
    theory_percent = models.PositiveSmallIntegerField(_("理论出勤率下限（%）"))
    practice_percent = models.PositiveSmallIntegerField(_("实操出勤率下限（%）"))
    minutes_per_day = models.PositiveSmallIntegerField(_("每日教学上限（分钟）"), default=480)
    pass_theory = models.PositiveSmallIntegerField(_("理论及格分"))
    pass_practice = models.PositiveSmallIntegerField(_("实操及格分"))
    follow_ups = ArrayField(
        models.PositiveSmallIntegerField(),
        default=three_calls,
        size=6,
        verbose_name=_("回访期限（发证后第几天）"),
        help_text=_("几个天数，用逗号隔开，例如 30,90,180"),
    )
    gate = models.CharField(
        _("下一班开班审查"), max_length=6, choices=Gate.choices, default=Gate.WARN
    )
    gate_known_percent = models.PositiveSmallIntegerField(_("去向已知率下限（%）"), default=80)
    gate_employed_percent = models.PositiveSmallIntegerField(_("就业率下限（%）"), default=50)
    gate_after_days = models.PositiveSmallIntegerField(_("发证满多少天才计入"), default=90)
    gate_window_days = models.PositiveSmallIntegerField(_("计入多少天以内的证书"), default=730)
    age_from = models.PositiveSmallIntegerField(
        _("年龄下限（周岁）"), default=16, help_text=_("开班当天的年龄；法定最低 16 周岁")
    )
    age_to = models.PositiveSmallIntegerField(
        _("年龄上限（周岁）"), null=True, blank=True, help_text=_("不填为不限")
    )
    same_project = models.CharField(
        _("同一项目已有有效证书"), max_length=6, choices=Weight.choices, default=Weight.WARN
    )
    overlap = models.CharField(
        _("同时在本基地另一个班"), max_length=6, choices=Weight.choices, default=Weight.WARN
    )
    trainings_per_year = models.PositiveSmallIntegerField(
        _("每人每年最多培训次数"), null=True, blank=True, help_text=_("各基地合计；不填为不限")
    )
    sample_percent = models.PositiveSmallIntegerField(_("每班抽查比例（%）"), default=10)
    archive_years = models.PositiveSmallIntegerField(_("档案保存年限"), default=10)
    number_pattern = models.CharField(
        _("证书编号格式"),
        max_length=60,
        default=USUAL,
        help_text=_("{issuer} 基地前缀，{year} 年份，{serial:05} 本年顺序号，至少五位"),
    )

    NATURAL = ("code", "version")
    objects = ByKey()

    class Meta:
        verbose_name = _("规则")
        verbose_name_plural = _("规则")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="ruleset_version_once"),
            models.CheckConstraint(
                name="ruleset_numbers_up_to_100",
                condition=models.Q(
                    attendance_percent__lte=100,
                    theory_percent__lte=100,
                    practice_percent__lte=100,
                    pass_theory__lte=100,
                    pass_practice__lte=100,
                    gate_known_percent__lte=100,
                    gate_employed_percent__lte=100,
                    sample_percent__lte=100,
                ),
            ),
            models.CheckConstraint(
                name="ruleset_ages_in_order",
                condition=models.Q(age_from__gte=16, age_from__lte=100)
                & (models.Q(age_to__isnull=True) | models.Q(age_to__gte=models.F("age_from"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} v{self.version}"

    def clean(self) -> None:
        """What classes have pinned stays as it is; only its end may still be written."""
        super().clean()
        old = RuleSet.objects.filter(pk=self.pk, effective_from__lte=timezone.localdate()).first()
        frozen = [f.name for f in self._meta.fields if f.name not in ("id", "effective_to")]
        if old and any(getattr(old, name) != getattr(self, name) for name in frozen):
            raise ValidationError(
                "已生效的规则不能修改，请新建一个版本；只能填写失效日期"
                " / a rule set in force is not changed: make a new version, or write only its end"
            )
        if fault := pattern_fault(self.number_pattern):
            raise ValidationError({"number_pattern": fault})
        if self.age_from is not None and (ages := self._ages_fault()):
            raise ValidationError(ages)
        if self.effective_to and self.effective_from and self.effective_to < self.effective_from:
            raise ValidationError(
                {"effective_to": "失效日期不能早于生效日期 / it ends before it begins"}
            )

    def _ages_fault(self) -> dict[str, str]:
        if not 16 <= self.age_from <= 100:
            return {"age_from": "年龄下限应在 16 到 100 之间 / the lowest age is 16 to 100"}
        if self.age_to is not None and self.age_to < self.age_from:
            return {"age_to": "年龄上限不能低于下限 / the highest age is below the lowest"}
        return {}

    def natural_key(self) -> tuple[str, int]:
        return (self.code, self.version)


class Programme(models.Model):
    """资金项目: what pays for a class, with the document that it comes from."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=100)
    document = models.CharField(_("文件号"), max_length=60)
    starts_on = models.DateField(_("自"))
    ends_on = models.DateField(_("至"), null=True, blank=True)

    NATURAL = ("code",)
    objects = ByKey()

    class Meta:
        verbose_name = _("资金项目")
        verbose_name_plural = _("资金项目")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    def pays_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Presence(models.Model):
    """That somebody was marked as present, or taught: from when to when, in which session of which base.

    `person` is a keyed digest that no base can read or reverse, under a purpose of its own: it
    cannot be compared with the certificate register. Written by the projection of the field log, so
    that nobody is in two places at once; no name, no number, no mark. `session` is the base's own
    number of it, `label` what people call it.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    session = models.PositiveBigIntegerField()
    label = models.CharField(max_length=60)
    person = models.BinaryField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    teaches = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["person", "starts_at"], name="presence_person_starts")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "session", "person"], name="presence_once"),
            models.CheckConstraint(
                name="presence_ends_after_start",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.starts_at:%Y-%m-%d %H:%M}"


class Doubt(models.Model):
    """A base's session whose clashes with other bases must be compared again, after a commit: its own
    presence or another base's beside it has changed.

    The same may stand here many times: with a unique key two bases that write at the same moment
    would wait for each other.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    session = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.session}"


class CourseListing(models.Model):
    """A published course of a base as the portal shows it; rewritten on publish and opening."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="listings")
    page_id = models.PositiveBigIntegerField()
    title = models.CharField(max_length=255)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT)
    title_en = models.CharField(max_length=100)
    level = models.CharField(max_length=40)
    level_en = models.CharField(max_length=40)
    theory_hours = models.DecimalField(max_digits=6, decimal_places=1)
    practice_hours = models.DecimalField(max_digits=6, decimal_places=1)
    place = models.CharField(max_length=120)
    path = models.CharField(max_length=400)
    townships = models.ManyToManyField(Division, blank=True)
    upcoming = ArrayField(models.DateField(), default=list)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "page_id"], name="listing_page_once")
        ]

    def __str__(self) -> str:
        return self.title

    def next_class_on(self, today: date) -> date | None:
        """Asked with today's date: a listing is not rewritten when a class begins."""
        return min((day for day in self.upcoming if day >= today), default=None)


class FieldLag(models.Model):
    """How far a base's field log is behind, in counts without people; counted by the base's own job.

    Days and moments instead of their number: the centre asks with its own clock, and a base that
    nobody hears of is late all the same.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="field_lag")
    counted_at = models.DateTimeField()
    devices = models.PositiveIntegerField(default=0)
    numbers_missing = models.PositiveBigIntegerField(default=0)
    blobs_missing = models.PositiveIntegerField(default=0)
    unread = models.PositiveIntegerField(default=0)
    without_log = ArrayField(models.DateField(), default=list)  # planned days, one a session
    contacts = ArrayField(models.DateTimeField(), default=list)  # the last of each phone in use

    class Meta:
        ordering = ["tenant"]

    def __str__(self) -> str:
        return f"{self.tenant} {self.counted_at:%Y-%m-%d %H:%M}"
