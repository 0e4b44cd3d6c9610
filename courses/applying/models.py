"""What people send to be taught: applications for a course, proposals of a class; and what a class
offers beside its lessons.
"""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Enrolment, Project, TrainingClass
from courses.openings.models import Given
from tenants.append_only import AppendOnly
from tenants.models import Division, Trade

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Twelve characters that nobody guesses, and that can be read out on the telephone."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class ClassTerms(models.Model):
    """What a class offers beside its lessons. How many it takes is `intake.ClassSize`."""

    training_class = models.OneToOneField(
        TrainingClass, on_delete=models.CASCADE, related_name="terms"
    )
    lodging = models.CharField(_("住宿"), max_length=4, choices=Given.choices, default=Given.NONE)
    meals = models.CharField(_("伙食"), max_length=4, choices=Given.choices, default=Given.NONE)
    bring = models.CharField(_("要带什么"), max_length=200, blank=True)
    cost = models.CharField(_("费用"), max_length=120, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("班次条件")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.training_class.code


class ConsentText(AppendOnly):
    """告知书: what somebody who sends personal data agrees to. A change is a new version."""

    class Kind(models.TextChoices):
        APPLICATION = "application", _("报名")
        PROPOSAL = "proposal", _("申请到村办班")

    kind = models.CharField(_("用于"), max_length=12, choices=Kind.choices)
    version = models.PositiveSmallIntegerField(_("版本"))
    text = models.TextField(_("告知内容"), max_length=3000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["kind", "version"]
        permissions = [("write_consent", "可修改告知书")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="consent_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class CourseApplication(models.Model):
    """报名. The resident ID is sealed; `id_digest` finds the same person at this base again.

    `repeats` is the application that stood when the same person asked for the same project again:
    such a row is never decided, it only tells the desk what was sent.
    """

    class State(models.TextChoices):
        NEW = "new", _("待审核")
        WAITING = "waiting", _("候补")
        ACCEPTED = "accepted", _("已录取")
        REFUSED = "refused", _("未录取")
        WITHDRAWN = "withdrawn", _("已撤回")

    number = models.CharField(_("受理号"), max_length=16, unique=True, default=new_number)
    ticket = models.UUIDField(default=uuid.uuid4, db_index=True)
    name = models.CharField(_("姓名"), max_length=60)
    id_sealed = models.BinaryField()
    id_digest = models.BinaryField()
    id_last4 = models.CharField(_("证件后四位"), max_length=4)
    phone = models.CharField(_("联系电话"), max_length=20)
    village = models.ForeignKey(
        Division, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("村")
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="+", verbose_name=_("培训项目")
    )
    training_class = models.ForeignKey(
        TrainingClass,
        on_delete=models.PROTECT,
        null=True,
        related_name="wished_by",
        verbose_name=_("想上的班"),
    )
    lodging = models.BooleanField(_("需要住宿"), default=False)
    note = models.CharField(_("想说明的"), max_length=200, blank=True)
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    repeats = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeated"
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.NEW)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.SET_NULL, null=True, related_name="applications"
    )
    placed_in = models.ForeignKey(
        TrainingClass,
        on_delete=models.PROTECT,
        null=True,
        related_name="accepted_from",
        verbose_name=_("录取班次"),
    )
    sent_at = models.DateTimeField(_("提交时间"), auto_now_add=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True)

    class Meta:
        verbose_name = _("报名申请")
        verbose_name_plural = _("报名申请")
        ordering = ["-id"]
        permissions = [("decide_application", "可办理报名申请")]
        indexes = [
            models.Index(fields=["state", "project"], name="application_state_project"),
            models.Index(fields=["id_digest", "project"], name="application_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_digest", "project"],
                condition=Q(state__in=["new", "waiting"], repeats__isnull=True) & ~Q(id_digest=b""),
                name="application_open_once",
            ),
            models.CheckConstraint(
                name="application_accepted_into_a_class",
                condition=~Q(state="accepted") | Q(placed_in__isnull=False),
            ),
            models.CheckConstraint(
                name="application_refused_with_a_reason",
                condition=~Q(state="refused") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="application_repeat_is_not_decided",
                condition=Q(repeats__isnull=True) | Q(state__in=["new", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ApplicationStep(AppendOnly):
    """What became of an application, by whom: nobody when the applicant did it, or when a place became free."""

    class Kind(models.TextChoices):
        SENT = "sent", _("提交")
        REPEATED = "repeated", _("再次提交")
        WAITING = "waiting", _("转候补")
        ACCEPTED = "accepted", _("录取")
        REFUSED = "refused", _("不录取")
        WITHDRAWN = "withdrawn", _("本人撤回")

    application = models.ForeignKey(
        CourseApplication, on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField(_("事项"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, null=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"


class ClassProposal(models.Model):
    """申请到村办班: what a village wants taught, where and when; sent by a liaison or a cadre."""

    class State(models.TextChoices):
        NEW = "new", _("待答复")
        AGREED = "agreed", _("同意办班")
        DECLINED = "declined", _("暂不办班")

    class Sender(models.TextChoices):
        CADRE = "cadre", _("村干部")
        LIAISON = "liaison", _("村联络员")
        OTHER = "other", _("其他")

    number = models.CharField(_("受理号"), max_length=16, unique=True, default=new_number)
    ticket = models.UUIDField(default=uuid.uuid4, db_index=True)
    village = models.ForeignKey(
        Division, on_delete=models.PROTECT, related_name="+", verbose_name=_("村")
    )
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", verbose_name=_("工种")
    )
    starts_on = models.DateField(_("希望哪天开班"))
    place = models.CharField(_("上课地点"), max_length=120)
    people = models.PositiveSmallIntegerField(_("大约多少人"))
    contact = models.CharField(_("联系人"), max_length=60)
    phone = models.CharField(_("联系电话"), max_length=20)
    sender = models.CharField(_("您是"), max_length=8, choices=Sender.choices)
    note = models.CharField(_("想说明的"), max_length=300, blank=True)
    consent = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.NEW)
    answer = models.CharField(_("答复"), max_length=300, blank=True)
    training_class = models.ForeignKey(
        TrainingClass,
        on_delete=models.PROTECT,
        null=True,
        related_name="proposed_by",
        verbose_name=_("开的班"),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    sent_at = models.DateTimeField(_("提交时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("办班申请")
        verbose_name_plural = _("办班申请")
        ordering = ["-id"]
        permissions = [("answer_proposal", "可答复办班申请")]
        constraints = [
            models.CheckConstraint(
                name="proposal_people_are_sane", condition=Q(people__range=(1, 500))
            ),
            models.CheckConstraint(
                name="proposal_answered_with_words", condition=Q(state="new") | ~Q(answer="")
            ),
        ]

    def __str__(self) -> str:
        return self.number
