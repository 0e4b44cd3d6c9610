"""The sheet for a village's notice board: the nearest open classes, a QR code each, on A4."""

import hashlib
import io
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import qrcode
from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.utils import translation

from certificates import fonts
from certificates.drawing import Sheet, draw
from courses.openings.models import Given, OpenClass
from courses.openings.spoken import Announced
from courses.roster.places import plain_village
from tenants.current import current_tenant
from tenants.jobs.services import start
from tenants.links import absolute
from tenants.models import Division

NOTICE = "portal.notice"
MOST, SAID = 12, 3  # classes on the sheet, and over the loudspeaker
KEPT = 7 * 86_400  # seconds
CSS = """
@page { size: A4; margin: 14mm 14mm 12mm; @bottom-right {
  content: counter(page) " / " counter(pages); font-size: 9pt; } }
body { font-family: %s; font-size: 12pt; line-height: 1.4; margin: 0; color: #000; }
h1 { font-size: 25pt; text-align: center; margin: 0; font-weight: 700; }
.of { text-align: center; font-size: 13pt; margin: 1mm 0 4mm; }
.one { border: 0.4mm solid #000; border-radius: 2mm; padding: 3mm 4mm; margin: 0 0 3.5mm; break-inside: avoid;
  display: flex; gap: 4mm; }
.text { flex: 1; }
h2 { font-size: 17pt; margin: 0 0 1mm; font-weight: 700; }
p { margin: 0 0 0.6mm; }
.when { font-size: 14pt; font-weight: 700; }
.code { width: 33mm; text-align: center; font-size: 9pt; }
.code img { width: 31mm; height: 31mm; display: block; margin: 0 auto; }
.foot { font-size: 10pt; margin-top: 3mm; border-top: 0.3mm solid #000; padding-top: 2mm; }
.none { font-size: 16pt; text-align: center; margin: 30mm 0; }
"""
DAYS = "一二三四五六日"


def place_of(village: Division) -> str:
    """County, township and village as one says them: the village, not its committee."""
    parent = village.parent
    county = parent.parent if parent else None
    above = "".join(each.name for each in (county, parent) if each)
    return above + plain_village(village.name)


def announced(classes: Sequence[OpenClass]) -> list[Announced]:
    """The first few, as the loudspeaker says them: more than that nobody remembers."""
    return [
        Announced(
            name=one.name,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            where=f"{place_of(one.village)}，{one.place}",
            base=one.tenant.name,
            phone=one.tenant.phone,
            lodging=one.lodging,
            meals=one.meals,
            left=one.left,
            bring=one.bring,
            cost=one.cost,
        )
        for one in classes[:SAID]
    ]


def content_of(village: Division, classes: Sequence[OpenClass], today: date) -> dict[str, Any]:
    """All that the sheet says, in Chinese whoever asks: it hangs in the village."""
    with translation.override("zh-hans"):
        return {
            "village": place_of(village),
            "day": f"{today:%Y年%-m月%-d日}",
            "centre": current_tenant().name,
            "phone": current_tenant().phone,
            "classes": [_said(one) for one in classes],
        }


def _said(one: OpenClass) -> dict[str, Any]:
    given = []
    if one.lodging != Given.NONE:
        given.append(f"住宿{one.get_lodging_display()}")
    if one.meals != Given.NONE:
        given.append(f"伙食{one.get_meals_display()}")
    first, last = one.starts_on, one.ends_on
    return {
        "name": one.name,
        "level": one.level,
        "when": f"{first:%-m月%-d日}（星期{DAYS[first.weekday()]}）至 {last:%-m月%-d日}，"
        f"{one.theory_hours + one.practice_hours} 课时",
        "where": f"{place_of(one.village)} · {one.place}",
        "given": "，".join(given),
        "left": ""
        if one.left is None
        else (f"还有 {one.left} 个名额" if one.left else "已满，可候补"),
        "cost": one.cost,
        "bring": one.bring,
        "base": one.tenant.name,
        "phone": one.tenant.phone,
        "join": absolute(one.tenant, f"/join/class/{one.code}/"),
    }


def digest_of(content: dict[str, Any]) -> str:
    told = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _folder() -> Path:
    return Path(storages["private"].path("notices"))


def path_of(content: dict[str, Any]) -> Path:
    """The same content is the same file; it says the day, so that it is drawn at most once a day."""
    return _folder() / f"{digest_of(content)[:32]}.pdf"


def order(content: dict[str, Any]) -> None:
    """Ask the worker for it; asked twice it is drawn once."""
    start(NOTICE, f"{content['village']} {content['day']}", {"content": content}, None)


def make(content: dict[str, Any]) -> Path:
    """Draws in this process: for the worker. What is older than a week goes."""
    path = path_of(content)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(draw(sheet_of(content), fonts.folder()))
        unfinished.replace(path)
    return path


def sheet_of(content: dict[str, Any], made_on: date | None = None) -> Sheet:
    families = ", ".join(f'"{family}"' for family in fonts.FAMILIES)
    with translation.override("zh-hans"):
        html = render_to_string("portal/notice_paper.html", {"content": content})
    return Sheet(
        html=html,
        css=CSS % families,
        identifier=digest_of(content),
        made_on=made_on or date.today(),
        pictures={f"qr-{n}": _qr(one["join"]) for n, one in enumerate(content["classes"], 1)},
    )


def _qr(text: str) -> bytes:
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=4, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    buffer = io.BytesIO()
    code.make_image().save(buffer, "PNG")
    return buffer.getvalue()


def _sweep(folder: Path) -> None:
    for path in folder.iterdir():
        if path.stat().st_mtime < time.time() - KEPT:
            path.unlink(missing_ok=True)
