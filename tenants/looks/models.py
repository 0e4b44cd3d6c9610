"""Who has seen a resident ID, and why. The row is there before the ID is shown."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly


class Look(AppendOnly):
    """One look of one person at the IDs of `people` others. `subject` is whom or what it was about,
    `key` the row of that in its own table. No ID is in it.
    """

    class What(models.TextChoices):
        TRAINEE = "trainee", _("一名学员的身份证号")
        ROSTER = "roster", _("花名册文件")
        DOSSIER = "dossier", _("带证号的补贴档案")

    class Why(models.TextChoices):
        SUBSIDY = "subsidy", _("补贴申报核对")
        IDENTITY = "identity", _("核实本人身份")
        MISTAKE = "mistake", _("更正录入错误")
        INSURANCE = "insurance", _("参保或就业登记")
        AUDIT = "audit", _("审计或检查要求")
        OTHER = "other", _("其他")

    what = models.CharField(_("查看内容"), max_length=8, choices=What.choices)
    subject = models.CharField(_("对象"), max_length=200)
    key = models.PositiveBigIntegerField()
    people = models.PositiveIntegerField(_("证号数"))
    why = models.CharField(_("事由"), max_length=10, choices=Why.choices)
    text = models.CharField(_("说明"), max_length=200)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("查看人"),
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["what", "key"], name="look_what_key")]
        permissions = [
            ("see_resident_id", "可查看身份证号"),
            ("list_looks", "可查看证号查看记录"),
        ]
        constraints = [
            models.CheckConstraint(name="look_says_why", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.what} {self.key}"
