"""Charts as SVG: drawn by the server, printable, without a script. The table beside has the same numbers."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

INK, SOFT, WASH = "#1d2329", "#565f69", "#e4e8ec"
#: One after the other, told apart by lightness too: for a printer without colour.
SERIES = ("#14508c", "#c9772b", "#1d6b3c", "#77818b")
Bar = tuple[str, int | None]


def _svg(name: str, title: str, text: str, width: int, height: int, body: SafeString) -> SafeString:
    """A picture with a name and its whole content in words, for whoever does not see it."""
    return format_html(
        '<svg class="figure" role="img" viewBox="0 0 {} {}" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>',
        *(width, height, name, name, name, title, name, text, body),
    )


def _said(value: int | None) -> str:
    return _("不显示") if value is None else str(value)


def bars(name: str, title: str, items: Sequence[Bar]) -> SafeString:
    """A bar a line, the label above it, the number at its end: to be read on a phone too."""
    top = max((value or 0 for _label, value in items), default=0) or 1
    text = "; ".join(f"{label} {_said(value)}" for label, value in items)
    parts = []
    for place, (label, value) in enumerate(items):
        y = 42 * place
        parts.append(
            (0, y + 15, SOFT, label, y + 21, WASH, y + 21,
             round(290 * (value or 0) / top, 1), SERIES[0], y + 33, INK, _said(value))
        )  # fmt: skip
    body = format_html_join(
        "",
        '<text x="{}" y="{}" font-size="15" fill="{}">{}</text>'
        '<rect x="0" y="{}" width="290" height="14" fill="{}"/>'
        '<rect x="0" y="{}" width="{}" height="14" fill="{}"/>'
        '<text x="296" y="{}" font-size="15" font-weight="700" fill="{}">{}</text>',
        parts,
    )
    return _svg(name, title, text, 360, 42 * len(items) + 4, body)


def columns(
    name: str, title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int | None]]]
) -> SafeString:
    """Groups of columns, one group a label: years, or months (`2026-03`) with the years below."""
    top = max((v or 0 for _n, values in series for v in values), default=0) or 1
    wide = 340 / max(len(labels), 1)
    thick = max(2.0, round(wide * 0.8 / max(len(series), 1), 2))
    body = [format_html('<line x1="10" y1="130" x2="350" y2="130" stroke="{}"/>', SOFT)]
    told = []
    for n, label in enumerate(labels):
        left = 10 + n * wide
        body.append(
            format_html(
                '<text x="{}" y="144" font-size="13" text-anchor="middle" fill="{}">{}</text>',
                *(round(left + wide / 2, 1), SOFT, label[-2:] if "-" in label else label),
            )
        )
        crowded = label.endswith("-12")  # the next year's number stands in the way
        if "-" in label and (label.endswith("-01") or (n == 0 and not crowded)):
            body.append(
                format_html(
                    '<text x="{}" y="157" font-size="13" fill="{}">{}</text>',
                    *(round(left, 1), SOFT, label[:4]),
                )
            )
        for m, (legend, values) in enumerate(series):
            high = round(110 * (values[n] or 0) / top, 1)
            x = round(left + wide * 0.1 + m * thick, 1)
            told.append(f"{label} {legend} {_said(values[n])}")
            body.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>',
                    *(x, round(130 - high, 1), round(thick * 0.9, 2), high, SERIES[m]),
                )
            )
    for m, (legend, _values) in enumerate(series):
        body.append(
            format_html(
                '<rect x="{}" y="164" width="10" height="10" fill="{}"/>'
                '<text x="{}" y="174" font-size="13" fill="{}">{}</text>',
                *(10 + m * 116, SERIES[m], 24 + m * 116, INK, legend),
            )
        )
    body.append(
        format_html(
            '<text x="10" y="13" font-size="13" fill="{}">{} {}</text>', SOFT, _("最高"), top
        )
    )
    return _svg(name, title, "; ".join(told), 360, 180, mark_safe("".join(body)))
