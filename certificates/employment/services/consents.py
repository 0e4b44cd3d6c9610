"""What a holder allows an employer to see beyond the paper. Without a row: nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction

from certificates.employment.models import Consent
from certificates.employment.rules import CONSENT_TEXTS, CONSENT_VERSION
from courses.models import Trainee
from tenants.staff.models import User


def text_for(employer: str, version: str = CONSENT_VERSION) -> tuple[str, str]:
    """The words of the consent (zh, en)."""
    zh, en = CONSENT_TEXTS[version]
    return zh.format(employer=employer), en.format(employer=employer)


@transaction.atomic
def record_consent(
    trainee: Trainee, uscc: str, employer: str, given: bool, how: str, by: User | None = None
) -> Consent:
    """Give consent or take it back. Raises ValidationError for an employer without a credit code: it
    can see nothing, so there is nothing to allow.
    """
    if not uscc:
        raise ValidationError(
            "该单位没有登记信用代码，看不到任何资料，无需同意 / this employer sees nothing anyway"
        )
    return Consent.objects.create(
        trainee=trainee,
        employer_uscc=uscc,
        employer=employer[:80],
        given=given,
        text_version=CONSENT_VERSION,
        how=how,
        recorded_by=by,
    )


def may_see(trainee: Trainee, uscc: str) -> bool:
    last = Consent.objects.filter(trainee=trainee, employer_uscc=uscc).order_by("id").last()
    return last is not None and last.given


def contact_of(trainee: Trainee, uscc: str) -> str:
    return trainee.phone if may_see(trainee, uscc) else ""
