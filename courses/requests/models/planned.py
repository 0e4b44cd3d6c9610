"""All bases' planned classes, written with the class: the centre's calendar reads no base's schema."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tenants.models import Division, Tenant, Trade, in_language


class PlannedClass(models.Model):
    """A class of a base, as its own row is. `state` is one of `TrainingClass.State`."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(_("班次代码"), max_length=40)
    project = models.CharField(max_length=60)
    project_en = models.CharField(max_length=100, blank=True)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=120)
    trainer = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=12)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="planned_class_once")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def title(self) -> str:
        return in_language(self.project, self.project_en)


class PlannedSession(models.Model):
    """One session of it. `person` is the trainer's keyed digest, under the purpose of presences: the same
    at every base, where a base has been told who its trainer is; nobody can read or reverse it.
    """

    planned = models.ForeignKey(PlannedClass, on_delete=models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField(db_index=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    kind = models.CharField(max_length=10)
    person = models.BinaryField(null=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["person", "starts_at"], name="planned_person_starts")]
        constraints = [
            models.UniqueConstraint(fields=["planned", "number"], name="planned_session_once"),
            models.CheckConstraint(
                name="planned_session_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned_id} #{self.number}"
