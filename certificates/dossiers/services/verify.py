"""Check a dossier that somebody hands in: what it says against what is registered."""

import hashlib
import io
import json
from dataclasses import dataclass, field
from typing import Any

from certificates.dossiers import rules, workbook
from certificates.dossiers.paper import ATTACHED
from certificates.dossiers.shared.models import RegisteredDossier
from courses.roster.files import refuse_bombs
from courses.roster.read import damage_told

LARGEST = 20 * 1024 * 1024  # bytes
MOST_SHOWN = 20  # differences


@dataclass(frozen=True)
class Checked:
    """`ok` is said of the whole file: it is what the base has registered, and was not changed since.

    `findings` are (good, Chinese, English); `registered` is the row, when there is one.
    """

    ok: bool
    digest: str
    registered: RegisteredDossier | None
    findings: list[tuple[bool, str, str]] = field(default_factory=list)


def verify(content: bytes) -> Checked:
    """Read a workbook or PDF. Never raises for what a file holds: what cannot be read is not good."""
    if not content or len(content) > LARGEST:
        return _refused("文件是空的，或超过 20 MB", "the file is empty, or larger than 20 MB")
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"PK"):
        return _xlsx(content)
    return _refused("不是 Excel 或 PDF 文件", "no Excel workbook and no PDF")


def by_digest(digest: str) -> RegisteredDossier | None:
    found = RegisteredDossier.objects.filter(digest=digest.strip().lower())
    return found.select_related("tenant").first()


def _refused(zh: str, en: str) -> Checked:
    return Checked(False, "", None, [(False, zh, en)])


def _pdf(content: bytes) -> Checked:
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            body = pdf.attachments[ATTACHED].get_file().read_bytes().decode()
    except Exception:  # noqa: BLE001  (a damaged file makes the reader raise almost anything)
        return _refused("PDF 里没有档案数据", "the PDF holds no data of a dossier")
    found = _judge(body)
    row = found.registered
    if row is None:
        return found
    same = hashlib.sha256(content).hexdigest() == row.pdf_sha256
    return _with(
        found,
        same,
        "文件与制作时逐字节一致"
        if same
        else "文件在制作后被改动过：页面内容不可采信，请向基地索取原件",
        "byte for byte the file that was made"
        if same
        else "the file was changed after it was made: do not believe its pages, ask the base for it",
    )


def _xlsx(content: bytes) -> Checked:
    from openpyxl import load_workbook

    try:
        with damage_told():
            refuse_bombs(content)
            book = load_workbook(io.BytesIO(content), keep_links=False)
            body = workbook.read_snapshot(book)
    except ValueError:
        return _refused("工作簿已损坏，打不开", "the workbook is damaged and does not open")
    found = _judge(body)
    row = found.registered
    if row is None:
        return found
    if hashlib.sha256(content).hexdigest() == row.xlsx_sha256:
        same = ("文件与制作时逐字节一致", "byte for byte the file that was made")
        return _with(found, True, *same)
    return _cells(found, book, json.loads(body))


def _cells(found: Checked, book: Any, snapshot: rules.Facts) -> Checked:
    """A workbook that was saved again is good when every cell still says what was frozen."""
    wrong = []
    wanted = workbook.expected(snapshot)
    for title, rows in wanted.items():
        if title not in book.sheetnames:
            wrong.append((f"缺少工作表“{title}”", f"the sheet {title} is missing"))
            continue
        if book[title].sheet_state != "visible":
            wrong.append((f"工作表“{title}”被隐藏", f"the sheet {title} is hidden"))
        wrong += _differing(title, workbook.shown(book, title), rows)
    for zh, en in wrong[:MOST_SHOWN]:
        found = _with(found, False, zh, en)
    if not wrong:
        found = _with(
            found,
            True,
            "文件另存过，各单元格与登记内容一致",
            "it was saved again; every cell still says what is registered",
        )
    for title in book.sheetnames:
        if title not in wanted and title != workbook.SNAPSHOT:
            zh = f"工作表“{title}”不属于档案，未作核对"
            found = _with(
                found, True, zh, f"the sheet {title} is no part of the dossier: not checked"
            )
    return found


def _differing(
    title: str, shown: list[list[str]], wanted: list[list[str]]
) -> list[tuple[str, str]]:
    found = []
    for n in range(max(len(shown), len(wanted))):
        one = shown[n] if n < len(shown) else []
        other = wanted[n] if n < len(wanted) else []
        if one != other:
            line = n + workbook.ABOVE
            says = "，".join(one) or "—"
            found.append(
                (
                    f"“{title}”第 {line} 行与登记不符：现为“{says}”，应为“{'，'.join(other) or '—'}”",
                    f"{title}, row {line}, is not as registered: {says}",
                )
            )
    return found


def _judge(body: str) -> Checked:
    """The snapshot inside a file: whether it is one, and whether its digest is registered."""
    try:
        snapshot = json.loads(body)
    except ValueError:
        return _refused("文件里没有档案数据", "the file holds no data of a dossier")
    if not rules.is_dossier(snapshot):
        return _refused("文件里没有档案数据", "the file holds no data of a dossier")
    digest = rules.digest_of(body)
    row = by_digest(digest)
    if row is None:
        zh, en = (
            "没有登记这个摘要：档案数据被改动过，或不是基地制作的",
            ("this digest is not registered: the data were changed, or no base has made them"),
        )
        return Checked(False, digest, None, [(False, zh, en)])
    newest = RegisteredDossier.objects.filter(
        tenant_id=row.tenant_id, class_code=row.class_code
    ).order_by("-number")[0]
    found = Checked(True, digest, row, [(True, "摘要已登记", "the digest is registered")])
    if newest.number > row.number:
        zh = f"这是第 {row.number} 版，该班最新为第 {newest.number} 版（{newest.made_at:%Y-%m-%d}）"
        found.findings.append(
            (True, zh, f"this is version {row.number}; the newest is {newest.number}")
        )
    return found


def _with(found: Checked, good: bool, zh: str, en: str) -> Checked:
    findings = [*found.findings, (good, zh, en)]
    return Checked(found.ok and good, found.digest, found.registered, findings)
