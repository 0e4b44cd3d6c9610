"""What a paper says and where: claims and a design become a sheet that a worker can draw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from math import ceil
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from certificates import fonts
from certificates.claims import Claims
from certificates.designs.design import (
    BUILT_IN,
    CARD_EXTRAS,
    CLAIMS,
    COLOURS,
    ON_EVERY_CARD,
    SIGNATURES,
    Design,
)
from certificates.drawing import Code, Ruled, Sheet, draw
from certificates.extensions import Paper, certificate_templates
from certificates.fonts import FontsMissing, missing_glyphs
from certificates.seal import Stamp, letters
from certificates.signing import PaperKey
from tenants.plugins import faults
from tenants.qr import qr_inline

__all__ = ["FontsMissing", "Print", "missing_glyphs", "render_pdf"]
TEMPLATES = Path(__file__).parent / "templates" / "certificates"
FAMILIES = ", ".join(f'"{family}"' for family in fonts.FAMILIES)
#: Where the QR code stands on each paper, and what it holds: see docs/decisions/0016.
CODES = {"a4": (231, 141, 40), "a5": (221, 128, 50), "card": (50.5, 14, 34)}
A5 = 210 / 297  # the A4 layout in a smaller size
STAMPS = {"a4": Stamp(196, 99, 42), "a5": Stamp(196, 88, 36)}
#: The table on paper: its left and top edge, its columns, and the height of its rows (mm).
TABLE = (26.05, 104.9, (30.0, 54.0, 30.0, 54.0), 8.8)
EACH = 31  # what a cell holds in one line: a Chinese character counts two


Line = tuple[str, str, str, str]


@dataclass(frozen=True)
class Print:
    """All that the paper of one certificate is made of. `pictures` are those of the design."""

    claims: Claims
    url: str
    photo: bytes | None = None
    design: Design = BUILT_IN
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    attached: Mapping[str, bytes] = field(default_factory=dict)
    signer: PaperKey | None = None


def render_pdf(claims: Claims, url: str, photo: bytes | None = None) -> bytes:
    """The PDF of one certificate by the built-in design, without a signature."""
    return print_pdf(Print(claims, url, photo))


def print_pdf(wanted: Print) -> bytes:
    """The PDF of one certificate. Raises FontsMissing.

    A plugin that is on may give the paper; when it fails, the core's own is drawn.
    """
    if not fonts.is_ready():
        raise FontsMissing(FontsMissing.SAID)
    claims = wanted.claims
    contributions = certificate_templates.on()
    if contributions:
        facts = Paper(claims.as_json(), wanted.url, wanted.photo is not None, qr_inline(wanted.url))
    for contribution in contributions:
        with faults.kept(contribution.plugin, certificate_templates.name) as outcome:
            given = contribution.fn(facts)
            if given is not None:
                outcome.value = draw(_foreign(_whole(given, facts), wanted), fonts.folder())
        if not outcome.failed and outcome.value is not None:
            return bytes(outcome.value)
    return draw(sheet_of(wanted), fonts.folder())


def has_foreign_paper() -> bool:
    """Whether a plugin may give the paper: such papers are made one after the other, in here."""
    return bool(certificate_templates.on())


def _whole(given: object, facts: Paper) -> str:
    """A paper prints every claim and the QR code: what it left out could be forged unseen."""
    if not isinstance(given, str):
        raise TypeError(f"a certificate template gives HTML text or None, not {given!r:.80}")
    text = unescape(given)
    lacking = [key for key, _zh, _en, value in Claims.from_json(dict(facts.claims)).labelled()
               if value and value not in text]  # fmt: skip
    if facts.qr not in given:
        lacking.append("qr")
    if lacking:
        raise ValueError(f"the paper does not print {', '.join(lacking)}")
    return given


def _foreign(html: str, wanted: Print) -> Sheet:
    photo = {"photo": wanted.photo} if wanted.photo else {}
    return Sheet(
        html,
        css="",
        identifier=wanted.claims.code,
        made_on=wanted.claims.issued_on,
        pictures=photo,
        attached=wanted.attached,
        signer=wanted.signer,
    )


def sheet_of(wanted: Print) -> Sheet:
    """The sheet by the design; plain data, so that another process can draw it."""
    claims, design = wanted.claims, wanted.design
    pictures = {name: wanted.pictures[name] for name in design.pictures()}
    if wanted.photo and design.photo:
        pictures["photo"] = wanted.photo
    card = design.paper == "card"
    left, top, side = CODES[design.paper]
    said = _card(claims, design) if card else _paper(claims, design)
    return Sheet(
        html=_page("paper_card.html" if card else "paper.html", wanted, said, "photo" in pictures),
        css=_style("paper_card.css" if card else "paper.css", design.colour),
        identifier=claims.code,
        made_on=claims.issued_on,
        pictures=pictures,
        code=Code(wanted.url, left, top, side, "L" if card else "M"),
        ruled=said.get("ruled"),
        stamp=said.get("stamp"),
        zoom=A5 if design.paper == "a5" else 1.0,
        attached=wanted.attached,
        signer=wanted.signer,
    )


def _page(template: str, wanted: Print, said: Mapping[str, Any], has_photo: bool) -> str:
    claims, design = wanted.claims, wanted.design
    context = {
        "c": claims.as_json(),  # text: the paper does not depend on a language setting
        "d": design,
        "created": f"{claims.issued_on}T00:00:00Z",
        "photo": has_photo,
        "signatures": design.signatures[:SIGNATURES],
        "size": _size(claims, design.paper == "card"),
        **said,
    }
    return str(_engine().get_template(template).render(Context(context, use_l10n=False)))


def _card(claims: Claims, design: Design) -> dict[str, Any]:
    labelled = {line[0]: line for line in claims.labelled()}
    chosen = () if set(design.shown) == set(CLAIMS) else design.shown
    extras = [key for key in chosen if key in labelled and key not in ON_EVERY_CARD]
    extras = extras[:CARD_EXTRAS] + (["replaces"] if claims.replaces else [])
    return {"lines": [labelled[key] for key in (*ON_EVERY_CARD[1:], *extras)]}


def _paper(claims: Claims, design: Design) -> dict[str, Any]:
    """The table and what is not in it. Where every value has room in one line, the table is four
    columns of text over drawn lines; otherwise HTML finds out how high each row must be.
    """
    labelled = {line[0]: line for line in claims.labelled()}
    shown = [labelled[key] for key in design.shown if key in labelled]
    rest = [labelled[key] for key in CLAIMS if key not in design.shown and key in labelled]
    pairs = [shown[at : at + 2] for at in range(0, len(shown), 2)]
    said: dict[str, Any] = {"pairs": pairs, "rest": rest, "table": _table(pairs, rest)}
    if design.seal == "drawn":
        said["stamp"] = STAMPS[design.paper]
        said["seal"] = letters(claims.base_name, STAMPS[design.paper])
    if shown and all(_lines(cell[3]) == 1 for cell in shown):
        left, top, columns, row = TABLE
        blank = ("", "", "", "")
        sides = [shown[0::2], [*shown[1::2], *([blank] if len(shown) % 2 else [])]]
        said["ruled"] = Ruled(left, top, columns, row, len(pairs), (0, 2))
        said["columns"] = [
            ["\n".join(cell[part] for cell in side) for part in (1, 2, 3)] for side in sides
        ]
        said["below"] = f"{top + row * len(pairs) + 1:.1f}"
    return said


def _size(claims: Claims, card: bool) -> str:
    text = len(claims.holder_name) + len(claims.project_name) + len(claims.level)
    if card:
        return "longest" if text > 60 else "long" if text > 22 else ""
    text += len(claims.project_name_en) // 2
    return "longest" if text > 170 else "long" if text > 75 else ""


def _table(pairs: list[list[Line]], rest: list[Line]) -> str:
    rows = [max(_lines(cell[3]) for cell in pair) for pair in pairs]
    small = int(sum(_wide(line[3]) + 14 for line in rest) / 150)
    return "tight" if sum(rows) + max(rows, default=0) + small > 17 else ""


def _lines(text: str) -> int:
    """Lines of a cell at the usual size."""
    return max(1, ceil(_wide(text) / EACH))


def _wide(text: str) -> float:
    return sum(2 if ord(c) > 0x2E7F else 1.35 if c.isupper() else 1 for c in text)


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], autoescape=True)


@cache
def _style(name: str, colour: str) -> str:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("FAMILIES", FAMILIES).replace("COLOUR", COLOURS[colour])
