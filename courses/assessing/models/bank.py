"""The question bank of a base, what a paper is drawn by, and the checklists of practice."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from courses.assessing import rules
from courses.models import Project
from tenants.append_only import AppendOnly
from tenants.models import Trade

POINTS = [MinValueValidator(1), MaxValueValidator(20)]
OPTIONS = tuple(f"option_{letter.lower()}" for letter in rules.LETTERS)


class Kind(models.TextChoices):
    SINGLE = rules.SINGLE, _("单选题")
    MULTIPLE = rules.MULTIPLE, _("多选题")
    JUDGE = rules.JUDGE, _("判断题")


class Picture(AppendOnly):
    """A picture of a question, drawn anew from the upload. Not in the media folder, which strangers read."""

    digest = models.BinaryField(unique=True)
    content = models.BinaryField()

    def __str__(self) -> str:
        return bytes(self.digest).hex()[:12]


class Question(models.Model):
    """题目: as it is asked next time. What was asked is a `QuestionVersion`.

    `answer` holds sorted letters; of a judge question A is right and B is wrong.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("使用中")
        RETIRED = "retired", _("已停用")

    class Difficulty(models.IntegerChoices):
        EASY = 1, _("易")
        MIDDLE = 2, _("中")
        HARD = 3, _("难")

    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", verbose_name=_("工种")
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("只用于项目"),
        help_text=_("空着则该工种的所有项目都可用"),
    )
    kind = models.CharField(_("题型"), max_length=8, choices=Kind.choices)
    text = models.TextField(_("题干"), max_length=500)
    option_a = models.CharField(_("选项 A"), max_length=200, blank=True)
    option_b = models.CharField(_("选项 B"), max_length=200, blank=True)
    option_c = models.CharField(_("选项 C"), max_length=200, blank=True)
    option_d = models.CharField(_("选项 D"), max_length=200, blank=True)
    option_e = models.CharField(_("选项 E"), max_length=200, blank=True)
    option_f = models.CharField(_("选项 F"), max_length=200, blank=True)
    answer = models.CharField(
        _("答案"), max_length=12, help_text=_("单选 A，多选 ABD，判断写 对 或 错")
    )
    points = models.PositiveSmallIntegerField(_("分值"), default=2, validators=POINTS)
    topic = models.CharField(_("知识点"), max_length=40, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        _("难度"), choices=Difficulty.choices, default=Difficulty.MIDDLE
    )
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    picture_alt = models.CharField(_("图片说明（读屏用）"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ACTIVE)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("考题")
        verbose_name_plural = _("考题")
        ordering = ["trade", "topic", "id"]
        constraints = [
            models.CheckConstraint(
                name="question_points_are_sane", condition=models.Q(points__range=(1, 20))
            ),
            models.CheckConstraint(
                name="question_picture_has_words",
                condition=models.Q(picture__isnull=True) | ~models.Q(picture_alt=""),
            ),
            models.CheckConstraint(
                name="question_has_an_answer", condition=models.Q(answer__regex=r"^[A-F]{1,6}$")
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def options(self) -> list[str]:
        if self.kind == Kind.JUDGE:
            return ["对", "错"]
        found = [getattr(self, name).strip() for name in OPTIONS]
        while found and not found[-1]:
            found.pop()
        return found

    def clean(self) -> None:
        """Everything that is wrong, each at its field; the answer is kept as sorted letters."""
        super().clean()
        faults: dict[str, str] = {}
        options = self.options
        if self.kind != Kind.JUDGE and (len(options) < 2 or "" in options):
            faults["option_a"] = (
                "选择题从 A 起至少填两个选项，中间不能空"
                " / a choice has two options at least, without gaps"
            )
        elif len(set(options)) < len(options):
            faults["option_a"] = "有两个相同的选项 / two options are the same"
        letters = rules.LETTERS[: len(options)]
        try:
            self.answer = rules.read_answer(self.answer, self.kind, letters)
        except ValueError:
            self.answer = ""
        if not self.answer:
            faults["answer"] = (
                "答案不在选项之中：单选写 A，多选写 ABD，判断写 对 或 错"
                " / the answer is none of the options: A, ABD, or right and wrong as 对 and 错"
            )
        if self.project_id and self.trade_id and self.project.trade_id != self.trade_id:  # type: ignore[union-attr]
            faults["project"] = "项目不属于这个工种 / the project is of another trade"
        if faults:
            raise ValidationError(faults)


class QuestionVersion(AppendOnly):
    """A question as a paper has asked it. Made when it is first drawn after a change."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.TextField(max_length=500)
    options = models.JSONField()
    answer = models.CharField(max_length=6)
    topic = models.CharField(max_length=40, blank=True)
    difficulty = models.PositiveSmallIntegerField()
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    picture_alt = models.CharField(max_length=120, blank=True)
    digest = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_once"),
            models.UniqueConstraint(fields=["question", "digest"], name="question_words_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"

    @property
    def letters(self) -> str:
        return rules.LETTERS[: len(self.options)]


class Blueprint(ClusterableModel):  # type: ignore[misc]
    """组卷方案: how many of each kind and topic. The pass mark is the rule set's."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="blueprints", verbose_name=_("培训项目")
    )
    name = models.CharField(_("名称"), max_length=60)
    minutes = models.PositiveSmallIntegerField(
        _("考试时间（分钟）"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    in_use = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("组卷方案")
        verbose_name_plural = _("组卷方案")
        ordering = ["project", "name"]
        constraints = [
            models.CheckConstraint(
                name="blueprint_minutes_are_sane", condition=models.Q(minutes__range=(5, 240))
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} · {self.name}"


class BlueprintLine(Orderable):  # type: ignore[misc]
    """One line of a blueprint; without points each question has its own."""

    blueprint = ParentalKey(Blueprint, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(_("题型"), max_length=8, choices=Kind.choices)
    topic = models.CharField(
        _("知识点"), max_length=40, blank=True, help_text=_("空着则不限知识点")
    )
    count = models.PositiveSmallIntegerField(
        _("题数"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    points = models.PositiveSmallIntegerField(
        _("每题分值"), null=True, blank=True, validators=POINTS, help_text=_("空着用题目自己的分值")
    )

    class Meta(Orderable.Meta):  # type: ignore[misc]
        pass


class Checklist(ClusterableModel):  # type: ignore[misc]
    """实操评分表: what an examiner looks at."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="checklists", verbose_name=_("培训项目")
    )
    name = models.CharField(_("名称"), max_length=60)
    in_use = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("实操评分表")
        verbose_name_plural = _("实操评分表")
        ordering = ["project", "name"]

    def __str__(self) -> str:
        return f"{self.project} · {self.name}"


class ChecklistItem(Orderable):  # type: ignore[misc]
    checklist = ParentalKey(Checklist, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(_("评分项"), max_length=120)
    points = models.PositiveSmallIntegerField(
        _("分值"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    critical = models.BooleanField(_("关键项（不合格即不及格）"), default=False)

    class Meta(Orderable.Meta):  # type: ignore[misc]
        pass


class BankImport(models.Model):
    """An uploaded sheet of questions between preview and confirmation."""

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
