"""What came of an attempt, what examiners saw, and what was appealed. Written once each."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.assessing.models.sittings import Attempt
from tenants.append_only import AppendOnly


class Result(AppendOnly):
    """A score of 100 of one attempt. The latest row of an attempt counts; a change is a new row."""

    class How(models.TextChoices):
        MARKED = "marked", _("系统判分")
        TYPED = "typed", _("录入")
        LOOKED = "looked", _("现场评分")
        VOID = "void", _("作废")
        APPEAL = "appeal", _("申诉复核")

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="results")
    score = models.DecimalField(max_digits=4, decimal_places=1)
    points = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    failed = models.BooleanField(default=False)  # a critical item
    how = models.CharField(max_length=6, choices=How.choices)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="result_of_100", condition=models.Q(score__range=(0, 100))),
            models.CheckConstraint(
                name="result_change_says_why",
                condition=models.Q(replaces__isnull=True) | ~models.Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["attempt"],
                condition=models.Q(replaces__isnull=True),
                name="result_first_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.score}"


class Look(AppendOnly):
    """What one examiner gave for each item of the checklist, apart from the others."""

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="looks")
    examiner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    points = models.JSONField()
    failed = models.JSONField(default=list)
    score = models.DecimalField(max_digits=4, decimal_places=1)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "examiner"], name="look_once_each"),
            models.UniqueConstraint(fields=["attempt", "number"], name="look_number_once"),
            models.CheckConstraint(name="look_of_three", condition=models.Q(number__range=(1, 3))),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.number}: {self.score}"


class Appeal(AppendOnly):
    """申诉 of a result: by the examinee on the phone, or by a clerk on behalf."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="appeals")
    text = models.CharField(_("理由"), max_length=400)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["result"], name="appeal_once_a_result"),
            models.CheckConstraint(name="appeal_says_why", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.result_id}: {self.text[:20]}"


class AppealDecision(AppendOnly):
    """`changed` is the new score, when the appeal was right."""

    appeal = models.OneToOneField(Appeal, on_delete=models.PROTECT, related_name="decision")
    changed = models.OneToOneField(Result, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="appeal_decided_for_a_reason", condition=~models.Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}"
