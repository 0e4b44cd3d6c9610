"""A believable demo: three townships with their villages, targets near what the ledger says, letters
of this year at every stage, and last year's assessment with an exception and an appeal.
"""

from collections import Counter
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lms.plugin import Division, User
from trainbase_letters import rules
from trainbase_letters.models import Letter, Unit
from trainbase_letters.services import assessments, letters, standing
from trainbase_letters.services.actuals import actuals

TOWNSHIP, VILLAGE = 9, 12  # digits of a code
LEADERS = ("金永浩", "崔明哲", "朴春子", "李国栋", "王秀兰", "张广才", "赵玉梅", "孙福来", "周海燕",
           "吴德山")  # fmt: skip


def build() -> None:
    """Does nothing where units stand already, or where nobody can sign."""
    by = User.objects.filter(is_active=True).order_by("pk").first()
    if by is None or Unit.objects.exists():
        return
    units = _units()
    if not units:
        return
    year = standing.year_now()
    _letters(units, year - 1, by, sign=True)
    _letters(units, year, by, sign=False)
    _sign(Letter.objects.get(unit=units[0][0], year=year), date(year, 1, 15), by)
    _assess(year - 1, by)


def _units() -> list[list[Unit]]:
    """Three townships that have the most people in the ledger, each with two or three villages."""
    busy: Counter[str] = Counter()
    for year in (standing.year_now() - 1, standing.year_now()):
        for (division, _trade), counts in actuals(year, fresh=True).tally.items():
            busy[division[:TOWNSHIP]] += counts["trained"]
            busy[division[:VILLAGE]] += counts["trained"]
    towns = sorted(
        (d for d in Division.objects.filter(level="township")),
        key=lambda d: (-busy[d.code], d.code),
    )
    names = iter(LEADERS)
    found = []
    for town, size in zip(towns, (3, 2, 2), strict=False):
        top = Unit.objects.create(
            name=f"{town.name}人民政府", kind="township", division=town, leader=next(names)
        )
        below = sorted(town.children.all(), key=lambda d: (-busy[d.code], d.code))[:size]
        found.append(
            [top]
            + [
                Unit.objects.create(
                    name=village.name, kind="village", division=village, parent=top,
                    leader=next(names),
                )
                for village in below
            ]
        )  # fmt: skip
    return found


def _letters(units: list[list[Unit]], year: int, by: User, sign: bool) -> None:
    """A village's target is a little above what it did; a township's is the sum of its villages'."""
    counted = actuals(year, fresh=True)
    scopes = rules.scopes(standing.nodes())
    for place, (top, *below) in enumerate(units):
        each = [_near(counted.of(scopes[unit.pk]), 90 + 15 * place) for unit in below]
        total = {m: sum(targets[m] for targets in each) for m in rules.METRICS}
        if not below:
            total = _near(counted.of(scopes[top.pk]), 100)
        made = [letters.draft(top, year, total, by)]
        made += [
            letters.draft(unit, year, targets, by)
            for unit, targets in zip(below, each, strict=True)
        ]
        if sign:
            for letter in made:
                _sign(letter, date(year, 1, 15), by)


def _near(actual: rules.Counts, share: int) -> rules.Counts:
    targets = {m: (actual[m] * share + 99) // 100 for m in rules.METRICS}
    least = {"trained": 3, "certified": 2, "employed": 1}
    return {m: max(targets[m], least.get(m, 0)) for m in rules.METRICS}


def _sign(letter: Letter, on: date, by: User) -> None:
    today = timezone.localdate()
    scan = SimpleUploadedFile(f"{letter.unit.name}-{letter.year}.pdf", _page())
    letters.sign(letter, scan, min(on, today), standing.paper_code(letter), by)


def _assess(year: int, by: User) -> None:
    """One confirmed, one an exception, one appealed and answered, the rest as proposed."""
    assessments.propose_all(year, by)
    last = standing.assessments(standing.signed(year).values())
    missed = sorted((a for a in last.values() if a.missed), key=lambda a: a.pk)
    today: Any = timezone.localdate()
    for found, (kind, reason) in zip(
        missed,
        (
            ("confirmed", "未完成目标，且没有说明客观原因"),
            ("exception", "七月洪灾，村民转移安置两个月，无法办班"),
            ("confirmed", "取得证书人数未达到目标"),
        ),
        strict=False,
    ):
        decision = assessments.decide(found, kind, reason, by)
    if len(missed) >= 3:
        said = assessments.appeal(
            decision, missed[2].letter.leader, today, "两个班次改在年后结业，请按实际开班计算。", by
        )
        assessments.answer(said, "rejected", "台账以结业日为准，改期未事先报告。", by)


def _page() -> bytes:
    """An empty A4 page that says what it is, as PDF."""
    text = b"BT /F1 18 Tf 72 760 Td (Demo: signed scan of a responsibility letter) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    return out + b"startxref\n%d\n%%%%EOF\n" % start
