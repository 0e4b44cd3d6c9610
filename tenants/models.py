"""Who: the centre, its bases, their hosts, and the shared tables that all of them may point to."""

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from tenants.append_only import AppendOnly
from tenants.natural import ByKey

DAY_OF_YEAR = RegexValidator(
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", "请写成 MM-DD / write MM-DD"
)


def in_language(zh: str, en: str) -> str:
    """The English name for a reader of English, where there is one."""
    return en if en and get_language() == "en" else zh


def as_read(message: str) -> str:
    """A sentence of a service, "中文 / English", in the reader's language."""
    zh, slash, en = message.partition(" / ")
    return in_language(zh, en) if slash else message


class Division(models.Model):
    """An administrative division: province 2, prefecture 4, county 6, township 9, village 12."""

    code = models.CharField(_("行政区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=12)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    NATURAL = ("code",)
    objects = ByKey()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["level", "name"], name="division_level_name")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)


class Trade(models.Model):
    """A trade that bases teach. The centre edits the list; `code` is ours, not a state code."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("工种"), max_length=40)
    name_en = models.CharField(_("英文名"), max_length=60)

    NATURAL = ("code",)
    objects = ByKey()

    class Meta:
        verbose_name = _("工种")
        verbose_name_plural = _("工种")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class Tenant(TenantMixin):  # type: ignore[misc]
    """A centre or a training base: one schema, one folder of files, one site."""

    class Type(models.TextChoices):
        CENTRE = "centre", _("服务中心")
        BASE = "base", _("培训基地")

    class Moving(models.TextChoices):
        """What waits while the base goes to another cell."""

        WRITES = "writes", _("搬迁中，暂停写入")
        ALL = "all", _("搬迁中，暂停访问")
        HELD = "held", _("已到达，尚未开放")

    NATURAL = ("slug",)
    objects = ByKey()

    auto_create_schema = False  # provisioning.py copies a migrated template instead
    auto_drop_schema = False

    type = models.CharField(_("类型"), max_length=10, choices=Type.choices)
    slug = models.SlugField(_("简称"), max_length=40, unique=True)
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    issuer_code = models.CharField(_("证书编号前缀"), max_length=10, unique=True)
    division = models.ForeignKey(Division, on_delete=models.PROTECT, verbose_name=_("所在地"))
    centre = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="bases"
    )
    address = models.CharField(_("地址"), max_length=120, blank=True)
    phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    rule_code = models.SlugField(_("规则代码"), default="standard")
    closed_on = models.DateField(_("关闭日期"), null=True, blank=True)
    cell = models.CharField(_("数据分区"), max_length=20, default="main")
    moving = models.CharField(max_length=10, choices=Moving.choices, blank=True)
    plugins = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="tenant_base_has_centre",
                condition=models.Q(type="centre", centre__isnull=True)
                | models.Q(type="base", centre__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        return (self.slug,)

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class Domain(DomainMixin):  # type: ignore[misc]
    """A host name of a tenant; the primary one is printed in links and QR codes."""


class OffSeason(models.Model):
    """农闲 of a tenant: from one day of the year to another, `MM-DD`; it may pass the new year."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="off_seasons")
    name = models.CharField(_("名称"), max_length=20)
    starts = models.CharField(_("自"), max_length=5, validators=[DAY_OF_YEAR])
    ends = models.CharField(_("至"), max_length=5, validators=[DAY_OF_YEAR])

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name} {self.starts}–{self.ends}"

    def holds(self, day: date) -> bool:
        this = f"{day:%m-%d}"
        if self.starts <= self.ends:
            return self.starts <= this <= self.ends
        return this >= self.starts or this <= self.ends


class Due(models.Model):
    """When scheduled work, of the core or of a plugin, is next due in a tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="due_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.at}"


class SiteChange(AppendOnly):
    """What the centre did to a tenant's site: opened, renamed, moved to another host, closed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("开通")
        RENAMED = "renamed", _("更名")
        MOVED = "moved", _("更换域名")
        CLOSED = "closed", _("关闭")
        REOPENED = "reopened", _("重新开放")
        EXPORTED = "exported", _("导出")
        CELL = "cell", _("更换数据分区")
        PLUGIN_ON = "plugin_on", _("启用插件")
        PLUGIN_OFF = "plugin_off", _("停用插件")

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(_("事项"), max_length=10, choices=Kind.choices)
    before = models.CharField(_("原"), max_length=200, blank=True)
    after = models.CharField(_("现"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=400, blank=True)
    by = models.CharField(_("经办人"), max_length=60)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.tenant} {self.kind}"
