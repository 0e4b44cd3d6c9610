"""Classes that take people, of all bases, as the centre's portal shows them. Shared tables; no person
stands in them. Written by `courses.applying.services.listed`, in the transaction that changes the class.
"""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Division, Tenant, Trade, in_language


class Given(models.TextChoices):
    """Whether lodging or meals are given."""

    NONE = "none", _("不提供")
    FREE = "free", _("免费提供")
    PAID = "paid", _("自费")


class OpenClass(models.Model):
    """A class of a base that is open. `class_key` is the base's own number of it.

    `capacity` empty is a class without a limit of its own; `taken` are those who are enrolled.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="open_classes")
    class_key = models.PositiveBigIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=100)
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=40)
    level_en = models.CharField(max_length=40)
    theory_hours = models.PositiveSmallIntegerField()
    practice_hours = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=120)
    lodging = models.CharField(max_length=4, choices=Given.choices, default=Given.NONE)
    meals = models.CharField(max_length=4, choices=Given.choices, default=Given.NONE)
    capacity = models.PositiveSmallIntegerField(null=True)
    taken = models.PositiveIntegerField(default=0)
    bring = models.CharField(max_length=200, blank=True)
    cost = models.CharField(max_length=120, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["starts_on", "id"]
        indexes = [models.Index(fields=["starts_on"], name="open_class_starts")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "class_key"], name="open_class_once"),
            models.CheckConstraint(
                name="open_class_ends_after_start",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def level_title(self) -> str:
        return in_language(self.level, self.level_en)

    @property
    def left(self) -> int | None:
        """Places that are free; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    @property
    def off_season(self) -> bool:
        """Whether it begins in a season in which its base says that people have time."""
        return any(season.holds(self.starts_on) for season in self.tenant.off_seasons.all())

    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def begins_within(self, today: date, days: int) -> bool:
        return 0 <= (self.starts_on - today).days <= days


class VillageSpot(models.Model):
    """Where a base says that a village lies, in degrees of WGS 84: for distances only."""

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    village = models.ForeignKey(Division, on_delete=models.CASCADE, related_name="+")
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "village"], name="village_spot_once")
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.lat:.4f}, {self.lon:.4f}"
