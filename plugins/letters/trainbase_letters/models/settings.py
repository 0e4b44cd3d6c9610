"""What counts as missed, and what follows: the centre's own rules, on a settings page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.plugin import PluginSettings, register_setting
from trainbase_letters import rules


@register_setting(icon="doc-full-inverse")
class LettersSettings(PluginSettings):
    judge_trained = models.BooleanField(_("考核“培训合格”"), default=True)
    judge_certified = models.BooleanField(_("考核“取得证书”"), default=True)
    judge_employed = models.BooleanField(_("考核“实现就业”"), default=True)
    judge_transferred = models.BooleanField(
        _("考核转移就业（就地就近、外出、境外）"), default=False
    )
    threshold = models.PositiveSmallIntegerField(
        _("完成率低于多少即为未完成（%）"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("任一被考核指标低于此值，即为未完成；没有下达目标的指标不考核"),
    )
    early_days = models.PositiveSmallIntegerField(
        _("可在年底前几天开始考核"), default=0, validators=[MaxValueValidator(60)]
    )
    ladder = models.TextField(
        _("连续未完成的处理"),
        default=rules.DEFAULT_LADDER,
        max_length=1200,
        help_text=_("每行一级，写成“中文 / English”：第一年、连续第二年……最后一行适用于更多年"),
    )
    source = models.CharField(
        _("依据文件"),
        max_length=120,
        blank=True,
        help_text=_("名称和文号，印在责任状和考核结果上；没有可留空"),
    )

    class Meta:
        verbose_name = _("责任状考核规则")
        default_permissions = ("change",)

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        try:
            rules.ladder(self.ladder)
        except ValueError as error:
            faults["ladder"] = str(error)
        if not self.judged:
            faults["judge_trained"] = (
                "至少考核一项指标 / at least one of the metrics has to be assessed"
            )
        if faults:
            raise ValidationError(faults)

    @property
    def judged(self) -> list[str]:
        chosen = [m for m in ("trained", "certified", "employed") if getattr(self, f"judge_{m}")]
        return chosen + (list(rules.TRANSFERS) if self.judge_transferred else [])

    @property
    def steps(self) -> list[rules.Step]:
        return rules.ladder(self.ladder)
