"""Correct a certificate: a new version is written, the one before it is superseded. Never an edit."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.claims import LABELS
from certificates.models import Certificate, FollowUp, Revocation
from certificates.register.elsewhere import Unreachable, one_at_a_time
from certificates.services.evidence import Case, cases_of
from certificates.services.issue import claims_of, locked_sequence, next_number, write
from certificates.services.revoke import end
from courses.fieldlog.services.project import hold_still
from courses.services.identity import register_digest
from courses.services.people import rename
from tenants.staff.models import User

#: Every certificate has its own of these: no difference that a reader would look for.
OWN = {"number", "code", "issued_on", "replaces"}
#: What is printed, and the photo, which is compared as a picture.
PRINTED = {**LABELS, "photo_sha256": ("照片", "Photo")}


class Refused(ValidationError):
    """By today's facts no certificate could be issued. `case` has the verdicts."""

    def __init__(self, case: Case) -> None:
        self.case = case
        zh = "；".join(verdict.zh for verdict in case.refusals)
        en = "; ".join(verdict.en for verdict in case.refusals)
        super().__init__(f"现在不符合发证条件：{zh} / it could not be issued today: {en}")


def differences(certificate: Certificate, name: str) -> list[tuple[str, str, str, str]]:
    """What a new version would say otherwise: (Chinese label, English label, before, after)."""
    case = cases_of(certificate.enrolment.training_class, [certificate.enrolment])[0]
    return _differ(certificate, case, name)


def correct(certificate: Certificate, name: str, reason: str, by: User) -> Certificate:
    """The new version, of what is known of the person and the class now, made out to `name`.

    Outcomes and the follow-up duty go over to it. Raises ValidationError without a reason, when nothing
    would differ or the certificate is not valid any more, and Refused.
    """
    enrolment = certificate.enrolment
    person, project = register_digest(enrolment.trainee), certificate.project_key
    try:
        with one_at_a_time(person, project), transaction.atomic():
            return _correct(certificate, name, reason.strip()[:200], by)
    except Unreachable as error:
        raise ValidationError(
            f"分区“{error}”的登记簿没有应答，请稍后再试"
            f" / the register of the cell {error} does not answer: try again later"
        ) from error


def _correct(certificate: Certificate, name: str, reason: str, by: User) -> Certificate:
    if not reason:
        raise ValidationError("请写明更正原因 / say why it is corrected")
    today = timezone.localdate()
    sequence = locked_sequence(today.year)
    hold_still()
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.status != Certificate.Status.VALID:
        raise ValidationError("只有有效的证书可以更正 / only a valid certificate can be corrected")
    rename(locked.enrolment.trainee, name)
    locked.revoke_reason = reason
    rule_set = locked.enrolment.training_class.rule_set
    end(locked, Certificate.Status.SUPERSEDED, today, next_number(sequence, rule_set))
    case = cases_of(locked.enrolment.training_class, [locked.enrolment], today)[0]
    if not case.eligible:
        raise Refused(case)
    if not _differ(locked, case, case.enrolment.trainee.name):
        raise ValidationError(
            "新版本与原证书内容相同，请先改正资料（姓名、照片、成绩等）再换发"
            " / nothing would differ: mend the name, photo or scores first"
        )
    newer = write(case, sequence, by, today, replaces=locked, correction=reason)
    _carry_over(locked, newer, by)
    return newer


def _carry_over(old: Certificate, newer: Certificate, by: User) -> None:
    """The duties are the same person's. What was said of the old version is read with the new one."""
    FollowUp.objects.filter(certificate=old).update(certificate=newer)
    old.revocations.filter(state=Revocation.State.OPEN).update(
        state=Revocation.State.OVERTAKEN, decided_by=by, decided_at=timezone.now()
    )


def _differ(certificate: Certificate, case: Case, name: str) -> list[tuple[str, str, str, str]]:
    if case.score is None:
        return []
    before = certificate.claims
    after = claims_of(case, "", "", certificate.issued_on).as_json() | {"holder_name": name.strip()}
    return [
        (zh, en, before.get(key, ""), after.get(key, ""))
        for key, (zh, en) in PRINTED.items()
        if key not in OWN and before.get(key, "") != after.get(key, "")
    ]
