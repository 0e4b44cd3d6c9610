"""How people came into a class and left it, and what was read of rosters."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, RosterImport, TrainingClass
from tenants.append_only import AppendOnly


class EnrolmentChange(AppendOnly):
    """One step of an enrolment, from `was` ("" at the beginning) to `state`. The last one is the present.

    `moved_to` is where a transfer went, `moved_from` where the new place came from. `warned` are the
    verdicts that did not refuse when somebody joined.
    """

    class Why(models.TextChoices):
        WORK = "work", _("外出务工")
        FARMING = "farming", _("农忙")
        HEALTH = "health", _("健康原因")
        FAMILY = "family", _("家庭原因")
        UNSUITED = "unsuited", _("不适合本项目")
        ABSENT = "absent", _("多次缺课")
        MISTAKE = "mistake", _("登记有误")
        OTHER = "other", _("其他")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="changes")
    was = models.CharField(max_length=11, blank=True, choices=Enrolment.State.choices)
    state = models.CharField(max_length=11, choices=Enrolment.State.choices)
    on = models.DateField(_("日期"))
    why = models.CharField(_("原因"), max_length=10, blank=True, choices=Why.choices)
    words = models.CharField(_("说明"), max_length=300, blank=True)
    moved_to = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    moved_from = models.ForeignKey(Enrolment, on_delete=models.PROTECT, null=True, related_name="+")
    warned = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="enrolment_change_withdrawn_says_why",
                condition=~models.Q(state="withdrawn") | ~models.Q(why=""),
            ),
            models.CheckConstraint(
                name="enrolment_change_other_has_words",
                condition=~models.Q(why="other") | ~models.Q(words=""),
            ),
            models.CheckConstraint(
                name="enrolment_change_transfer_has_a_goal",
                condition=models.Q(state="transferred", moved_to__isnull=False)
                & ~models.Q(words="")
                | ~models.Q(state="transferred") & models.Q(moved_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.was} → {self.state}"


class ClassSize(AppendOnly):
    """How many people a class takes. The last row of a class counts; without one only the
    designation limits it."""

    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, related_name="sizes"
    )
    places = models.PositiveSmallIntegerField(_("本班名额"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="class_size_is_sane", condition=models.Q(places__range=(1, 10_000))
            )
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.places}"


class Sender(models.Model):
    """Who sends rosters: a township, a village committee. Its headings may mean something of their own."""

    name = models.CharField(_("来源"), max_length=60, unique=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RememberedColumns(models.Model):
    """What a clerk said about the columns of a sheet with these headings, from this sender or anybody.

    `fingerprint` is the SHA-256 of the headings, `titles` the headings themselves, `columns` the index
    of each field.
    """

    fingerprint = models.CharField(max_length=64)
    sender = models.ForeignKey(
        Sender, on_delete=models.PROTECT, null=True, related_name="remembered"
    )
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["sender__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint", "sender"],
                name="columns_once_a_sender",
                condition=models.Q(sender__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="columns_once_of_anybody",
                condition=models.Q(sender__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return "、".join(self.titles)


class RosterSheet(models.Model):
    """How the sheet of an import is read: which row holds the headings (0: none), which column is what.

    `said_by` tells whether the headings themselves, an earlier word or the clerk decided it. `head_sealed`
    are the first rows, for the page on which the clerk says it.
    """

    class SaidBy(models.TextChoices):
        WORDS = "words", _("按表头识别")
        REMEMBERED = "remembered", _("按上次的指定")
        CLERK = "clerk", _("由教务员指定")

    roster = models.OneToOneField(RosterImport, on_delete=models.CASCADE, related_name="sheet")
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, null=True, related_name="+")
    header = models.PositiveSmallIntegerField(default=0)
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    said_by = models.CharField(max_length=10, choices=SaidBy.choices, blank=True)
    head_sealed = models.BinaryField(default=b"")

    class Meta:
        default_permissions = ()
        ordering = ["id"]

    def __str__(self) -> str:
        return "、".join(self.titles)


class RosterPart(models.Model):
    """Some hundred judged rows of an import, sealed: they hold resident IDs.

    Parts are what a large import is done in: `done` ones are in the class, whatever happened then.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    rows_sealed = models.BinaryField()
    accepted = models.PositiveIntegerField(default=0)
    warned = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["roster", "number"]
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="roster_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.roster_id} #{self.number}"
