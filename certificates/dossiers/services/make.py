"""Make a dossier: freeze what stands, draw both files of it, register the digest. All or nothing."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from certificates import fonts
from certificates.dossiers import rules
from certificates.dossiers.models import Dossier
from certificates.dossiers.paper import sheet_of
from certificates.dossiers.services.collect import facts_of, missing
from certificates.dossiers.shared.models import RegisteredDossier
from certificates.dossiers.workbook import workbook
from certificates.drawing import draw
from certificates.files import keep
from certificates.render import FontsMissing
from courses.models import TrainingClass
from courses.services import seen
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.looks.services import Reason
from tenants.models import Tenant
from tenants.staff.models import User

KINDS = {"xlsx": ".xlsx", "pdf": ".pdf"}
Progress = Callable[[int, int], None]


class FileDamaged(RuntimeError):
    """The kept file is not the one that was made: it is not handed out."""


def make(one: TrainingClass, by: User | None, progress: Progress = lambda n, of: None) -> Dossier:
    """The dossier of the class as it stands now; the newest one when nothing differs from it.

    Draws in this process: for the worker and for commands. Raises ValidationError with the names of
    what is missing, and FontsMissing. Safe to run twice, and to be killed anywhere.
    """
    if gaps := missing(one):
        raise ValidationError([f"{zh} / {en}" for zh, en in gaps])
    if not fonts.is_ready():
        raise FontsMissing(FontsMissing.SAID)
    with transaction.atomic():
        TrainingClass.objects.select_for_update(no_key=True).get(pk=one.pk)
        last = Dossier.objects.filter(training_class=one).order_by("-number").first()
        facts = facts_of(one)
        progress(1, 4)
        before = json.loads(last.body)["facts"] if last else None
        if last and before and rules.canonical(before) == rules.canonical(facts):
            return last
        return _write(one, facts, before, last.number + 1 if last else 1, by, progress)


def _write(
    one: TrainingClass,
    facts: dict[str, Any],
    before: dict[str, Any] | None,
    number: int,
    by: User | None,
    progress: Progress,
) -> Dossier:
    now = timezone.localtime().replace(microsecond=0)
    snapshot: dict[str, Any] = {
        "format": rules.FORMAT,
        "number": number,
        "made_at": now.strftime("%Y-%m-%d %H:%M:%S"),
        "made_by": str(by or "—"),
        "differs": rules.differences(before, facts) if before else [],
        "facts": facts,
    }
    body = rules.canonical(snapshot)
    digest = rules.digest_of(body)
    files = {"xlsx": workbook(body)}
    progress(2, 4)
    files["pdf"] = draw(sheet_of(body, check_address(digest)), fonts.folder())
    progress(3, 4)
    for kind, content in files.items():
        keep(path_of(digest, kind), content)
    sums = {kind: hashlib.sha256(content).hexdigest() for kind, content in files.items()}
    made = Dossier.objects.create(
        training_class=one, number=number, digest=digest, body=body, differs=snapshot["differs"],
        xlsx_sha256=sums["xlsx"], pdf_sha256=sums["pdf"], made_by=by, made_at=now,
    )  # fmt: skip
    counts = facts["counts"]
    RegisteredDossier.objects.create(
        tenant_id=current_tenant().pk, class_code=one.code, number=number, digest=digest,
        xlsx_sha256=sums["xlsx"], pdf_sha256=sums["pdf"], programme=facts["class"]["programme"][:100],
        people=counts["people"], certified=counts["certified"], employed=counts["employed"],
        made_by=snapshot["made_by"][:150], made_at=now,
    )  # fmt: skip
    progress(4, 4)
    return made


def check_address(digest: str) -> str:
    """The centre's page that says whether the digest is registered."""
    centre = Tenant.objects.get(pk=current_tenant().centre_id)
    return absolute(centre, f"/desk/dossiers/?digest={digest}")


def path_of(digest: str, kind: str) -> Path:
    return Path(storages["private"].path(f"dossiers/{digest}{KINDS[kind]}"))


def file_of(dossier: Dossier, kind: str) -> bytes | None:
    """The file as it was made; None when it is not here and must be made again.

    Raises FileDamaged for another file than was made.
    """
    path = path_of(dossier.digest, kind)
    if not path.exists():
        return None
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != getattr(dossier, f"{kind}_sha256"):
        raise FileDamaged(dossier.digest)
    return content


def make_again(dossier: Dossier) -> None:
    """Both files of the kept snapshot, when one is not there. Raises FileDamaged when another version
    of the program draws them otherwise: an operator has them in the backup.
    """
    for kind in KINDS:
        if path_of(dossier.digest, kind).exists():
            continue
        if kind == "xlsx":
            content = workbook(dossier.body)
        else:
            sheet = sheet_of(dossier.body, check_address(dossier.digest))
            content = draw(sheet, fonts.folder())
        if hashlib.sha256(content).hexdigest() != getattr(dossier, f"{kind}_sha256"):
            raise FileDamaged(dossier.digest)
        keep(path_of(dossier.digest, kind), content)


def with_ids(dossier: Dossier, reason: Reason, by: User) -> bytes:
    """The workbook with one more sheet: the IDs in clear, for somebody who has said why. Not kept."""
    one = dossier.training_class
    people = list(one.enrolments.on_roll().select_related("trainee"))
    numbers = seen.resident_ids(people, f"{one.code} v{dossier.number}", dossier.pk, reason, by)
    papers: dict[str, str] = {}
    for number, name, shown, *_rest, status in json.loads(dossier.body)["facts"]["certificates"]:
        if status == "有效":
            papers[f"{name} {shown}"] = number
    lines = []
    for each in people:
        key = f"{each.trainee.name} {rules.masked(each.trainee.id_last4)}"
        lines.append((each.trainee.name, numbers.get(each.pk, ""), papers.get(key, "")))
    return workbook(dossier.body, lines)
