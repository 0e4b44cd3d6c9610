"""Long work that a person can leave and find again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: Kind of job -> what people call it; the app that knows the work adds its own.
TITLES: dict[str, Any] = {}
#: Kind of job -> the permission that it takes to cancel one; a kind that is not here runs to its end.
CANCEL: dict[str, str] = {}


class JobRun(models.Model):
    """One run of a long job in this tenant: how far it is and what came of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(max_length=60)
    label = models.CharField(max_length=120)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    back = models.CharField(max_length=200, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    #: Since when it runs without a break, and how far it was then: what the estimate rests on.
    pace_from = models.DateTimeField(null=True)
    pace_done = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What is done, in the reader's language, and to what."""
        return f"{TITLES.get(self.kind, self.kind)} {self.label}"

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def seconds_left(self) -> int | None:
        """By the pace since it was last taken up; None while nothing can be said."""
        made = self.done - self.pace_done
        if self.state != self.State.RUNNING or self.pace_from is None or made < 3:
            return None
        spent = (timezone.now() - self.pace_from).total_seconds()
        return round(spent / made * max(self.total - self.done, 0))

    @property
    def minutes_left(self) -> int | None:
        seconds = self.seconds_left
        return None if seconds is None else max(1, -(-seconds // 60))

    @property
    def cancel_permission(self) -> str:
        """Empty for work that is not broken off, and for what is over."""
        return CANCEL.get(self.kind, "") if self.is_open and not self.cancel_asked else ""


class JobLine(models.Model):
    """What came of one person or thing in a run: the list behind its figures.

    `said` holds verdicts as JSON, or [{"zh", "en"}]; `link` is an address of the same site.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("成功")
        REFUSED = "refused", _("不符合")
        FAILED = "failed", _("出错")
        LEFT = "left", _("未处理")

    run = models.ForeignKey(JobRun, on_delete=models.CASCADE, related_name="lines")
    place = models.PositiveIntegerField()
    outcome = models.CharField(_("结果"), max_length=10, choices=Outcome.choices)
    subject = models.CharField(_("姓名"), max_length=120)
    reference = models.CharField(_("编号"), max_length=60, blank=True)
    link = models.CharField(max_length=200, blank=True)
    said = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "place"]
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="jobline_place_once")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.outcome}"
