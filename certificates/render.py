"""The paper: A4 landscape by WeasyPrint, with everything in it that the verify page shows."""

import io
import subprocess
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from django.template import Context, Engine

from certificates.claims import Claims
from certificates.extensions import Paper, certificate_templates
from certificates.seal import seal_svg
from tenants.plugins import faults
from tenants.qr import qr_inline

TEMPLATES = Path(__file__).parent / "templates" / "certificates"
FAMILIES = ("Noto Serif CJK SC", "Noto Sans CJK SC")
#: Every claim, two a line: the paper prints what the verify page shows.
IN_TABLE = (
    ("number", "issued_on"),
    ("code", "class_code"),
    ("holder_name", "level"),
    ("project_name", "project_name_en"),
    ("theory_hours", "practice_hours"),
    ("started_on", "ended_on"),
    ("theory_score", "practice_score"),
    ("base_name", "base_uscc"),
    ("centre_name", "rule_document"),
)


class FontsMissing(RuntimeError):
    """The fonts of the paper are not installed: no certificate is made with empty boxes."""


def render_pdf(claims: Claims, url: str, photo: bytes | None = None) -> bytes:
    """The PDF of one certificate. `url` goes into the QR code; `photo` is a JPEG or PNG.

    A plugin that is on may give the paper; when it fails, the core's own is drawn.
    WeasyPrint takes 2 to 3 s to import, so it is imported here, in the worker.
    """
    if not _coverage():
        raise FontsMissing("请安装字体 fonts-noto-cjk / install the package fonts-noto-cjk")
    facts = Paper(claims.as_json(), url, photo is not None, qr_inline(url))
    for contribution in certificate_templates.on():
        with faults.kept(contribution.plugin, certificate_templates.name) as outcome:
            given = contribution.fn(facts)
            if given is not None:
                outcome.value = _drawn(_whole(given, facts), claims, photo)
        if not outcome.failed and outcome.value is not None:
            return bytes(outcome.value)
    return _drawn(_html(claims, url, photo is not None), claims, photo)


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


def _drawn(text: str, claims: Claims, photo: bytes | None) -> bytes:
    from weasyprint import HTML

    out = io.BytesIO()
    HTML(string=text, url_fetcher=_fetcher(photo)).write_pdf(
        out,
        font_config=_fonts(),
        pdf_identifier=claims.code.encode(),
        optimize_images=True,
        jpeg_quality=80,
        dpi=200,
    )
    return out.getvalue()


def _html(claims: Claims, url: str, has_photo: bool) -> str:
    labelled = {key: (key, zh, en, value) for key, zh, en, value in claims.labelled()}
    text = len(claims.holder_name) + len(claims.project_name) + len(claims.level)
    text += len(claims.project_name_en) // 2
    lines = max(_lines(labelled[left][3], labelled[right][3]) for left, right in IN_TABLE)
    lines += sum(_lines(labelled[left][3], labelled[right][3]) for left, right in IN_TABLE)
    context = {
        "c": claims.as_json(),  # text: the paper does not depend on a language setting
        "created": f"{claims.issued_on}T00:00:00Z",
        "css": (TEMPLATES / "paper.css").read_text(encoding="utf-8"),
        "pairs": [[labelled[key] for key in pair] for pair in IN_TABLE],
        "qr": qr_inline(url),
        "seal": seal_svg(claims.base_name),
        "photo": has_photo,
        "size": "longest" if text > 170 else "long" if text > 75 else "",
        "table": "tight" if lines > 18 else "",
    }
    engine = Engine(dirs=[str(TEMPLATES)], autoescape=True)
    return str(
        engine.get_template("paper.html").render(Context(context, use_l10n=False, use_tz=False))
    )


def _lines(left: str, right: str) -> int:
    """Lines of a table row at the usual size: a cell holds about 15 Chinese characters in one."""
    return max(-(-sum(2 if ord(c) > 0x2E7F else 1 for c in text) // 30) for text in (left, right))


@cache
def _fonts() -> Any:
    """One configuration a process: a new one for each paper costs time and leaks memory."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


def _fetcher(photo: bytes | None) -> Any:
    """Serves the photo, and nothing else from anywhere (CVE-2025-68616 and later)."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url == "paper:photo" and photo is not None:
                return URLFetcherResponse(url, photo)
            raise FatalURLFetchingError(f"a certificate loads nothing from {url[:60]}")

    return OwnFilesOnly(allowed_protocols=[])


@cache
def _coverage() -> frozenset[int]:
    """Code points that the paper's fonts have; empty when they are not installed."""
    from fontTools.ttLib import TTCollection, TTFont

    found: set[int] = set()
    for family in FAMILIES:
        answer = subprocess.run(
            ["fc-match", "-f", "%{family}\n%{file}", family],
            capture_output=True,
            text=True,
            check=False,
        )
        names, _, file = answer.stdout.partition("\n")
        if family not in names:
            continue
        if file.endswith(".ttc"):
            fonts = TTCollection(file, lazy=True).fonts
            found |= next(
                (set(f.getBestCmap()) for f in fonts if f["name"].getDebugName(1) == family), set()
            )
        else:
            found |= set(TTFont(file, lazy=True).getBestCmap())
    return frozenset(found)


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that the paper cannot print."""
    return [c for c in dict.fromkeys(text) if not c.isspace() and ord(c) not in _coverage()]
