"""The Excel sheet of external certificates: the same columns out and in."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone

from certificates.external import rules
from certificates.external.models import WEB_ONLY, ExternalKind
from certificates.external.services import Facts, find_trainee, folded
from courses.models import Trainee
from tenants.models import in_language

MOST = 1000  # rows of a sheet
#: Column of the sheet -> its title in Chinese and English.
COLUMNS = {
    "name": ("姓名", "Name"),
    "tail": ("证件号码后四位", "Last four of the ID"),
    "kind": ("证书类别", "Kind"),
    "number": ("证书编号", "Number"),
    "title": ("工种或项目", "Occupation"),
    "level": ("等级", "Level"),
    "issuer": ("发证机构", "Issuer"),
    "issued_on": ("发证日期", "Issued on"),
    "expires_on": ("有效期至", "Expires on"),
    "query_url": ("查询网址", "Query address"),
    "note": ("备注", "Note"),
}
NEEDED = ("name", "tail", "kind", "number", "title", "issuer", "issued_on")
LONGEST = {"number": 60, "title": 80, "level": 30, "issuer": 80, "query_url": 200, "note": 200}
NO_TITLES = (
    "没有找到表头，请用本页的空表填写",
    "the titles of the columns were not found: fill in the empty sheet of this page",
)
TOO_MANY = (
    f"一次最多 {MOST} 行，请分几次上传",
    f"at most {MOST} rows at once: make several sheets",
)


@dataclass(frozen=True)
class Fault:
    """What is wrong in a row of the sheet, counted as Excel counts them."""

    row: int
    who: str
    zh: str
    en: str

    @property
    def said(self) -> str:
        return in_language(self.zh, self.en)


def header() -> list[str]:
    return [in_language(zh, en) for zh, en in COLUMNS.values()]


def read(rows: Sequence[Sequence[str]]) -> tuple[list[tuple[Trainee, Facts]], list[Fault]]:
    """What the rows say, and what is wrong with which. The first row is the titles."""
    columns = _columns(rows[0]) if rows else {}
    if not set(NEEDED) <= columns.keys():
        return [], [Fault(1, "", *NO_TITLES)]
    if len(rows) > MOST + 1:
        return [], [Fault(MOST + 2, "", *TOO_MANY)]
    kinds = {
        text: kind
        for kind in ExternalKind.objects.filter(in_use=True)
        for text in (kind.code, kind.name, kind.name_en)
    }
    found: list[tuple[Trainee, Facts]] = []
    faults: list[Fault] = []
    seen: dict[tuple[int, str], int] = {}
    for place, cells in enumerate(rows[1:], 2):
        got = {f: cells[n].strip() if n < len(cells) else "" for f, n in columns.items()}
        try:
            trainee, facts = _row(got, kinds)
            key = (facts.kind.pk, folded(facts.number))
            if key in seen:
                raise ValidationError(
                    f"与第 {seen[key]} 行编号相同 / the number of row {seen[key]} again"
                )
            seen[key] = place
            found.append((trainee, facts))
        except ValidationError as error:
            faults += [_fault(place, got["name"], text) for text in error.messages]
    return found, faults


def _fault(row: int, who: str, text: str) -> Fault:
    zh, _, en = text.partition(" / ")
    return Fault(row, who, zh, en or zh)


def _columns(titles: Iterable[str]) -> dict[str, int]:
    known = {_folded(word): field for field, words in COLUMNS.items() for word in words}
    found: dict[str, int] = {}
    for place, title in enumerate(titles):
        if field := known.get(_folded(title)):
            found.setdefault(field, place)
    return found


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _row(got: dict[str, str], kinds: dict[str, ExternalKind]) -> tuple[Trainee, Facts]:
    """Raises ValidationError with everything that is wrong."""
    faults = []
    for field in NEEDED:
        if not got[field]:
            zh, en = COLUMNS[field]
            faults.append(f"缺少{zh} / {en} is missing")
    for field, most in LONGEST.items():
        if len(got.get(field, "")) > most:
            zh, en = COLUMNS[field]
            faults.append(f"{zh}超过 {most} 字 / {en} is longer than {most} characters")
    if faults:
        raise ValidationError(faults)
    if got["kind"] not in kinds:
        raise ValidationError(
            f"没有类别“{got['kind'][:40]}” / there is no kind “{got['kind'][:40]}”"
        )
    issued_on = _day(got["issued_on"], "issued_on")
    expires_on = _day(got["expires_on"], "expires_on") if got.get("expires_on") else None
    if fault := rules.fault_of_dates(issued_on, expires_on, timezone.localdate()):
        raise ValidationError(f"{fault[1]} / {fault[2]}")
    if address := got.get("query_url", ""):
        try:
            WEB_ONLY(address)
        except ValidationError as error:
            raise ValidationError(
                "查询网址应以 http:// 或 https:// 开头 / the query address begins with http:// or https://"
            ) from error
    more = {name: got.get(name, "") for name in ("level", "query_url", "note")}
    trainee = find_trainee(got["name"], got["tail"])
    kept = {name: got[name] for name in ("number", "title", "issuer")}
    return trainee, Facts(
        kind=kinds[got["kind"]], issued_on=issued_on, expires_on=expires_on, **kept, **more
    )


def _day(text: str, field: str) -> date:
    """2026-01-05, 2026/1/5, 2026.1.5, 2026年1月5日, 20260105. Raises ValidationError."""
    match = re.match(r"(\d{4})(?:\D(\d{1,2})\D(\d{1,2})|(\d\d)(\d\d))(?!\d)", text)
    try:
        return date(*(int(part) for part in match.groups() if part))  # type: ignore[union-attr]
    except (AttributeError, ValueError) as error:
        zh, en = COLUMNS[field]
        raise ValidationError(
            f"{zh}“{text[:20]}”不是日期，请写成 2026-01-05"
            f" / {en} “{text[:20]}” is no day: write 2026-01-05"
        ) from error
