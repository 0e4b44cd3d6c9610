"""Issue certificates: judge again under the lock, then write paper's facts and register at once."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from certificates import rules
from certificates.claims import Claims
from certificates.models import Certificate, FollowUp, NumberSequence
from certificates.moments import class_certified
from certificates.register.elsewhere import Unreachable, one_at_a_time, silent
from certificates.register.models import RegisterEntry
from certificates.services import log
from certificates.services.evidence import Case, cases_of
from certificates.services.keys import signing_key
from certificates.token import new_code, sign_token
from courses.directory.models import RuleSet
from courses.directory.numbers import number_of
from courses.fieldlog.services.project import hold_still
from courses.models import Enrolment, TrainingClass
from courses.moments import chain_moved
from courses.services.identity import register_digest
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.staff.models import User

#: Of one list: the least that the W3C's Bitstring Status List allows, 16 kB of bits.
PLACES = 131_072


@dataclass(frozen=True)
class Issued:
    """What an issue run did: certificates written now, and refused cases with their verdicts."""

    certificates: list[Certificate]
    refused: list[Case]
    already: int


def issue_class(
    training_class: TrainingClass,
    by: User | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    on: date | None = None,
) -> Issued:
    """Issue to every eligible trainee. Each certificate is a transaction of its own.

    Safe to run again after a crash: whoever has a certificate is passed over.
    """
    cases = cases_of(training_class, on=on)
    waiting = [case for case in cases if case.eligible]
    written, refused = [], [c for c in cases if c.refusals and not c.certificate_number]
    for done, case in enumerate(waiting):
        progress(done, len(waiting))
        outcome = issue_one(case.enrolment, by, on)
        if isinstance(outcome, Certificate):
            written.append(outcome)
        elif not outcome.certificate_number:
            refused.append(outcome)
    progress(len(waiting), len(waiting))
    class_certified.send(None, training_class=training_class)
    return Issued(written, refused, sum(1 for case in cases if case.certificate_number))


def issue_one(enrolment: Enrolment, by: User | None, on: date | None = None) -> Certificate | Case:
    """Write one certificate, or return the case with the verdicts that refuse it."""
    person, project = register_digest(enrolment.trainee), enrolment.training_class.project_key
    try:
        with one_at_a_time(person, project), transaction.atomic():
            return _issue(enrolment, by, on or timezone.localdate())
    except Unreachable as error:
        case = cases_of(enrolment.training_class, [enrolment])[0]
        return replace(case, certified=[*case.certified, silent(str(error))])
    except IntegrityError:
        # Another base issued to the same person between our look and our write.
        case = cases_of(enrolment.training_class, [enrolment])[0]
        if not case.refusals and not case.certificate_number:
            raise
        return case


def _issue(enrolment: Enrolment, by: User | None, on: date) -> Certificate | Case:
    sequence = locked_sequence(on.year)
    hold_still()  # what has arrived is read, and nothing is read before this is written
    case = cases_of(enrolment.training_class, [enrolment], on)[0]
    return write(case, sequence, by, on) if case.eligible else case


def write(
    case: Case,
    sequence: NumberSequence,
    by: User | None,
    on: date,
    replaces: Certificate | None = None,
    correction: str = "",
) -> Certificate:
    """Write an eligible case: certificate, register, log and duty. Call it with the sequence locked."""
    assert case.score is not None  # a case without scores is not eligible
    enrolment, training_class = case.enrolment, case.enrolment.training_class
    tenant = current_tenant()
    rule_set = training_class.rule_set
    serial, number = sequence.last + 1, next_number(sequence, rule_set)
    claims = claims_of(case, number, new_code(), on, replaces.number if replaces else "")
    key, private = signing_key(on.year)
    place = new_place(tenant.pk)
    token = sign_token(claims, key.kid, private, place)
    attended = case.attended
    planned = attended.planned_theory + attended.planned_practice
    certificate = Certificate.objects.create(
        number=number,
        code=claims.code,
        year=on.year,
        serial=serial,
        version=replaces.version + 1 if replaces else 1,
        replaces=replaces,
        correction=correction,
        enrolment=enrolment,
        trainee=enrolment.trainee,
        project_key=training_class.project_key,
        holder_name=claims.holder_name,
        claims=claims.as_json(),
        token=token,
        kid=key.kid,
        rule_set=rule_set,
        planned_minutes=planned,
        attended_minutes=attended.theory + attended.practice,
        required_minutes=rules.required_minutes(planned, rule_set.attendance_percent),
        theory_score=case.score.theory,
        practice_score=case.score.practice,
        pass_theory=rule_set.pass_theory,
        pass_practice=rule_set.pass_practice,
        evidence=case.basis.facts,
        evidence_digest=case.basis.digest,
        sessions_planned=case.basis.planned,
        sessions_accepted=case.basis.accepted,
        plugins=case.asked,
        issued_on=on,
        issued_by=by,
    )
    RegisterEntry.objects.create(
        code=claims.code,
        number=number,
        tenant_id=tenant.pk,
        key=key,
        person=case.person,
        project_key=training_class.project_key,
        claims=claims.as_json(),
        token=token,
        photo=enrolment.photo,
        issued_on=on,
        status_list=place[0],
        status_index=place[1],
    )
    log.issued(claims.code)
    if replaces is None:
        FollowUp.objects.bulk_create(
            FollowUp(certificate=certificate, after_days=days, due_on=on + timedelta(days=days))
            for days in sorted(set(rule_set.follow_ups))
        )
    sequence.last = serial
    sequence.save(update_fields=["last"])
    chain_moved.send(None, enrolments={enrolment.pk})
    return certificate


def next_number(sequence: NumberSequence, rule_set: RuleSet) -> str:
    """By the pattern of the rule set that the class has pinned."""
    issuer = current_tenant().issuer_code
    return number_of(rule_set.number_pattern, issuer, sequence.year, sequence.last + 1)


def new_place(tenant: int) -> tuple[int, int]:
    """A free place among the statuses of the base: (list, index), random. Call it with the sequence
    locked. A list is left when it is half full, so that a free place is found at once.
    """
    entries = RegisterEntry.objects.filter(tenant_id=tenant)
    used = entries.aggregate(last=Max("status_list"))["last"] or 1
    entries = entries.filter(status_list=used)
    if entries.count() >= PLACES // 2:
        return used + 1, secrets.randbelow(PLACES)
    while True:
        index = secrets.randbelow(PLACES)
        if not entries.filter(status_index=index).exists():
            return used, index


def locked_sequence(year: int) -> NumberSequence:
    """The year's sequence, held until the transaction ends: issuing at one base is one at a time."""
    NumberSequence.objects.bulk_create([NumberSequence(year=year)], ignore_conflicts=True)
    return NumberSequence.objects.select_for_update().get(year=year)


def claims_of(case: Case, number: str, code: str, on: date, replaces: str = "") -> Claims:
    """Every claim that the paper prints, as text that never changes again."""
    training_class = case.enrolment.training_class
    tenant = current_tenant()
    photo = case.enrolment.photo
    assert case.score is not None
    return Claims(
        number=number,
        code=code,
        holder_name=case.enrolment.trainee.name,
        project_name=training_class.project_name,
        project_name_en=training_class.project_name_en,
        level=training_class.project_level,
        theory_hours=str(training_class.theory_hours),
        practice_hours=str(training_class.practice_hours),
        started_on=training_class.starts_on,
        ended_on=training_class.ends_on,
        issued_on=on,
        class_code=training_class.code,
        base_name=tenant.name,
        base_uscc=tenant.uscc,
        centre_name=Tenant.objects.get(pk=tenant.centre_id).name,
        rule_document=str(training_class.rule_set),
        theory_score=str(case.score.theory),
        practice_score=str(case.score.practice),
        photo_sha256=hashlib.sha256(bytes(photo)).hexdigest() if photo else "",
        replaces=replaces,
    )
