"""Take an application, and write down what was found on site."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from tenants.applications.models import Application, Paper, SiteCheck, WantedTrade
from tenants.current import current_tenant
from tenants.designations.models import TrainingBase
from tenants.designations.services import Official, apply_for, take_step
from tenants.models import Division, Trade
from tenants.staff.models import User
from tenants.uploads import kept_file

#: What is looked at on site: code, Chinese, English.
CHECKLIST = (
    ("licence", "办学资质与登记证书原件", "Licence and registration, originals"),
    ("premises", "教室与实训场地面积", "Size of class rooms and workshops"),
    ("fire", "消防与用电安全", "Fire and electrical safety"),
    ("equipment", "实训设备数量与完好", "Equipment: number and condition"),
    ("teachers", "教师资格与到岗", "Teachers: qualification and presence"),
    ("materials", "教材与教学计划", "Text books and teaching plan"),
    ("records", "学员档案与考勤制度", "Records of trainees and attendance"),
)


@dataclass(frozen=True)
class Sent:
    """What the form says. `trades` is trade code -> places; `files` is kind -> [(name, bytes)]."""

    uscc: str
    name: str
    division: Division
    address: str
    contact: str
    phone: str
    premises: str
    teachers: str
    trades: Mapping[str, int]
    files: Mapping[str, Sequence[tuple[str, bytes]]]


@transaction.atomic
def take_application(sent: Sent, on: date | None = None) -> Application:
    """Keep an application at the centre and open the institution's record. Raises ValidationError.

    The applicant is the "official" of this step: nobody at the centre has done anything yet.
    """
    kept = _kept(sent.files)
    if not sent.trades:
        raise ValidationError({"trades": "请至少填写一个工种的名额 / give places for one trade"})
    base = apply_for(current_tenant(), sent.uscc, sent.name, sent.division, Official(sent.name), on)
    application = Application.objects.create(
        base_id=base.pk,
        name=sent.name,
        address=sent.address,
        contact=sent.contact,
        phone=sent.phone,
        premises=sent.premises,
        teachers=sent.teachers,
    )
    known = {trade.code: trade.pk for trade in Trade.objects.filter(code__in=sent.trades)}
    for code, places in sent.trades.items():
        WantedTrade.objects.create(application=application, trade_id=known[code], places=places)
    for kind, name, content, suffix in kept:
        _keep(kind, name, content, suffix, application=application)
    return application


@transaction.atomic
def record_check(
    base: TrainingBase,
    by: User,
    *,
    people: str,
    items: Mapping[str, tuple[bool, str]],
    note: str,
    photos: Sequence[tuple[str, bytes]],
    on: date | None = None,
) -> SiteCheck:
    """Write an on-site check: passed when every item of the list is. Raises ValidationError."""
    kept = _kept({"photo": photos})
    if missing := [zh for code, zh, _en in CHECKLIST if code not in items]:
        raise ValidationError(f"请逐项填写：{'、'.join(missing)} / judge every item of the list")
    if any(suffix != "jpg" for _, _, _, suffix in kept):
        raise ValidationError("核查照片须为 JPEG 或 PNG / the photos must be JPEG or PNG")
    failed = [zh for code, zh, _en in CHECKLIST if not items[code][0]]
    reason = f"不合格：{'、'.join(failed)}" if failed else "各项均合格"
    step = take_step(
        base,
        "fail" if failed else "check",
        Official(str(by), by.username),
        reason=reason,
        on=on or timezone.localdate(),
    )
    check = SiteCheck.objects.create(
        base_id=base.pk,
        step=step.number,
        on=step.on,
        people=people,
        items={code: list(items[code]) for code, _, _ in CHECKLIST},
        passed=not failed,
        note=note.strip(),
        recorded_by=by,
    )
    for kind, name, content, suffix in kept:
        _keep(kind, name, content, suffix, site_check=check)
    return check


def _kept(
    files: Mapping[str, Sequence[tuple[str, bytes]]],
) -> list[tuple[str, str, bytes, str]]:
    """All files looked at before any is written; a fault names the file."""
    found, faults = [], []
    for kind, listed in files.items():
        for name, content in listed:
            try:
                kept, suffix = kept_file(content)
            except ValidationError as error:
                faults.append(f"{name}：{error.message}")
            else:
                found.append((kind, name, kept, suffix))
    if faults:
        raise ValidationError({"files": faults})
    return found


def _keep(kind: str, name: str, content: bytes, suffix: str, **of: Application | SiteCheck) -> None:
    paper = Paper(
        kind=kind,
        file_name=f"{name.rsplit('.', 1)[0][-100:]}.{suffix}",
        sha256=hashlib.sha256(content).hexdigest(),
        **of,
    )
    paper.file.save(f"applications/{uuid.uuid4()}.{suffix}", ContentFile(content), save=False)
    paper.save()
