"""The year-end assessment: what the system proposed, what a person decided, and the appeal."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from trainbase_letters.models.facts import Fact
from trainbase_letters.models.letters import METRIC_TITLES, Letter


class Assessment(Fact):
    """What the ledger said of a signed letter, and the step that the ladder proposes.

    `lines` are `rules.Line`s. A later one of the same letter replaces it until one is decided.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField()
    lines = models.JSONField()
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    threshold = models.PositiveSmallIntegerField()
    missed = models.BooleanField(_("未完成"))
    in_row = models.PositiveSmallIntegerField(_("连续年数"))
    step = models.PositiveSmallIntegerField(null=True)
    step_zh = models.CharField(max_length=120, blank=True)
    step_en = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["letter", "number"], name="letters_assessment_number"),
            models.CheckConstraint(
                name="letters_step_only_when_missed",
                condition=Q(missed=True, step__isnull=False, in_row__gte=1)
                | Q(missed=False, step__isnull=True, in_row=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter} #{self.number}"

    @property
    def step_title(self) -> str:
        return self.step_en if get_language() == "en" else self.step_zh

    @property
    def named_lines(self) -> list[dict[str, Any]]:
        return [line | {"title": METRIC_TITLES[line["metric"]]} for line in self.lines]


class Decision(Fact):
    """A named official has confirmed the proposal, or granted an exception; once."""

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("确认处理")
        EXCEPTION = "exception", _("准予例外")

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("理由"), max_length=400)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.assessment} {self.kind}"


class Appeal(Fact):
    """What the unit says against a decision; recorded by an official."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    appellant = models.CharField(_("申诉人"), max_length=60)
    received_on = models.DateField(_("收到日期"))
    text = models.TextField(_("申诉内容"), max_length=4000)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.decision} {self.appellant}"


class AppealDecision(Fact):
    """The answer to an appeal; once. An upheld one takes the step and the missed year back."""

    class Kind(models.TextChoices):
        UPHELD = "upheld", _("申诉成立")
        REJECTED = "rejected", _("申诉不成立")

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="answer")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.CharField(_("理由"), max_length=400)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.appeal} {self.kind}"
