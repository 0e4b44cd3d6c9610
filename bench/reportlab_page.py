"""The A4 certificate by ReportLab, for comparison: the same words, table, seal, photo and code.

No layout engine: every place is known. Fonts are registered once, as a fair user would do.
"""

import io
from functools import cache
from math import cos, pi, sin
from typing import Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from certificates import fonts
from certificates.claims import Claims
from certificates.drawing import QUIET, modules
from certificates.render import CODES

RED = (0.62, 0.11, 0.12)
HIGH = 210 * mm


@cache
def _fonts() -> None:
    for name, weight in (("S", "Regular"), ("B", "Bold")):
        pdfmetrics.registerFont(TTFont(name, fonts.folder() / f"TrainbaseSerif-{weight}.ttf"))


def page(claims: Claims, link: str, photo: bytes) -> bytes:
    _fonts()
    out = io.BytesIO()
    c = canvas.Canvas(out, pagesize=landscape(A4), pageCompression=1, invariant=1)
    c.setTitle(f"培训合格证书 {claims.number}")
    c.setAuthor(claims.base_name)
    _head(c, claims, photo)
    _table(c, claims)
    _seal(c, claims.base_name)
    _code(c, link)
    c.setFont("S", 6.6)
    c.drawCentredString(
        148 * mm,
        17 * mm,
        "本证书证明完成培训并考核合格，不是国家职业资格证书或职业技能等级证书。请以扫码页面所列内容"
        "逐项核对。 Printed seal graphic; check every line against the page behind the code.",
    )
    c.save()
    return out.getvalue()


def _head(c: Any, claims: Claims, photo: bytes) -> None:
    c.setStrokeColorRGB(*RED)
    c.setLineWidth(1.1 * mm)
    c.rect(9 * mm, 9 * mm, 279 * mm, 192 * mm)
    c.setLineWidth(0.35 * mm)
    c.rect(11.7 * mm, 11.7 * mm, 273.6 * mm, 186.6 * mm)
    c.setFillColorRGB(*RED)
    text = c.beginText(95 * mm, HIGH - 32 * mm)
    text.setFont("B", 33)
    text.setCharSpace(7 * mm)
    text.textOut("培训合格证书")
    text.setCharSpace(0)
    c.drawText(text)
    c.setFillGray(0.2)
    c.setFont("S", 12.5)
    c.drawCentredString(148.5 * mm, HIGH - 40 * mm, "Certificate of Training")
    c.drawImage(ImageReader(io.BytesIO(photo)), 246 * mm, HIGH - 80 * mm, 25 * mm, 35 * mm)
    zh = (
        f"于 {claims.started_on} 至 {claims.ended_on} 参加{claims.project_name}（{claims.level}）"
        f"培训，理论 {claims.theory_hours} 课时、实操 {claims.practice_hours} 课时，考核合格，特发此证。"
    )
    c.setFont("B", 19)
    c.drawString(37 * mm, HIGH - 55 * mm, claims.holder_name)
    c.setFont("S", 15.5)
    for n, line in enumerate(simpleSplit(zh, "S", 15.5, 190 * mm)):
        c.drawString(26 * mm, HIGH - (65 + 9.6 * n) * mm, line)
    en = (
        f"{claims.holder_name} completed the training project {claims.project_name_en}, "
        f"{claims.theory_hours} class hours of theory and {claims.practice_hours} of practice, "
        "and passed the assessment."
    )
    c.setFont("S", 10)
    for n, line in enumerate(simpleSplit(en, "S", 10, 200 * mm)):
        c.drawString(26 * mm, HIGH - (86 + 5 * n) * mm, line)


def _table(c: Any, claims: Claims) -> None:
    c.setLineWidth(0.2 * mm)
    c.setStrokeColorRGB(0.72, 0.69, 0.65)
    for n, (_key, zh, en, value) in enumerate(claims.labelled()):
        x, y = (26 + 84 * (n % 2)) * mm, HIGH - (114 + 8.6 * (n // 2)) * mm
        c.setFillColorRGB(0.98, 0.96, 0.94)
        c.rect(x, y, 30 * mm, 8.6 * mm, fill=1)
        c.rect(x + 30 * mm, y, 54 * mm, 8.6 * mm)
        c.setFillColorRGB(0.36, 0.29, 0.23)
        c.setFont("S", 8.5)
        c.drawString(x + 1.8 * mm, y + 4.4 * mm, zh)
        c.setFont("S", 5.8)
        c.drawString(x + 1.8 * mm, y + 1.6 * mm, en)
        c.setFillGray(0.1)
        c.setFont("S", 9)
        for row, line in enumerate(simpleSplit(value, "S", 9, 50 * mm)):
            c.drawString(x + 31.8 * mm, y + (3 - 3.5 * row) * mm, line)


def _seal(c: Any, name: str) -> None:
    c.saveState()
    c.translate(217 * mm, HIGH - 120 * mm)
    c.setStrokeColorRGB(*RED)
    c.setFillColorRGB(*RED)
    c.setLineWidth(1.1 * mm)
    c.circle(0, 0, 19.7 * mm)
    star = c.beginPath()
    for turn in range(10):
        radius = (6.3 if turn % 2 == 0 else 2.4) * mm
        point = (radius * sin(turn * pi / 5), radius * cos(turn * pi / 5))
        (star.moveTo if turn == 0 else star.lineTo)(*point)
    star.close()
    c.drawPath(star, fill=1, stroke=0)
    c.setFont("B", 9.5)
    c.drawCentredString(0, -12 * mm, "培训专用")
    c.setFont("B", 13)
    for n, character in enumerate(name):
        c.saveState()
        c.rotate(22 * ((len(name) - 1) / 2 - n))
        c.drawCentredString(0, 13.6 * mm, character)
        c.restoreState()
    c.restoreState()


def _code(c: Any, link: str) -> None:
    left, top, side = CODES["a4"]
    rows = modules(link)
    step = side * mm / (len(rows) + 2 * QUIET)
    x0, y0 = left * mm + QUIET * step, HIGH - top * mm - QUIET * step
    c.setFillGray(0)
    path = c.beginPath()
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                path.rect(x0 + start * step, y0 - (y + 1) * step, (x - start) * step, step)
            x += 1
    c.drawPath(path, fill=1, stroke=0)
    c.setFont("S", 7.5)
    c.drawCentredString(251 * mm, HIGH - 184 * mm, "扫码核验 Scan to verify")
