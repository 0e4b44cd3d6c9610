"""Where each enrolment of a base stands, so that it need not be worked out again; and at the centre
what is made of figures: who looked at names, how much rural labour there is, the monthly reports.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment
from tenants.append_only import AppendOnly
from tenants.models import Division


class Standing(models.Model):
    """The place of an enrolment as the figures have counted it (`figures.rules.counts.Stand`).

    Derived from the chain in the transaction that moves it; `figures_rebuild` makes it anew.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.CASCADE, related_name="standing")
    ended_on = models.DateField()
    trade = models.CharField(max_length=50)
    township = models.CharField(max_length=9)
    class_code = models.CharField(max_length=40)
    programme = models.CharField(max_length=50, blank=True)
    reached = models.CharField(max_length=10)
    value = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    evidence = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=4, blank=True)
    certified_on = models.DateField(null=True)
    employed_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("统计")
        verbose_name_plural = _("统计")
        default_permissions = ()
        ordering = ["id"]
        indexes = [models.Index(fields=["reached", "value"], name="standing_step")]
        permissions = [
            ("view_figures", "可查看统计"),
            ("view_names", "可查看统计数背后的名单"),
            ("write_report", "可编制月报"),
            ("sign_report", "可签发月报"),
        ]
        constraints = [
            models.CheckConstraint(
                name="standing_only_certified_has_an_outcome",
                condition=models.Q(reached="certified", certified_on__isnull=False)
                & ~models.Q(value="")
                | models.Q(value="", certified_on__isnull=True) & ~models.Q(reached="certified"),
            ),
            models.CheckConstraint(
                name="standing_employed_since_a_day",
                condition=models.Q(value="employed", employed_on__isnull=False) & ~models.Q(kind="")
                | ~models.Q(value="employed") & models.Q(employed_on__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.reached} {self.value}"


class NamesSeen(AppendOnly):
    """At the centre: who opened the list of names behind which number of which base, and how many."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    base = models.SlugField(max_length=40)
    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=12)
    key = models.CharField(max_length=100, blank=True)
    step = models.CharField(max_length=16)
    names = models.PositiveIntegerField()
    excel = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.base} {self.step} {self.names}"


class RuralLabour(AppendOnly):
    """At the centre: how many people of working age a township has, by whom it was counted and when.
    A newer row counts from its day on.
    """

    township = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveIntegerField(_("农村劳动力（人）"))
    as_of = models.DateField(_("统计日期"))
    source = models.CharField(_("数据来源"), max_length=100)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="rural_labour_has_a_source", condition=~models.Q(source="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.people}"


class MonthlyReport(AppendOnly):
    """At the centre: what the figures said of a month, frozen with its definitions.

    `number` is 0 for the report of the month and 1, 2, ... for its corrections, each of which says why
    and what differs from the one before. `take` is how often it was drafted: the last one is signed.
    `content` is canonical JSON, `digest` its SHA-256; all that is printed is made of it.
    """

    month = models.DateField()
    number = models.PositiveSmallIntegerField(default=0)
    take = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(_("更正原因"), max_length=400, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    drafted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-month", "-number", "-take"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number", "take"], name="report_take_once"),
            models.CheckConstraint(name="report_of_a_month", condition=models.Q(month__day=1)),
            models.CheckConstraint(
                name="report_correction_says_why",
                condition=models.Q(number=0) | ~models.Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} #{self.number}"


class ReportSignature(AppendOnly):
    """An officer has signed a report off: from then on it is the month's, and only corrected."""

    report = models.OneToOneField(MonthlyReport, on_delete=models.PROTECT, related_name="signature")
    month = models.DateField()
    number = models.PositiveSmallIntegerField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=60)
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["month", "number"], name="report_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.name}"
