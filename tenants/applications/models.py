"""What an institution sends to become a training base, and what the centre found on site.

Rows of the centre's own schema: they hold people and their papers.
"""

import secrets
import uuid

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.append_only import AppendOnly
from tenants.designations.models import TrainingBase
from tenants.models import Trade

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Twelve characters that nobody guesses: whoever has it may follow the application."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


def private_storage() -> Storage:
    return storages["private"]


class Application(AppendOnly):
    """基地申请: as it was sent; a later one is another row."""

    number = models.CharField(_("受理号"), max_length=16, unique=True, default=new_number)
    base = models.ForeignKey(TrainingBase, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("法定名称"), max_length=80)
    address = models.CharField(_("地址"), max_length=120)
    contact = models.CharField(_("联系人"), max_length=40)
    phone = models.CharField(_("联系电话"), max_length=20)
    premises = models.TextField(_("场地与设备"), max_length=1000)
    teachers = models.TextField(_("教师"), max_length=2000)
    sent_at = models.DateTimeField(_("提交时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("基地申请")
        verbose_name_plural = _("基地申请")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number


class WantedTrade(AppendOnly):
    """A trade of an application, with the places (people) that are asked for."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="trades")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    places = models.PositiveIntegerField(_("名额"))

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "trade"], name="wanted_trade_once"),
            models.CheckConstraint(name="wanted_places", condition=Q(places__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.trade} {self.places}"


class SiteCheck(AppendOnly):
    """实地核查: what was looked at, by whom, on which day. `items` is code -> [ok, note]."""

    base = models.ForeignKey(TrainingBase, on_delete=models.PROTECT, related_name="+")
    step = models.PositiveSmallIntegerField(_("步骤"))
    on = models.DateField(_("日期"))
    people = models.CharField(_("核查人员"), max_length=120)
    items = models.JSONField()
    passed = models.BooleanField(_("合格"))
    note = models.TextField(_("情况说明"), max_length=1000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("实地核查")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.base} {self.on}"


class Paper(AppendOnly):
    """A file of an application, or a photo of a check. The name on disk tells nothing."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("法人登记证书或营业执照")
        PREMISES = "premises", _("场地证明")
        TEACHERS = "teachers", _("教师资质")
        OTHER = "other", _("其他材料")
        PHOTO = "photo", _("核查照片")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, related_name="papers"
    )
    site_check = models.ForeignKey(
        SiteCheck, on_delete=models.PROTECT, null=True, related_name="papers"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    file_name = models.CharField(max_length=120)
    file = models.FileField(storage=private_storage, max_length=200)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="paper_of_application_or_check",
                condition=Q(application__isnull=False, site_check__isnull=True)
                | Q(application__isnull=True, site_check__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name
