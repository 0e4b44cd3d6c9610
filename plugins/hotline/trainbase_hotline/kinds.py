"""What complaints are about, and what complainants think of the outcome."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    WAGES = "wages", _("拖欠工资")
    CONTRACT = "contract", _("劳动合同")
    INJURY = "injury", _("工伤")
    FEE = "fee", _("培训乱收费")
    INSURANCE = "insurance", _("社会保险")
    HOURS = "hours", _("加班和休息")
    TRAINING = "training", _("培训质量")
    OTHER = "other", _("其他")


class Satisfaction(models.TextChoices):
    SATISFIED = "satisfied", _("满意")
    PARTLY = "partly", _("部分满意")
    NOT = "not", _("不满意")
    UNREACHED = "unreached", _("未能联系上")
