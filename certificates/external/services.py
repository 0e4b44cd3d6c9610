"""Record certificates of other bodies; correct and withdraw by new rows. The only writers."""

import hashlib
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from certificates.external import rules
from certificates.external.models import ExternalCertificate, ExternalKind
from courses.models import Trainee
from courses.rules import normalise_id
from courses.services.identity import base_digest
from tenants.staff.models import User
from tenants.uploads import kept_file


@dataclass(frozen=True)
class Facts:
    """What is written on the certificate."""

    kind: ExternalKind
    number: str
    title: str
    issuer: str
    issued_on: date
    expires_on: date | None = None
    level: str = ""
    query_url: str = ""
    note: str = ""

    def as_row(self) -> dict[str, Any]:
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        return row | {"number": folded(self.number)}


def folded(number: str) -> str:
    """A number as it is kept: no difference of width, case or spaces."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def find_trainee(name: str, tail: str) -> Trainee:
    """The trainee of that name by the last four of the resident ID, or the whole. Raises ValidationError."""
    tail = normalise_id(tail)
    people = Trainee.objects.filter(name="".join(name.split()))
    if len(tail) == 18:
        people = people.filter(id_digest=base_digest(tail))
    else:
        people = people.filter(id_last4=tail)
    found = list(people[:2])
    if not found:
        raise ValidationError(
            {
                "name": "名册中没有这个姓名和证件号的学员，请核对"
                " / no trainee of this base has this name and ID: check both"
            }
        )
    if len(found) > 1:
        raise ValidationError(
            {
                "tail": "有同名同尾号的学员，请填写全部证件号码"
                " / more than one has this name and last four: type the whole ID number"
            }
        )
    return found[0]


def standing_list(wanted: str = "", kind: str = "", query: str = "") -> QuerySet[Any]:
    """What counts today, what expires first at the top. `wanted` is a filter of the rules."""
    found = ExternalCertificate.objects.filter(replaced_by__isnull=True, withdrawn=False)
    if wanted in rules.FILTERS:
        first, last = rules.span(wanted, timezone.localdate())
        found = found.filter(expires_on__lte=last)
        found = found.filter(expires_on__gte=first) if first else found
    if kind:
        found = found.filter(kind__code=kind)
    if query:
        found = found.filter(
            Q(trainee__name__icontains=query)
            | Q(number__icontains=folded(query))
            | Q(issuer__icontains=query)
        )
    ordered = found.order_by(F("expires_on").asc(nulls_last=True), "id")
    return ordered.select_related("kind", "trainee")


def of_trainee(trainee: Trainee) -> QuerySet[Any]:
    return standing_list().filter(trainee=trainee)


def history(row: ExternalCertificate) -> list[ExternalCertificate]:
    """The row with all before and after it, the newest first."""
    rows = [row]
    while (older := rows[-1].replaces) is not None:
        rows.append(older)
    newest = row
    while hasattr(newest, "replaced_by"):
        newest = newest.replaced_by
        rows.insert(0, newest)
    return rows


@transaction.atomic
def record(
    trainee: Trainee, facts: Facts, by: User | None, scan: bytes = b""
) -> ExternalCertificate:
    """Raises ValidationError for what cannot be or is recorded already."""
    _refuse(facts)
    return _write(by, trainee=trainee, scan=scan, **facts.as_row())


@transaction.atomic
def correct(
    old: ExternalCertificate, facts: Facts, why: str, by: User | None, scan: bytes = b""
) -> ExternalCertificate:
    """A new row in the place of `old`; its scan goes over unless another is given."""
    old = _newest(old)
    _say(why)
    _refuse(facts, old)
    same = all(getattr(old, name) == value for name, value in facts.as_row().items())
    if same and not scan:
        raise ValidationError("没有改动，不必更正 / nothing differs: there is nothing to correct")
    kept = {} if scan else {"scan": old.scan.name, "scan_sha256": old.scan_sha256}
    row = {"trainee": old.trainee, "replaces": old, "why": why.strip(), **facts.as_row(), **kept}
    return _write(by, **(row | {"scan": scan or kept["scan"]}))


@transaction.atomic
def withdraw(old: ExternalCertificate, why: str, by: User | None) -> ExternalCertificate:
    """It was recorded by mistake: it counts no more, and stays to be seen with the reason."""
    old = _newest(old)
    _say(why)
    names = (
        *("trainee", "kind", "number", "title", "level", "issuer", "issued_on", "expires_on"),
        *("query_url", "note", "scan_sha256"),
    )
    row = {name: getattr(old, name) for name in names}
    return _write(
        by, replaces=old, why=why.strip(), withdrawn=True, scan=old.scan.name or "", **row
    )


def _say(why: str) -> None:
    if not why.strip():
        raise ValidationError("请写明原因 / say why")


@transaction.atomic
def record_all(rows: Sequence[tuple[Trainee, Facts]], by: User | None) -> int:
    """All or none. What is recorded already with the same words is passed over; returns the new ones."""
    new = 0
    for trainee, facts in rows:
        if not _is_recorded(trainee, facts):
            record(trainee, facts, by)
            new += 1
    return new


def _is_recorded(trainee: Trainee, facts: Facts) -> bool:
    return of_trainee(trainee).filter(**facts.as_row()).exists()


def _newest(old: ExternalCertificate) -> ExternalCertificate:
    """`old`, held until the transaction ends. Raises ValidationError when it counts no more."""
    held: ExternalCertificate = ExternalCertificate.objects.select_for_update().get(pk=old.pk)
    if not held.is_current:
        raise ValidationError(
            "这一条已被更正或撤回，请从最新一条办理"
            " / this row was corrected or withdrawn: begin from the newest one"
        )
    return held


def _refuse(facts: Facts, old: ExternalCertificate | None = None) -> None:
    """Under a lock of the kind, so that a number is recorded once."""
    ExternalKind.objects.select_for_update().get(pk=facts.kind.pk)
    today = timezone.localdate()
    if fault := rules.fault_of_dates(facts.issued_on, facts.expires_on, today):
        field, zh, en = fault
        raise ValidationError({field: f"{zh} / {en}"})
    same = standing_list().filter(kind=facts.kind, number=folded(facts.number))
    if same.exclude(pk=old.pk if old else None).exists():
        raise ValidationError(
            {
                "number": "这个编号已登记过，请在原来那一条上更正"
                " / this number is recorded already: correct that row"
            }
        )


def _write(by: User | None, scan: bytes | str = b"", **row: Any) -> ExternalCertificate:
    if isinstance(scan, bytes) and scan:
        content, suffix = kept_file(scan)
        row["scan"] = ContentFile(content, name=f"external/{uuid.uuid4().hex}.{suffix}")
        row["scan_sha256"] = hashlib.sha256(content).hexdigest()
    elif isinstance(scan, str):
        row["scan"] = scan
    written = ExternalCertificate(recorded_by=by, **row)
    written.clean_fields(exclude=["scan", "replaces", "recorded_by"])
    written.save()
    return written
