"""Calls, sample checks and exceptions: facts, each written once. Rows that the centre writes stand in the
base's schema, with the officer's name as text: its accounts are not there.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, Outcome
from courses.models import Trainee, TrainingClass
from tenants.append_only import AppendOnly
from tenants.models import Trade

NO_WORDS = Q(employer="") & Q(started_on__isnull=True)


class Result(models.TextChoices):
    REACHED = "reached", _("接通")
    NO_ANSWER = "no_answer", _("没人接")
    WRONG_NUMBER = "wrong_number", _("号码不对")
    REFUSED = "refused", _("拒绝回答")


class Call(AppendOnly):
    """回访电话: one call to a person, whoever made it. `outcome` is what it brought, if anything."""

    class Who(models.TextChoices):
        SELF = "self", _("本人")
        FAMILY = "family", _("家属")
        OTHER = "other", _("别人")

    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="calls")
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices)
    who = models.CharField(_("谁接的"), max_length=6, choices=Who.choices, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")
    next_call_on = models.DateField(_("下次回访"), null=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        permissions = [("call_people", "可打回访电话"), ("assign_duty", "可分配回访")]
        constraints = [
            models.CheckConstraint(
                name="call_somebody_answered_or_nobody",
                condition=(Q(result="reached") & ~Q(who="")) | (~Q(result="reached") & Q(who="")),
            ),
            models.CheckConstraint(
                name="call_brings_an_outcome_or_a_next_day",
                condition=Q(outcome__isnull=False, result="reached")
                | Q(outcome__isnull=True, next_call_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee_id}: {self.result}"


class CallScript(AppendOnly):
    """What callers say. The last row counts; without one, the text of `services.script`."""

    zh = models.TextField(_("中文"), max_length=1000)
    en = models.TextField(_("英文"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at}"


class SampleDraw(AppendOnly):
    """One drawing of a class: who stood to be drawn, by which seed and which share. Anybody can draw
    it again: `rules.drawn`.
    """

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="draws"
    )
    seed = models.CharField(max_length=32)
    percent = models.PositiveSmallIntegerField()
    numbers = ArrayField(models.CharField(max_length=40))
    wanted = models.PositiveSmallIntegerField()
    rules = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.seed}"


class SampledPerson(AppendOnly):
    """Somebody whom the centre calls again. The base's pages do not show it before that call."""

    draw = models.ForeignKey(SampleDraw, on_delete=models.PROTECT, related_name="people")
    certificate = models.OneToOneField(Certificate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        permissions = [("check_sample", "可抽查回访"), ("answer_sample", "可答复抽查")]

    def __str__(self) -> str:
        return f"{self.certificate_id}"


class SampleLook(AppendOnly):
    """An officer of the centre has seen the phone number of a sampled person."""

    person = models.ForeignKey(SampledPerson, on_delete=models.PROTECT, related_name="looks")
    officer = models.CharField(max_length=60)
    account = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.officer}"


class SampleCheck(AppendOnly):
    """What an officer heard, and beside it what the base had on record at that moment."""

    person = models.ForeignKey(SampledPerson, on_delete=models.PROTECT, related_name="checks")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices)
    kind = models.CharField(_("去向"), max_length=16, choices=Outcome.Kind.choices, blank=True)
    employer = models.CharField(_("用人单位"), max_length=80, blank=True)
    place_code = models.CharField(_("就业地区划代码"), max_length=12, blank=True)
    started_on = models.DateField(_("起始日期"), null=True, blank=True)
    note = models.CharField(_("备注"), max_length=200, blank=True)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")
    base_kind = models.CharField(max_length=16, choices=Outcome.Kind.choices, blank=True)
    base_employer = models.CharField(max_length=80, blank=True)
    base_started_on = models.DateField(null=True)
    base_by = models.CharField(max_length=100, blank=True)
    differences = ArrayField(models.CharField(max_length=10), default=list)
    officer = models.CharField(max_length=60)
    account = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(result="reached"), name="sample_heard_once"
            ),
            models.CheckConstraint(
                name="sample_heard_something_or_nothing",
                condition=(Q(result="reached") & ~Q(kind=""))
                | (~Q(result="reached") & Q(kind="") & NO_WORDS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.result}"


class SampleAnswer(AppendOnly):
    """What the base says to a discrepancy, and the outcome with which it has put it right."""

    found = models.OneToOneField(SampleCheck, on_delete=models.PROTECT, related_name="answer")
    text = models.CharField(_("说明"), max_length=400)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.found_id}"


class GateException(AppendOnly):
    """An officer of the centre lets a base open classes of a trade in spite of its past: until a day, or
    the one class with that code.
    """

    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    until = models.DateField(_("至"), null=True, blank=True)
    class_code = models.CharField(_("班次代码"), max_length=40, blank=True)
    reason = models.CharField(_("理由"), max_length=400)
    officer = models.CharField(max_length=60)
    account = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        permissions = [("grant_exception", "可批准开班审查例外")]
        constraints = [
            models.CheckConstraint(
                name="exception_for_a_time_or_a_class",
                condition=(Q(until__isnull=False) & Q(class_code=""))
                | (Q(until__isnull=True) & ~Q(class_code="")),
            ),
            models.CheckConstraint(
                name="exception_by_somebody_for_a_reason", condition=~Q(reason="") & ~Q(officer="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trade_id}: {self.until or self.class_code}"


class OpeningCheck(AppendOnly):
    """What the gate said when a class opened; frozen with its numbers."""

    training_class = models.OneToOneField(
        TrainingClass, on_delete=models.PROTECT, related_name="opening_check"
    )
    mode = models.CharField(max_length=6)
    verdicts = models.JSONField(default=list)
    exception = models.ForeignKey(
        GateException, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.mode}"
