"""A registered employer says who works for it: written at the base in the same transaction."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.employers.models import Confirmation, Employer
from certificates.employers.rules import kind_of, too_many
from certificates.employment.models import Claim
from certificates.employment.services.claims import Said, make_claim
from certificates.employment.services.consents import contact_of
from certificates.employment.services.worker import tell
from certificates.models import Certificate, Outcome
from certificates.register.models import RegisterEntry
from certificates.services.outcomes import Facts, current_version, record_outcome
from tenants.cells import must_be_here
from tenants.models import Tenant


@dataclass(frozen=True)
class Work:
    """What the employer says of the work; `place_code` is where it is done."""

    job: str
    started_on: date
    place_code: str
    full_time: bool = True


def must_be_open(base: Tenant) -> None:
    """Raises ValidationError for a base that nobody works at: moved, moving or closed."""
    must_be_here(base)
    if base.closed_on:
        raise ValidationError(
            "发证基地已关闭，请电话告知服务中心 / the training base is closed: call the service centre"
        )


def certificate_of(entry: RegisterEntry) -> Certificate:
    """The newest version, inside the base's schema. Raises ValidationError for a revoked one."""
    found = current_version(Certificate.objects.get(code=entry.code))
    if found.status != Certificate.Status.VALID:
        raise ValidationError(
            "证书已撤销，不能据此确认就业；有疑问请联系发证基地"
            " / the certificate is revoked and nothing can be confirmed by it: ask the training base"
        )
    return found


@transaction.atomic
def confirm(employer: Employer, entry: RegisterEntry, work: Work) -> Confirmation:
    """One tap: an outcome with the evidence `employer_confirmed`, or a claim that waits for the base
    when the employer confirms too many, or the holder has another full-time job on record (of which
    the employer learns nothing). Raises ValidationError.
    """
    must_be_open(entry.tenant)
    locked = Employer.objects.select_for_update().get(pk=employer.pk)
    if locked.state != Employer.State.APPROVED:
        raise ValidationError("贵单位的登记已停用 / your registration is suspended")
    said: dict[str, Any] = {"tenant": entry.tenant, "employer_uscc": locked.uscc}
    held = _held(locked)
    with tenant_context(entry.tenant):
        certificate = certificate_of(entry)
        said |= {"number": certificate.number, "holder_name": certificate.holder_name}
        _refuse_twice(said, certificate)
        facts = _facts(locked, entry.tenant, work)
        outcome = None if held else _record(locked, certificate, facts)
        if outcome:
            tell(outcome)
        else:
            why = Claim.Why.TOO_MANY if held else Claim.Why.OTHER_JOB
            make_claim(certificate, _claim(locked, work), Claim.Source.EMPLOYER, why)
    return Confirmation.objects.create(
        **said,
        job=work.job,
        started_on=work.started_on,
        state=Confirmation.State.COUNTED if outcome else Confirmation.State.WAITING,
        outcome=outcome.pk if outcome else None,
    )


def _held(employer: Employer) -> bool:
    now, mine = timezone.now(), Confirmation.objects.filter(employer_uscc=employer.uscc)
    return too_many(
        mine.filter(at__gt=now - timedelta(minutes=1)).count(),
        mine.filter(at__gt=now - timedelta(days=1)).count(),
        settings.CONFIRMATIONS_A_MINUTE,
    )


def _refuse_twice(said: dict[str, Any], certificate: Certificate) -> None:
    """By the number of any version: a correction makes nobody a second person."""
    numbers = Certificate.objects.filter(enrolment_id=certificate.enrolment_id)
    open_ones = Confirmation.objects.filter(
        tenant=said["tenant"],
        employer_uscc=said["employer_uscc"],
        number__in=list(numbers.values_list("number", flat=True)),
        left_on__isnull=True,
    )
    if open_ones.exclude(state=Confirmation.State.REFUSED).exists():
        raise ValidationError(
            "贵单位已确认过此人，可在“我的单位”里登记离职"
            " / you have confirmed this person already: see your own page"
        )


def _facts(employer: Employer, base: Tenant, work: Work) -> Facts:
    place = work.place_code or employer.division_code
    return Facts(
        kind=kind_of(place, base.division.code),
        evidence=Outcome.Evidence.EMPLOYER_CONFIRMED,
        employer=employer.name,
        employer_uscc=employer.uscc,
        employer_trade=employer.trade,
        place_code=place,
        job=work.job,
        started_on=work.started_on,
        full_time=work.full_time,
    )


def _record(employer: Employer, certificate: Certificate, facts: Facts) -> Outcome | None:
    """The outcome; None when somebody has to look first, because another job is on record."""
    try:
        with transaction.atomic():
            return record_outcome(certificate, facts, said_by=f"{employer.name} {employer.uscc}")
    except ValidationError as error:
        if hasattr(error, "error_dict") and set(error.error_dict) == {"full_time"}:
            return None
        raise


def _claim(employer: Employer, work: Work) -> Said:
    return Said(
        firm=employer.name,
        uscc=employer.uscc,
        trade=employer.trade,
        contact=employer.contact,
        phone=employer.phone,
        job=work.job,
        started_on=work.started_on,
        place_code=work.place_code or employer.division_code,
        full_time=work.full_time,
    )


@transaction.atomic
def say_left(employer: Employer, found: Confirmation, left_on: date, reason: str) -> None:
    """The employer's people leave. Raises ValidationError."""
    must_be_open(found.tenant)
    stale = "这个人现在不能登记离职，请刷新页面 / load the page anew"
    if found.employer_uscc != employer.uscc or found.outcome is None:
        raise ValidationError(stale)
    with tenant_context(found.tenant):
        job = Outcome.objects.select_related("certificate").get(pk=found.outcome)
        certificate = current_version(job.certificate)
        # The certificate before the public row, as everywhere: nobody waits in a circle.
        Certificate.objects.select_for_update().get(pk=certificate.pk)
        locked = Confirmation.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.left_on or locked.state != Confirmation.State.COUNTED:
            raise ValidationError(stale)
        facts = Facts(
            kind=Outcome.Kind.UNKNOWN,
            evidence=Outcome.Evidence.EMPLOYER_CONFIRMED,
            ends=job,
            ended_on=left_on,
            end_reason=reason,
        )
        tell(record_outcome(certificate, facts, said_by=f"{employer.name} {employer.uscc}"))
    locked.left_on = left_on
    locked.save(update_fields=["left_on"])


def phone_of(employer: Employer, found: Confirmation) -> str:
    """The holder's phone number, if the holder has agreed that this employer sees it."""
    if found.employer_uscc != employer.uscc or found.state != Confirmation.State.COUNTED:
        return ""
    try:
        must_be_open(found.tenant)
    except ValidationError:
        return ""
    with tenant_context(found.tenant):
        outcome = Outcome.objects.select_related("certificate__trainee").get(pk=found.outcome)
        return contact_of(outcome.certificate.trainee, employer.uscc)
