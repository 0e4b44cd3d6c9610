"""From HTML to the bytes of a PDF, in a worker process: no database, no tenant, no network.

What it needs comes in a `Sheet`, so that a second process can draw beside the first. WeasyPrint
takes two seconds to import and is imported at the first sheet; the web process never draws.
"""

import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from certificates import fonts, signing
from certificates.seal import Stamp, ring_and_star

MM = 72 / 25.4  # points
QUIET = 4  # modules of white around a QR code (ISO 18004)
#: Of 9: level 9 costs four times as much for one percent.
COMPRESSION = 5
ATTACHED = {
    "certificate.json": "What the certificate says, and its token, for machines",
    "credential.json": "The certificate as an Open Badges 3.0 credential",
    "report.json": "What the report says, with its definitions, for machines",
    "dossier.json": "The snapshot that this paper is made of",
}


class ForeignFile(ValueError):
    """A paper asked for a file that is not its own: it is not drawn."""


@dataclass(frozen=True)
class Code:
    """A QR code and where it stands: millimetres from the left and top edge, with its quiet zone.

    Drawn as rectangles in the page itself: as SVG it took a third of the time of a paper.
    """

    text: str
    left: float
    top: float
    side: float
    level: str = "M"


@dataclass(frozen=True)
class Ruled:
    """The lines of a table, drawn as the code is: millimetres from the left and top edge.

    `shaded` are the places of columns with a tint. As an HTML table it took half of the time.
    """

    left: float
    top: float
    columns: tuple[float, ...]
    row: float
    rows: int
    shaded: tuple[int, ...]


@dataclass(frozen=True)
class Sheet:
    """One paper. `pictures` are what `paper:<name>` stands for in the HTML; nothing else is loaded.

    `zoom` makes a smaller sheet of the same layout. `attached` are the files that lie in the PDF.
    """

    html: str
    css: str
    identifier: str
    made_on: date
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    code: Code | None = None
    ruled: Ruled | None = None
    stamp: Stamp | None = None
    zoom: float = 1.0
    attached: Mapping[str, bytes] = field(default_factory=dict)
    signer: signing.PaperKey | None = None


def draw(sheet: Sheet, made: Path) -> bytes:
    """The PDF: PDF/A-3u as WeasyPrint writes it, with its attachments, signed when there is a key.

    `made` is the folder of the fonts. The same sheet gives the same bytes. Raises ForeignFile.
    """
    fonts.use(made)
    from weasyprint import HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError

    moment = datetime(sheet.made_on.year, sheet.made_on.month, sheet.made_on.day)
    attachments = [
        Attachment(
            file_obj=io.BytesIO(content),
            name=name,
            description=ATTACHED.get(name, name),
            created=moment,
            modified=moment,
            relationship="Source",
        )
        for name, content in sheet.attached.items()
    ]

    def finish(document: Any, pdf: Any) -> None:
        _draw_below(pdf, sheet)
        if sheet.signer is not None:
            signing.make_room(pdf, sheet.signer, sheet.made_on)
        for thing in pdf.objects:
            _compress(thing)

    out = io.BytesIO()
    try:
        HTML(string=sheet.html, url_fetcher=_fetcher(sheet.pictures)).write_pdf(
            out,
            stylesheets=[_css(sheet.css)] if sheet.css else None,
            font_config=_font_configuration(),
            pdf_identifier=sheet.identifier.encode(),
            pdf_variant="pdf/a-3u",
            attachments=attachments,
            zoom=sheet.zoom,
            finisher=finish,
        )
    except FatalURLFetchingError as error:  # no Exception of Python: nothing else would catch it
        raise ForeignFile(str(error)) from error
    content = out.getvalue()
    return signing.sign(content, sheet.signer) if sheet.signer is not None else content


@cache
def _font_configuration() -> Any:
    """One configuration a process: a new one for each paper costs time and leaks memory."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@lru_cache(maxsize=32)
def _css(text: str) -> Any:
    from weasyprint import CSS

    return CSS(string=text, font_config=_font_configuration(), url_fetcher=_fetcher({}))


def _fetcher(pictures: Mapping[str, bytes]) -> Any:
    """Serves the pictures of this paper, and nothing else from anywhere (CVE-2025-68616 and later)."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class OwnFilesOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            kind, _colon, name = url.partition(":")
            if kind == "paper" and name in pictures:
                return URLFetcherResponse(url, pictures[name])
            raise FatalURLFetchingError(f"a certificate loads nothing from {url[:60]}")

    return OwnFilesOnly(allowed_protocols=[])


def modules(text: str, level: str = "M") -> list[list[bool]]:
    """The modules of the QR code, without the quiet zone.

    One mask always: to try all eight takes five times as long, and every reader takes any mask.
    """
    import qrcode

    levels = {"L": qrcode.ERROR_CORRECT_L, "M": qrcode.ERROR_CORRECT_M}
    code = qrcode.QRCode(error_correction=levels[level], border=0, mask_pattern=2)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.modules]


def _draw_below(pdf: Any, sheet: Sheet) -> None:
    """What is drawn before the text: in millimetres from the upper left corner."""
    import pydyf

    drawn = [*_lines_of(sheet.ruled), *ring_and_star(sheet.stamp), *_modules_of(sheet.code)]
    if not drawn:
        return
    [page] = [o for o in pdf.objects if isinstance(o, dict) and o.get("Type") == "/Page"]
    step, height = sheet.zoom * MM, page["MediaBox"][3]
    whole = ["q", f"{step:.6f} 0 0 {-step:.6f} 0 {height:.4f} cm", *drawn, "Q"]
    stream = pydyf.Stream(["\n".join(whole).encode()], compress=True)
    pdf.add_object(stream)
    page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])


def _modules_of(code: Code | None) -> Iterator[str]:
    if code is None:
        return
    rows = modules(code.text, code.level)
    step = code.side / (len(rows) + 2 * QUIET)
    left, top = code.left + QUIET * step, code.top + QUIET * step
    yield f"q 0 g {step:.5f} 0 0 {step:.5f} {left:.4f} {top:.4f} cm"
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                yield f"{start} {y} {x - start} 1 re"
            x += 1
    yield "f Q"


def _lines_of(ruled: Ruled | None) -> Iterator[str]:
    if ruled is None:
        return
    edges = [ruled.left]
    for width in ruled.columns:
        edges.append(edges[-1] + width)
    high = ruled.row * ruled.rows
    yield "0.98 0.965 0.937 rg"
    for place in ruled.shaded:
        yield f"{edges[place]:.3f} {ruled.top:.3f} {ruled.columns[place]:.3f} {high:.3f} re f"
    yield "0.725 0.694 0.647 RG 0.2 w"
    for edge in edges:
        yield f"{edge:.3f} {ruled.top:.3f} m {edge:.3f} {ruled.top + high:.3f} l"
    for row in range(ruled.rows + 1):
        y = ruled.top + row * ruled.row
        yield f"{edges[0]:.3f} {y:.3f} m {edges[-1]:.3f} {y:.3f} l"
    yield "S"


def _compress(thing: Any) -> None:
    """Once, and at a level that is worth its time: the writer would do it twice at level 9."""
    import pydyf

    if isinstance(thing, pydyf.Stream) and thing.compress:
        plain = b"\n".join(pydyf._to_bytes(item) for item in thing.stream)
        thing.stream, thing.compress = [_deflated(plain)], False
        thing.extra["Filter"] = "/FlateDecode"


def _deflated(plain: bytes) -> bytes:
    # The colour profile is the same in every paper.
    return _kept(plain) if plain[36:40] == b"acsp" else zlib.compress(plain, COMPRESSION)


@lru_cache(maxsize=4)
def _kept(plain: bytes) -> bytes:
    return zlib.compress(plain, 9)
