"""Certificates that other bodies issued, as this base was shown them. Never one of ours."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.external import rules
from courses.models import Trainee
from tenants.append_only import AppendOnly
from tenants.models import in_language

WEB_ONLY = URLValidator(schemes=["http", "https"])


def private_storage() -> Storage:
    return storages["private"]


class ExternalKind(models.Model):
    """A kind of certificate, such as 特种作业操作证. `query_url` is where its issuer answers questions."""

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("证书类别"), max_length=40, unique=True)
    name_en = models.CharField(_("英文名"), max_length=80)
    query_url = models.URLField(_("官方查询网址"), blank=True, validators=[WEB_ONLY])
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)


class ExternalCertificate(AppendOnly):
    """What is written on a certificate of another body, and who saw it here.

    A correction is a new row that `replaces` the one before it and says `why`; so is a withdrawal,
    whose row is `withdrawn`. What counts is the row that nothing replaces.
    """

    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="externals")
    kind = models.ForeignKey(
        ExternalKind, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("类别")
    )
    number = models.CharField(_("证书编号"), max_length=60)
    title = models.CharField(_("工种或项目"), max_length=80)
    level = models.CharField(_("等级"), max_length=30, blank=True)
    issuer = models.CharField(_("发证机构"), max_length=80)
    issued_on = models.DateField(_("发证日期"))
    expires_on = models.DateField(_("有效期至"), null=True, blank=True)
    query_url = models.URLField(_("查询网址"), blank=True, validators=[WEB_ONLY])
    note = models.CharField(_("备注"), max_length=200, blank=True)
    scan = models.FileField(storage=private_storage, max_length=200, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    why = models.CharField(_("更正原因"), max_length=200, blank=True)
    withdrawn = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        permissions = [("record_externalcertificate", "可登记外部证书")]
        constraints = [
            models.CheckConstraint(
                name="external_expires_after_issue",
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
            ),
            models.CheckConstraint(
                name="external_correction_says_why",
                condition=Q(replaces__isnull=True, why="", withdrawn=False)
                | (Q(replaces__isnull=False) & ~Q(why="")),
            ),
            models.CheckConstraint(
                name="external_has_what_it_says", condition=~Q(number="") & ~Q(issuer="")
            ),
            models.CheckConstraint(
                name="external_scan_has_digest",
                condition=Q(scan="", scan_sha256="") | (~Q(scan="") & ~Q(scan_sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    @property
    def standing(self) -> str:
        return rules.standing(self.expires_on, timezone.localdate())

    @property
    def address(self) -> str:
        """Where its issuer is asked about it."""
        return self.query_url or self.kind.query_url

    @property
    def is_current(self) -> bool:
        return not self.withdrawn and not hasattr(self, "replaced_by")
