"""Who sits which part of an assessment, when, before whom, with what before them."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.assessing import rules
from courses.assessing.models.bank import Blueprint, QuestionVersion
from courses.models import Enrolment, TrainingClass
from tenants.append_only import AppendOnly

#: Without letters and digits that are taken for each other.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_seed() -> str:
    return secrets.token_hex(16)


def new_code() -> str:
    return "".join(secrets.choice(SIGNS) for _n in range(6))


class Part(models.TextChoices):
    THEORY = "theory", _("理论")
    PRACTICE = "practice", _("实操")


class Sitting(models.Model):
    """考核场次: one part of a class's assessment on one day.

    `seed` draws the paper and orders it; `items` is the checklist as it was when the sitting was made;
    `pass_mark` is the rule set's. `code` is what an examinee types.
    """

    class How(models.TextChoices):
        PHONE = "phone", _("手机答题")
        PAPER = "paper", _("纸质试卷")
        CHECKLIST = "checklist", _("评分表")
        SCORES = "scores", _("只录分数")

    class State(models.TextChoices):
        PLANNED = "planned", _("未开始")
        OPEN = "open", _("进行中")
        CLOSED = "closed", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="sittings"
    )
    part = models.CharField(_("部分"), max_length=8, choices=Part.choices)
    how = models.CharField(_("方式"), max_length=9, choices=How.choices)
    held_on = models.DateField(_("考核日期"))
    minutes = models.PositiveSmallIntegerField(_("考试时间（分钟）"), null=True)
    pass_mark = models.PositiveSmallIntegerField(_("及格分"))
    blueprint = models.ForeignKey(
        Blueprint, on_delete=models.PROTECT, null=True, related_name="sittings"
    )
    items = models.JSONField(default=list)
    wanted_looks = models.PositiveSmallIntegerField(default=1)
    gap = models.PositiveSmallIntegerField(default=15)
    seed = models.CharField(max_length=32, default=new_seed, editable=False)
    code = models.CharField(max_length=6, default=new_code, unique=True, editable=False)
    state = models.CharField(_("状态"), max_length=9, choices=State.choices, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("考核场次")
        ordering = ["-held_on", "-id"]
        permissions = [
            ("plan_sitting", "可安排考核"),
            ("decide_appeal", "可裁定申诉"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sitting_has_its_way",
                condition=models.Q(part="theory", how__in=["phone", "paper"], minutes__isnull=False)
                | models.Q(part="practice", how="checklist")
                | models.Q(how="scores"),
            ),
            models.CheckConstraint(
                name="sitting_closed_when_over",
                condition=models.Q(state="closed", closed_at__isnull=False)
                | models.Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class.code} {self.get_part_display()} {self.held_on}"

    @property
    def shown_code(self) -> str:
        return f"{self.code[:3]} {self.code[3:]}"

    @property
    def checklist(self) -> list[rules.Item]:
        return [rules.Item(**item) for item in self.items]


class SittingExaminer(models.Model):
    """考评人. Not the class's trainer, where the policy says so: a guard of the database asks too."""

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="examiners")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "user"], name="sitting_examiner_once")
        ]

    def __str__(self) -> str:
        return str(self.user)


class SittingQuestion(AppendOnly):
    """What a sitting asks, in the order of its blueprint: frozen words, and points."""

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="questions")
    place = models.PositiveSmallIntegerField()
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="asked")
    points = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "place"], name="sitting_place_once"),
            models.UniqueConstraint(fields=["sitting", "version"], name="sitting_asks_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} #{self.place}"


class Attempt(models.Model):
    """One examinee at one sitting. `number` counts the times that this part was sat or to be sat.

    `door` is the secret of the phone that came in last: an earlier one saves nothing any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("未开始")
        STARTED = "started", _("作答中")
        DONE = "done", _("已交卷")
        ABSENT = "absent", _("缺考")
        VOID = "void", _("作废")

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="attempts")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    variant = models.CharField(max_length=1, blank=True)
    started_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    door = models.CharField(max_length=32, blank=True)
    openings = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["enrolment_id"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "enrolment"], name="attempt_once_a_sitting"),
            models.CheckConstraint(
                name="attempt_done_when_over",
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.sitting_id} {self.state}"


class Answer(models.Model):
    """What somebody has chosen, as sorted letters. A guard of the database keeps it after the end."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(SittingQuestion, on_delete=models.PROTECT, related_name="answers")
    chosen = models.CharField(max_length=6, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["question_id"]
        constraints = [models.UniqueConstraint(fields=["attempt", "question"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_id} {self.chosen}"


class AttemptEvent(AppendOnly):
    """What happened to an attempt, and who did it; nobody is the examinee, or the clock."""

    class What(models.TextChoices):
        STARTED = "started", _("开始作答")
        CAME_BACK = "came_back", _("重新进入")
        HANDED_IN = "handed_in", _("交卷")
        TIME_OVER = "time_over", _("到时自动交卷")
        TAKEN_IN = "taken_in", _("考评人收卷")
        TYPED = "typed", _("录入")
        ABSENT = "absent", _("记缺考")
        CAME_LATE = "came_late", _("取消缺考")
        VOID = "void", _("作废")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=9, choices=What.choices)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="attempt_void_says_why", condition=~models.Q(what="void") | ~models.Q(note="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.what}"
