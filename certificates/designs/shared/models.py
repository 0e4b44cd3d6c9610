"""What the centre lends to its bases: one row in the shared tables, for no base can read another's."""

from django.db import models

from tenants.models import Tenant


class CentreDesign(models.Model):
    """The design that a centre has published: for its bases without one of their own.

    A copy: `facts` is the design as JSON, `pictures` are its pictures in base 64, by their SHA-256.
    """

    tenant = models.OneToOneField(Tenant, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    facts = models.JSONField()
    pictures = models.JSONField(default=dict)
    published_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.tenant_id}: {self.digest[:8]}"
