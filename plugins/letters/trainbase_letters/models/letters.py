"""The yearly letter of a unit, in numbered versions; the one whose scan is filed never changes."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from trainbase_letters import rules
from trainbase_letters.models.facts import Fact
from trainbase_letters.models.units import Unit

METRIC_TITLES = {
    "trained": _("培训合格"),
    "certified": _("取得证书"),
    "employed": _("实现就业"),
    "local": _("就地就近转移"),
    "outward": _("外出转移"),
    "overseas": _("境外转移"),
}


def _target(metric: str) -> Any:
    return models.PositiveIntegerField(METRIC_TITLES[metric], default=0)


class Letter(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SIGNED = "signed", _("已签订")
        REPLACED = "replaced", _("已被新版本替代")
        WITHDRAWN = "withdrawn", _("已撤回")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="letters")
    year = models.PositiveSmallIntegerField(_("年度"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(_("变更理由"), max_length=400, blank=True)
    leader = models.CharField(_("责任人"), max_length=40)
    trained = _target("trained")
    certified = _target("certified")
    employed = _target("employed")
    local = _target("local")
    outward = _target("outward")
    overseas = _target("overseas")
    #: Counted up by every change of the draft: two officials at once do not overwrite each other.
    edits = models.PositiveIntegerField(default=0)
    #: What is counted for it, as it was signed (`rules.Clause`): the unit may be moved later.
    scope = models.JSONField(default=list)
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)
    scan = models.CharField(max_length=200, blank=True)
    scan_name = models.CharField(_("扫描件"), max_length=120, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("责任状")
        verbose_name_plural = _("责任状")
        ordering = ["-year", "unit_id", "-version"]
        default_permissions = ("view",)
        permissions = [
            ("record_letter", "可登记责任状"),
            ("decide_letter", "可决定考核与申诉"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "version"], name="letters_version_once"
            ),
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(state="draft"), name="letters_one_draft"
            ),
            models.UniqueConstraint(
                fields=["unit", "year"], condition=Q(state="signed"), name="letters_one_signed"
            ),
            models.CheckConstraint(
                name="letters_signed_has_scan",
                condition=~Q(state__in=["signed", "replaced"])
                | (Q(signed_on__isnull=False) & ~Q(scan="")),
            ),
            models.CheckConstraint(
                name="letters_change_has_reason",
                condition=Q(version=1) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.year} v{self.version}"

    @property
    def targets(self) -> rules.Counts:
        return {metric: getattr(self, metric) for metric in rules.METRICS}

    @property
    def signed_scope(self) -> tuple[rules.Clause, ...]:
        return tuple(rules.Clause.from_json(said) for said in self.scope)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT


class Event(Fact):
    """What was done to a unit's letters of a year, and the targets as they were then."""

    class Kind(models.TextChoices):
        DRAFTED = "drafted", _("起草")
        CHANGED = "changed", _("修改草稿")
        DISCARDED = "discarded", _("删除草稿")
        SIGNED = "signed", _("归档签订件")
        WITHDRAWN = "withdrawn", _("撤回")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="events")
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    note = models.CharField(max_length=400, blank=True)
    targets = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.unit} {self.year} v{self.version} {self.kind}"
