"""Who answers for a target: townships, departments, villages, persons, as a tree."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lms.plugin import Division
from trainbase_letters import rules

OWN_ANCESTOR = (
    "单位不能隶属于自己或自己的下级，请另选上级 / a unit cannot stand below itself or below one of"
    " its own units; choose another"
)


class Unit(models.Model):
    class Kind(models.TextChoices):
        TOWNSHIP = "township", _("乡镇（街道）")
        DEPARTMENT = "department", _("部门")
        VILLAGE = "village", _("村（社区）")
        PERSON = "person", _("个人")

    name = models.CharField(_("单位名称"), max_length=80)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级单位"),
    )
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("行政区划"),
    )
    trades = models.CharField(_("只计工种"), max_length=200, blank=True)
    leader = models.CharField(_("责任人"), max_length=40)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        verbose_name = _("责任单位")
        verbose_name_plural = _("责任单位")
        ordering = ["division_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"],
                nulls_distinct=False,
                name="letters_unit_name_once",
                violation_error_message=(
                    "同一上级下已有同名单位 / there is a unit of this name below the same one"
                ),
            ),
            models.CheckConstraint(
                name="letters_unit_not_below_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=OWN_ANCESTOR,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def parent_name(self) -> str:
        return self.parent.name if self.parent else ""

    @property
    def division_code(self) -> str:
        return self.division.code if self.division else ""

    @property
    def trade_codes(self) -> list[str]:
        return [code for code in re.split(r"[\s,，、;；]+", self.trades) if code]

    @property
    def node(self) -> rules.Node:
        trades = frozenset(self.trade_codes)
        return rules.Node(self.pk, self.parent_id, self.division_code, trades)

    def clean(self) -> None:
        super().clean()
        self.name, self.leader = self.name.strip(), self.leader.strip()
        blank = "不能为空 / must not be empty"
        faults: dict[str, Any] = {f: blank for f in ("name", "leader") if not getattr(self, f)}
        if any(not re.fullmatch(r"[a-z0-9_-]{1,50}", code) for code in self.trade_codes):
            faults["trades"] = (
                "请填工种代码，用逗号分开 / give codes of trades, separated by commas"
            )
        if self._would_be_a_ring():
            faults["parent"] = OWN_ANCESTOR
        if faults:
            raise ValidationError(faults)

    def _would_be_a_ring(self) -> bool:
        if not self.pk:
            return False
        parent_of = dict(Unit.objects.values_list("pk", "parent_id"))
        return rules.is_cycle(parent_of, self.pk, self.parent_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Looks at the tree again while it holds it: two officials may move two units at once."""
        with transaction.atomic():
            list(Unit.objects.order_by("pk").select_for_update().values_list("pk"))
            if self._would_be_a_ring():
                raise ValidationError({"parent": OWN_ANCESTOR})
            super().save(*args, **kwargs)
