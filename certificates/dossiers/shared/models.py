"""Which dossiers there are: what the centre compares a file with that somebody hands in."""

from django.db import models

from tenants.models import Tenant


class RegisteredDossier(models.Model):
    """A dossier that a base has made: its digest, and those of its two files. No name is in it.

    `people` are those of the roster, `certified` those of the certificate list, `employed` those of
    the employment list who are at work.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    class_code = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    xlsx_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    programme = models.CharField(max_length=100, blank=True)
    people = models.PositiveIntegerField()
    certified = models.PositiveIntegerField()
    employed = models.PositiveIntegerField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "class_code", "number"], name="registered_dossier_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.class_code} v{self.number}"
