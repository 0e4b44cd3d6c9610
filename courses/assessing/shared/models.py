"""The centre's policy of assessment, one row a rule set at most; without a row the defaults count."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.directory.models import RuleSet


class AssessmentPolicy(models.Model):
    """Never edited once its rule set is in force, as the rule set itself.

    `retakes` are per part and class. `apart`: no examiner is the class's trainer. `practice_gap` is of
    100: two examiners further apart need a third look.
    """

    rule_set = models.OneToOneField(
        RuleSet,
        on_delete=models.PROTECT,
        related_name="assessment_policy",
        verbose_name=_("规则"),
    )
    retakes = models.PositiveSmallIntegerField(
        _("每部分可补考次数"), default=1, validators=[MaxValueValidator(9)]
    )
    apart = models.BooleanField(_("考评人不得是本班教师"), default=True)
    practice_examiners = models.PositiveSmallIntegerField(
        _("实操考评人数"), default=1, validators=[MinValueValidator(1), MaxValueValidator(2)]
    )
    practice_gap = models.PositiveSmallIntegerField(
        _("两人评分相差多少分须第三人复评"), default=15, validators=[MaxValueValidator(100)]
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("公布后几天内可申诉"), default=7, validators=[MaxValueValidator(90)]
    )

    class Meta:
        verbose_name = _("考核规定")
        verbose_name_plural = _("考核规定")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_policy_is_sane",
                condition=models.Q(
                    retakes__lte=9,
                    practice_examiners__range=(1, 2),
                    practice_gap__lte=100,
                    appeal_days__lte=90,
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_set}"

    def clean(self) -> None:
        super().clean()
        old = AssessmentPolicy.objects.filter(pk=self.pk).select_related("rule_set").first()
        if old is None or old.rule_set.effective_from > timezone.localdate():
            return
        fields = [f.name for f in self._meta.fields if f.name != "id"]
        if any(getattr(old, name) != getattr(self, name) for name in fields):
            raise ValidationError(
                "规则已生效，考核规定不能修改，请为新版本的规则另建一份"
                " / the rule set is in force: make a policy for its next version"
            )
