"""Projects, their classes, and the planned sessions of a class."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from courses.directory.models import Programme, RuleSet
from tenants.designations.models import Designation
from tenants.models import Division, Trade, in_language

#: Levels that a project may have: code, Chinese, English. Closed, since a level is part of what a
#: second certificate is refused by.
LEVELS = (
    ("induction", "上岗级", "Induction"),
    ("single", "单项能力", "Single ability"),
    ("basic", "基础", "Basic"),
    ("elementary", "初级", "Elementary"),
    ("intermediate", "中级", "Intermediate"),
    ("advanced", "高级", "Advanced"),
)
_named = lazy(in_language, str)


class Project(models.Model):
    """培训项目: what is taught and certified. Hours are class hours of `minutes_per_hour`.

    Trade and level are fixed once a class was opened: they say what a certificate is of.
    """

    code = models.SlugField(_("项目代码"), unique=True)
    name = models.CharField(_("项目名称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=100)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, verbose_name=_("工种"))
    level = models.CharField(
        _("级别"), max_length=16, choices=[(code, _named(zh, en)) for code, zh, en in LEVELS]
    )
    theory_hours = models.PositiveSmallIntegerField(_("理论课时"))
    practice_hours = models.PositiveSmallIntegerField(_("实操课时"))
    minutes_per_hour = models.PositiveSmallIntegerField(_("每课时分钟数"), default=45)

    class Meta:
        verbose_name = _("培训项目")
        verbose_name_plural = _("培训项目")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="project_class_hour_is_sane",
                condition=models.Q(minutes_per_hour__range=(30, 90)),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The same at every base, so that the register knows a second certificate."""
        return f"{self.trade.code}/{self.level}"

    @property
    def level_zh(self) -> str:
        """As papers print it, whatever language the clerk reads."""
        return next(zh for code, zh, _en in LEVELS if code == self.level)

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    def clean(self) -> None:
        super().clean()
        old = Project.objects.filter(pk=self.pk, classes__isnull=False).first()
        if old and (old.trade_id, old.level) != (self.trade_id, self.level):
            raise ValidationError(
                "已开过班的项目不能改工种和级别，请新建项目"
                " / a project with classes keeps its trade and level: make a new one"
            )

    @property
    def total_hours(self) -> int:
        return self.theory_hours + self.practice_hours


class TrainingClass(models.Model):
    """班次: one run of a project.

    At its opening it pins the rule set and the designation in force, and what its certificates
    will say of the project: later changes of the project are for later classes.
    """

    class State(models.TextChoices):
        OPEN = "open", _("招生中")
        IN_SESSION = "in_session", _("培训中")
        FINISHED = "finished", _("已结业")

    PINNED = (
        ("project_name", "name"),
        ("project_name_en", "name_en"),
        ("project_level", "level_zh"),
        ("project_key", "key"),
        ("theory_hours", "theory_hours"),
        ("practice_hours", "practice_hours"),
        ("minutes_per_hour", "minutes_per_hour"),
    )

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="classes", verbose_name=_("培训项目")
    )
    project_name = models.CharField(max_length=60, editable=False)
    project_name_en = models.CharField(max_length=100, editable=False)
    project_level = models.CharField(max_length=40, editable=False)
    project_key = models.CharField(max_length=100, editable=False)
    theory_hours = models.PositiveSmallIntegerField(editable=False)
    practice_hours = models.PositiveSmallIntegerField(editable=False)
    minutes_per_hour = models.PositiveSmallIntegerField(editable=False)
    code = models.SlugField(_("班次代码"), max_length=40, unique=True)
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结业日期"))
    village = models.ForeignKey(Division, on_delete=models.PROTECT, verbose_name=_("村"))
    place = models.CharField(_("地点"), max_length=120)
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("教师")
    )
    rule_set = models.ForeignKey(RuleSet, on_delete=models.PROTECT, verbose_name=_("规则"))
    designation = models.ForeignKey(
        Designation, on_delete=models.PROTECT, related_name="+", verbose_name=_("认定")
    )
    programme = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("资金项目"),
    )
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("班次")
        verbose_name_plural = _("班次")
        ordering = ["-starts_on", "code"]
        permissions = [
            ("import_roster", "可导入花名册"),
            ("record_attendance", "可记录考勤"),
            ("enter_scores", "可录入成绩"),
        ]
        constraints = [
            models.CheckConstraint(
                name="class_ends_after_start",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.code}"


class VillageSession(models.Model):
    """课次: one planned teaching session. `minutes` are planned minutes of one kind."""

    class Kind(models.TextChoices):
        THEORY = "theory", _("理论")
        PRACTICE = "practice", _("实操")

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="sessions"
    )
    number = models.PositiveSmallIntegerField(_("课次"))
    held_on = models.DateField(_("日期"))
    starts_at = models.TimeField(_("开始时间"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    minutes = models.PositiveSmallIntegerField(_("计划分钟数"))
    topic = models.CharField(_("内容"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("课次")
        verbose_name_plural = _("课次")
        ordering = ["training_class", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "number"], name="session_number_once"
            ),
            models.CheckConstraint(
                name="session_minutes_are_sane", condition=models.Q(minutes__range=(1, 720))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class.code} #{self.number}"

    @property
    def hours(self) -> Decimal:
        """Class hours of the project's length."""
        per = self.training_class.minutes_per_hour
        return (Decimal(self.minutes) / per).quantize(Decimal("0.1"))
