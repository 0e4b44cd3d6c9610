"""Print a roster sheet, take it back into the log, and let a second person vouch for it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from courses.fieldlog.models import FieldEvent, PaperRow, PaperSheet, Reading
from courses.fieldlog.rules import paper as rules
from courses.fieldlog.rules.codes import ALPHABET, check_letter, checked
from courses.fieldlog.services import desk
from courses.fieldlog.services.project import hold_still, read_pending
from courses.models import Enrolment, VillageSession
from courses.services.attendance import MarkEntry, last_said, payload_of
from tenants.staff.models import User

CODE_LETTERS = 7  # and the check letter: 35 bits, so that codes of two bases seldom meet
LARGEST = 999  # people: a row code has at most three digits
PAPER = FieldEvent.Source.PAPER


@dataclass(frozen=True)
class Line:
    """A person of a sheet: `code` as printed, or empty for somebody who enrolled after that."""

    enrolment: Enrolment
    code: str


@transaction.atomic
def print_sheet(session: VillageSession, by: User) -> PaperSheet:
    """A new sheet of everybody who is in the class now, in the order of their enrolment."""
    people = list(session.training_class.enrolments.on_roll_of(session.held_on).order_by("pk"))
    if not people:
        raise ValidationError(
            "班里还没有学员，请先导入花名册 / the class has nobody yet: import the roster first"
        )
    if len(people) > LARGEST:
        raise ValidationError(
            f"一张名单最多 {LARGEST} 人，请分班 / a sheet takes {LARGEST} people at most"
        )
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    sheet = PaperSheet.objects.create(
        code=letters + check_letter(letters), session=session, made_by=by
    )
    PaperRow.objects.bulk_create(
        PaperRow(sheet=sheet, number=number, enrolment=person)
        for number, person in enumerate(people, 1)
    )
    return sheet


def find_sheet(text: str) -> PaperSheet | None:
    """By its code as typed, or by the address that a scan of its QR gives."""
    tail = text.strip().rstrip("/").rpartition("/")[2]
    code = checked(tail)
    return PaperSheet.objects.filter(code=code).first() if code else None


def lines(sheet: PaperSheet) -> list[Line]:
    """The printed rows in their order; then whoever has enrolled since."""
    rows = sheet.rows.select_related("enrolment__trainee").order_by("number")
    printed = [Line(each.enrolment, rules.row_code(sheet.code, each.number)) for each in rows]
    known = {line.enrolment.pk for line in printed}
    later = (
        Enrolment.objects.on_roll()
        .filter(training_class=sheet.session.training_class_id)
        .exclude(pk__in=known)
        .select_related("trainee")
        .order_by("pk")
    )
    return [*printed, *(Line(each, "") for each in later)]


@transaction.atomic
def keep_draft(sheet: PaperSheet, typed: Mapping[str, str], by: User) -> None:
    """What was typed so far, whatever it is worth: it is found again by anybody who may enter it."""
    PaperSheet.objects.filter(pk=sheet.pk).update(
        draft=dict(typed), draft_by=by, draft_at=timezone.now()
    )


@dataclass(frozen=True)
class Entry:
    """A sheet as somebody has typed it. `differs` says how the paper's own totals are wrong,
    `reason` why an entry is corrected.
    """

    rows: list[rules.Row]
    first: Mapping[str, str]
    second: Mapping[str, str]
    taught_by: User | None
    photo: str
    differs: str = ""
    reason: str = ""


@transaction.atomic
def enter(sheet: PaperSheet, entry: Entry, by: User) -> PaperSheet:
    """Append what the sheet says, in one transaction. Raises ValidationError with all faults.

    A sheet is entered once; what is entered again is a correction: only the rows that changed,
    with the reason, and nobody has vouched for it yet.
    """
    hold_still()  # first the log, as everybody who writes into it
    session = VillageSession.objects.select_for_update(no_key=True).get(pk=sheet.session_id)
    sheet = PaperSheet.objects.select_for_update().get(pk=sheet.pk)
    said = {pk: _word(each) for pk, each in last_said(session, PAPER).items()}
    if faults := _faults(sheet, session, entry, said):
        raise ValidationError(faults)
    for row in entry.rows:
        word = (row.mark, row.minutes(session.minutes))
        if row.mark == rules.NONE or (sheet.entered_id and said.get(row.enrolment) == word):
            continue
        mark = MarkEntry(row.enrolment, *word, reason=entry.reason.strip()[:500])
        desk.append(payload_of(session, mark, PAPER), by, PAPER)
    if note := entry.differs.strip():
        text = f"名单 {sheet.shown_code} 合计与逐行不符：{note}"[:500]
        desk.append({"kind": "note", "session": session.pk, "text": text}, by, PAPER)
    teacher = entry.taught_by
    event = desk.append(
        {
            "kind": "paper_sheet",
            "session": session.pk,
            "sheet": sheet.code,
            "photo": entry.photo,
            "totals": {key: int(entry.first[key]) for key in rules.TOTALS},
            "taught_by": f"{teacher} ({teacher.username})" if teacher else "",
        },
        by,
        PAPER,
        blobs=(entry.photo,),
    )
    sheet.entered, sheet.taught_by, sheet.countersigned, sheet.objection = event, teacher, None, ""
    sheet.draft, sheet.draft_by, sheet.draft_at = {}, None, None
    sheet.save()
    read_pending()
    return sheet


def _word(said: Reading) -> tuple[str, int]:
    return said.said["mark"], said.said["minutes"]


def _faults(
    sheet: PaperSheet,
    session: VillageSession,
    entry: Entry,
    said: Mapping[int, tuple[str, int]],
) -> list[str]:
    faults = []
    if session.held_on > timezone.localdate():
        faults.append(
            f"这次课定在 {session.held_on}，还没有上 / this session is on {session.held_on}"
        )
    other = PaperSheet.objects.filter(session=session, entered__isnull=False).exclude(pk=sheet.pk)
    if found := other.first():
        faults.append(
            f"这次课已录入名单 {found}，要改请在那张名单上更正"
            f" / sheet {found} of this session was entered already: correct that one"
        )
    faults += rules.row_faults(entry.rows, session.minutes)
    faults += rules.totals_faults(
        entry.first, entry.second, entry.rows, bool(entry.differs.strip())
    )
    if entry.taught_by is None:
        faults.append("请选择上课的教师 / choose who taught the session")
    if not entry.photo:
        faults.append("请上传这张名单的照片 / attach a photo of the sheet")
    if not any(row.mark in rules.MARKS for row in entry.rows):
        faults.append("名单上一个人也没有记 / nobody is marked on the sheet")
    if sheet.entered_id:
        faults += _correction_faults(session, entry, said)
    return faults


def _correction_faults(
    session: VillageSession, entry: Entry, said: Mapping[int, tuple[str, int]]
) -> list[str]:
    faults = []
    if not entry.reason.strip():
        faults.append("更正须填写原因 / a correction needs a reason")
    for row in entry.rows:
        if row.mark == rules.NONE and row.enrolment in said:
            faults.append(
                f"{row.code} {row.name}：记过的不能改为未填，请改成正确的考勤"
                f" / {row.code} {row.name}: a mark is not unsaid, only corrected"
            )
    return faults


def entered_by(sheet: PaperSheet) -> set[int]:
    """Whoever has typed anything of the session's paper into the log."""
    events = Reading.objects.filter(session=sheet.session_id, event__source=PAPER)
    people = events.filter(kind__in=["mark", "paper_sheet"]).values_list("event__by", flat=True)
    return {each for each in people if each}


def countersign_fault(sheet: PaperSheet, by: User) -> str:
    return rules.countersign_fault(by.pk, entered_by(sheet), sheet.taught_by_id)


@transaction.atomic
def countersign(sheet: PaperSheet, agrees: bool, reason: str, seen: str, by: User) -> PaperSheet:
    """A second person has held the rows beside the photo. `seen` is the hash of the entry that was
    on that page: an entry that came later has not been looked at. Raises ValidationError.
    """
    hold_still()
    sheet = PaperSheet.objects.select_for_update().get(pk=sheet.pk)
    faults = [fault] if (fault := countersign_fault(sheet, by)) else []
    if sheet.entered is None or bytes(sheet.entered.hash).hex() != seen:
        faults.append(
            "名单刚刚更正过，请重新核对 / the sheet has just been corrected: compare it again"
        )
    elif sheet.countersigned_id:
        faults.append("这张名单已经复核过 / somebody has vouched for this sheet already")
    if not agrees and not reason.strip():
        faults.append("不一致的，请写明哪里不一致 / say what does not agree")
    if faults:
        raise ValidationError(faults)
    if agrees:
        payload: dict[str, Any] = {
            "kind": "countersign",
            "session": sheet.session_id,
            "sheet": sheet.code,
            "reason": reason.strip()[:500],
        }
        sheet.countersigned, sheet.objection = desk.append(payload, by, PAPER), ""
    else:
        sheet.objection = reason.strip()[:500]
        text = f"名单 {sheet.shown_code} 复核不一致：{sheet.objection}"[:500]
        desk.append({"kind": "note", "session": sheet.session_id, "text": text}, by, PAPER)
    sheet.save(update_fields=["countersigned", "objection"])
    read_pending()
    return sheet
