"""Check a list: each line is a number or code with the name on the paper. Says only whether they
belong together and how the certificate stands: nothing that was not typed comes back.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from certificates.register.models import RegisterEntry
from certificates.register.status import REVOKED, SUPERSEDED, VALID, Answer, bears, look_up
from certificates.token import CODE_LENGTH, normalise_code

MOST = 500  # lines of a list
NUMBER = re.compile(r"^[0-9A-Z]{2,10}-\d{4}-\d{5,}$")
TITLES = {"number", "code", "证书编号", "编号", "核验码", "证书号", "证号"}
NAMES = {"name", "姓名", "名字", "持证人"}

#: Result -> its words, and whether name and certificate belong together.
WORDS: dict[str, tuple[str, str]] = {
    VALID: ("相符，有效", "match: valid"),
    REVOKED: ("相符，但已撤销，请勿采信", "match, but revoked: do not rely on it"),
    SUPERSEDED: ("相符，但已换发，请看新版本", "match, but superseded: ask for the new version"),
    "no_match": (
        "不相符：没有这份证书，或姓名不是这个人",
        "no match: there is no such certificate, or it is made out to another name",
    ),
    "doubtful": ("不能确认，请询问服务中心", "cannot be confirmed: ask the service centre"),
    "elsewhere": (
        "登记在另一个系统，请扫二维码或用核验码到那里核验",
        "kept by another system: check it there, by its QR code or its code",
    ),
    "no_number": ("缺少证书编号或核验码", "number or code is missing"),
    "no_name": ("请填写证书上的姓名", "give the name on the paper"),
}
MATCHES = {VALID, REVOKED, SUPERSEDED}


@dataclass(frozen=True)
class Line:
    """`number` and `name` as they were typed; `entry` is what they belong to, for no answer to show."""

    number: str
    name: str
    result: str
    entry: RegisterEntry | None = None

    @property
    def words(self) -> tuple[str, str]:
        return WORDS[self.result]

    @property
    def matches(self) -> bool:
        return self.result in MATCHES


def typed_rows(text: str) -> list[list[str]]:
    """Lines as people paste them: with tabs, commas of any kind, semicolons or spaces between."""
    rows = []
    for line in text.splitlines():
        plain = re.sub(r"[，、；;\t,]+", ",", line.strip())
        if "," not in plain:
            plain = re.sub(r"\s+", ",", plain, count=1)
        if plain:
            rows += list(csv.reader([plain]))
    return rows


def check(rows: Iterable[Sequence[str]]) -> list[Line]:
    """Judge each line. Columns are found by their titles, else by what looks like a number."""
    rows = [[cell.strip() for cell in row] for row in rows]
    where = _columns(rows[0]) if rows else None
    found = []
    for row in rows[1:] if where else rows:
        number, name = _cells(row, where)
        if number or name:
            found.append(judge(number, name))
    return found


def judge(number: str, name: str) -> Line:
    """Whether a number or code and the name on the paper belong together, and how it stands."""
    result, entry = _result(number.strip(), name.strip())
    return Line(number[:80], name[:80], result, entry)


def _columns(first: Sequence[str]) -> tuple[int, int] | None:
    """(column of the number, column of the name) when the first row is a header."""
    folded = [unicodedata.normalize("NFKC", cell).replace(" ", "").lower() for cell in first]
    number = next((n for n, cell in enumerate(folded) if cell in TITLES), None)
    name = next((n for n, cell in enumerate(folded) if cell in NAMES), None)
    return (number, name) if number is not None and name is not None else None


def _cells(row: Sequence[str], where: tuple[int, int] | None) -> tuple[str, str]:
    if where:
        number, name = (row[n] if n < len(row) else "" for n in where)
        return number, name
    filled = [cell for cell in row if cell]
    number = next((cell for cell in filled if _is_number(cell)), "")
    others = [cell for cell in filled if cell != number and not cell.isdigit()]
    return number, others[0] if others else ""


def _is_number(cell: str) -> bool:
    folded = unicodedata.normalize("NFKC", cell).strip().upper()
    code = normalise_code(cell)
    return bool(NUMBER.match(folded)) or (len(code) == CODE_LENGTH and code.isascii())


def _result(number: str, name: str) -> tuple[str, RegisterEntry | None]:
    if not number:
        return "no_number", None
    if not name:
        return "no_name", None
    answer = look_up(number)
    if answer.elsewhere:
        return "elsewhere", None
    if answer.entry is None or not _is_whole(number, answer) or not bears(answer, name):
        return "no_match", None
    return answer.status if answer.status in MATCHES else "doubtful", answer.entry


def _is_whole(number: str, answer: Answer) -> bool:
    """Whether what was typed is the number or code itself, and not an address that ends in it."""
    assert answer.entry is not None
    folded = unicodedata.normalize("NFKC", number).strip().upper()
    return folded == answer.entry.number or normalise_code(number) == answer.entry.code
