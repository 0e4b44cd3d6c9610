"""The public register: what anybody may check of a certificate, across all bases."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Tenant
from tenants.natural import ByKey


class IssuerKey(models.Model):
    """The public half of a signing key of a tenant and year (Ed25519, 32 raw bytes).

    A base's keys sign certificates; the centre's sign what it publishes: the list of keys, the heads
    of the logs, the lists of statuses. A key that was replaced signs no more and stays good for what
    it has signed. From `compromised_on` on, what it says it has signed is not believed.
    """

    class Use(models.TextChoices):
        CERTIFICATES = "certificates", _("签发证书")
        TRUST = "trust", _("服务中心公布")

    kid = models.CharField(max_length=24, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="issuer_keys")
    use = models.CharField(max_length=12, choices=Use.choices, default=Use.CERTIFICATES)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveSmallIntegerField(default=1)
    public_key = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True)
    compromised_on = models.DateField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    NATURAL = ("kid",)
    objects = ByKey()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "use", "year", "serial"], name="issuer_key_serial_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "use", "year"],
                condition=models.Q(retired_at__isnull=True),
                name="issuer_key_one_in_use",
            ),
            models.CheckConstraint(
                name="issuer_key_compromised_is_retired",
                condition=models.Q(compromised_on__isnull=True)
                | (models.Q(retired_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    def natural_key(self) -> tuple[str]:
        return (self.kid,)


class RegisterEntry(models.Model):
    """One issued certificate. `claims` is every claim that the paper prints.

    `person` is an HMAC of the resident ID under a key that no base holds: it makes a second
    certificate of one person and project impossible, and tells nobody who it is.

    A row whose base went to another cell is MOVED: it only says where to ask. `status_index` is the
    certificate's place in the base's list of statuses number `status_list`: random, so that a place
    tells nothing of who or when. `superseded_by` is the number of the newer version.
    """

    class Status(models.TextChoices):
        VALID = "valid", _("有效")
        REVOKED = "revoked", _("已撤销")
        SUPERSEDED = "superseded", _("已换发")
        MOVED = "moved", _("已迁到其他分区")

    code = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=40, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="register")
    key = models.ForeignKey(IssuerKey, on_delete=models.PROTECT)
    person = models.BinaryField()
    project_key = models.CharField(max_length=100)
    claims = models.JSONField()
    token = models.TextField()
    photo = models.BinaryField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.VALID)
    issued_on = models.DateField()
    revoked_on = models.DateField(null=True)
    revoke_code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    superseded_by = models.CharField(max_length=40, blank=True)
    status_list = models.PositiveSmallIntegerField(default=1)
    status_index = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "project_key"],
                condition=models.Q(status="valid"),
                name="register_one_per_person_and_project",
            ),
            models.UniqueConstraint(
                fields=["tenant", "status_list", "status_index"], name="register_status_place_once"
            ),
            models.CheckConstraint(
                name="register_revoked_says_why",
                condition=models.Q(
                    status="valid", revoked_on__isnull=True, reason="", superseded_by=""
                )
                | models.Q(status="moved")
                | (
                    models.Q(status="revoked", revoked_on__isnull=False, superseded_by="")
                    & ~models.Q(reason="")
                )
                | (
                    models.Q(status="superseded", revoked_on__isnull=False)
                    & ~models.Q(reason="")
                    & ~models.Q(superseded_by="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class LogHead(models.Model):
    """The end of a base's issuance log on a day, signed by the centre and never changed.

    `signature` is Ed25519 by the centre's key `kid` over the canonical JSON of the other columns
    (`certificates.chain.head_text`). Whoever keeps a copy notices a log that was written anew.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="log_heads")
    day = models.DateField()
    seq = models.PositiveBigIntegerField()
    hash = models.BinaryField()
    kid = models.CharField(max_length=24)
    signature = models.BinaryField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day"], name="log_head_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.day}: {self.seq}"


class Document(models.Model):
    """The middle of a certificate's public page, made beforehand (`register.documents`): zlib of
    HTML. It is removed in the transaction that changes what it says, and good on one day only.

    `version` is that of the templates and of what else is on the page for everybody.
    """

    code = models.CharField(max_length=32, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    version = models.CharField(max_length=16)
    day = models.DateField()
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.code} {self.day}"


class Miss(models.Model):
    """How often an address asked for codes that do not exist, in a minute. `who` is a keyed digest;
    rows are removed when their minute has passed.
    """

    who = models.BinaryField()
    minute = models.BigIntegerField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "minute"], name="miss_once_a_minute")]

    def __str__(self) -> str:
        return f"{self.minute}: {self.times}"


class Scan(models.Model):
    """How often a certificate was checked in an hour. Nothing of who asked."""

    code = models.CharField(max_length=32)
    hour = models.DateTimeField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "hour"], name="scan_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.code} {self.hour:%Y-%m-%d %H}: {self.times}"


class ListCheck(models.Model):
    """Somebody had a list of certificates checked: how many, and with what result. Nothing of who
    asked or of whom it was.
    """

    class Via(models.TextChoices):
        PAGE = "page", _("网页")

    at = models.DateTimeField(auto_now_add=True)
    via = models.CharField(max_length=8, choices=Via.choices)
    rows = models.PositiveIntegerField()
    matches = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}: {self.matches}/{self.rows}"
