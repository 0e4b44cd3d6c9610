"""What bases must know together of who is in a class: how often somebody is trained in a year."""

from django.db import models

from tenants.models import Tenant


class YearlyTraining(models.Model):
    """That somebody is in a class that begins in `year`. No name, no number, no class.

    `person` is a keyed digest under a purpose of its own: no base can read or reverse it, and it can be
    compared with neither the certificate register nor presences. `slot` counts the person's
    trainings of the year from 1: two bases that take the same place at the same moment cannot
    both commit. Written in the transaction that puts somebody into a class or takes them out of it;
    `enrolment` is the base's own number.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    enrolment = models.PositiveBigIntegerField()
    person = models.BinaryField()
    year = models.PositiveSmallIntegerField()
    slot = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "enrolment"], name="yearly_enrolment_once"),
            models.UniqueConstraint(fields=["person", "year", "slot"], name="yearly_slot_once"),
            models.CheckConstraint(name="yearly_slot_from_one", condition=models.Q(slot__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.year} #{self.slot}"
