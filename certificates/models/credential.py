"""The signed credential of a certificate, as it was handed out."""

from django.db import models

from certificates.models.certificate import Certificate
from tenants.append_only import AppendOnly


class Credential(AppendOnly):
    """`content` is JSON, never written anew: the first of a certificate lies in its paper. Another one
    follows when the key of the last was stolen or the centre has moved to another host.
    """

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, related_name="credentials"
    )
    kid = models.CharField(max_length=24)
    issuer = models.CharField(max_length=200)  # its DID
    content = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "issuer", "kid"], name="credential_once_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.kid}"
