"""What was done to classes, trainees, certificates and the wishes to revoke them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from certificates.models import Certificate, Revocation
from certificates.services import history
from certificates.services.history import Change
from courses.models import Trainee, TrainingClass
from tenants.lists.history import Entry, History, by_time, of_log, register, seen


def _entry(change: Change) -> Entry:
    return Entry(change.at, change.who, change.what, f"{change.whom} {change.said}".strip())


def _of_trainee(found: Trainee) -> list[Entry]:
    enrolments = list(found.enrolments.select_related("training_class", "trainee").defer("photo"))
    return by_time([_entry(each) for each in history.of_trainee(enrolments)], of_log(found))


def _of_revocation(found: Revocation) -> list[Entry]:
    why = f"{found.get_code_display()} {found.reason}"
    return by_time(
        seen(found.asked_at, found.asked_by, _("提出撤销"), why),
        seen(found.decided_at, found.decided_by, found.get_state_display(), found.note),
    )


def _revocation(user: Any, pk: int) -> Revocation | None:
    rows = Revocation.objects.select_related("certificate", "asked_by", "decided_by")
    return rows.filter(pk=pk).first()


register(
    "class",
    History(
        ("courses.view_trainingclass", "certificates.view_certificate"),
        lambda user, pk: TrainingClass.objects.select_related("rule_set").filter(pk=pk).first(),
        lambda found: [_entry(each) for each in history.of_class(found)],
        lambda found: reverse("class_detail", args=[found.code]),
        lambda found: str(found.code),
    ),
)
register(
    "trainee",
    History(
        ("courses.view_trainee", "certificates.view_certificate"),
        lambda user, pk: Trainee.objects.filter(pk=pk).first(),
        _of_trainee,
        lambda found: reverse("trainee", args=[found.pk]),
    ),
)
register(
    "certificate",
    History(
        ("certificates.view_certificate",),
        lambda user, pk: Certificate.objects.filter(pk=pk).first(),
        lambda found: [_entry(each) for each in history.of_certificate(found)],
        lambda found: reverse("certificate", args=[found.number]),
    ),
)
register(
    "revocation",
    History(
        ("certificates.revoke_certificate",),
        _revocation,
        _of_revocation,
        lambda found: reverse("certificate", args=[found.certificate.number]),
        lambda found: str(found.certificate),
    ),
)
