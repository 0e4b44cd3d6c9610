"""The signed report on A4: the same bytes each time, from what was frozen and from nothing else."""

from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.template.loader import render_to_string
from django.utils import timezone, translation

from certificates import fonts
from certificates.drawing import Sheet, draw
from certificates.figures.rules.report import COLUMNS
from certificates.standing.models import MonthlyReport
from certificates.standing.services.reports import content_of, is_proved

CSS = """
@page { size: A4 landscape; margin: 14mm 12mm; @bottom-right {
  content: counter(page) " / " counter(pages); font-size: 8pt; } }
body { font-family: %s; font-size: 9pt; line-height: 1.45; margin: 0; }
h1 { font-size: 15pt; text-align: center; margin: 0 0 2mm; font-weight: 700; }
h2 { font-size: 10pt; margin: 4mm 0 1mm; }
p { margin: 0 0 1mm; }
.head { display: flex; justify-content: space-between; }
table { border-collapse: collapse; width: 100%%; }
th, td { border: 0.2mm solid #555; padding: 0.8mm 1.2mm; text-align: right; }
th { text-align: center; font-weight: 700; background: #eee; }
td.name { text-align: left; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
.small { font-size: 7.5pt; color: #333; overflow-wrap: anywhere; }
.sign { display: flex; justify-content: space-between; margin: 5mm 0 3mm; }
"""


def table_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows for people: names, the columns of month and year, labour and share."""
    return [
        {
            "code": row["township"],
            "name": row["name"],
            "month": [(name, row["month"][name]) for name in COLUMNS],
            "year": [(name, row["year"][name]) for name in COLUMNS],
            "labour": row["labour"],
            "share": row["share"],
        }
        for row in content["rows"]
    ]


def path_of(report: MonthlyReport) -> Path:
    name = f"reports/{report.month:%Y-%m}-{report.number}-{report.digest[:16]}.pdf"
    return Path(storages["private"].path(name))


def pdf_of(report: MonthlyReport) -> bytes:
    """Draws in this process: for the worker. Raises ValueError for a report that is not what it was."""
    if not is_proved(report):
        raise ValueError(f"the report {report} is not what was frozen")
    signature = report.signature
    signed_on = timezone.localdate(signature.signed_at)
    content = content_of(report)
    families = ", ".join(f'"{family}"' for family in fonts.FAMILIES)
    with translation.override("zh-hans"):
        html = render_to_string(
            "figures/report_paper.html",
            {
                "content": content,
                "rows": table_of(content),
                "words": COLUMNS,
                "name": signature.name,
                "signed_on": signed_on,
                "digest": report.digest,
            },
        )
    sheet = Sheet(
        html=html,
        css=CSS % families,
        identifier=report.digest,
        made_on=signed_on,
        attached={"report.json": report.content.encode()},
    )
    return draw(sheet, fonts.folder())


def make(report: MonthlyReport) -> Path:
    """The kept file; drawn when it is not there yet."""
    path = path_of(report)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".new")
        unfinished.write_bytes(pdf_of(report))
        unfinished.replace(path)
    return path
