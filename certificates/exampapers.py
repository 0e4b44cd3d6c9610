"""Printed examination papers: variants A and B and their key, drawn where all papers are drawn."""

from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from certificates import fonts
from certificates.drawing import Sheet, draw
from courses.assessing.models import Sitting
from courses.assessing.services.printed import (
    JOB,
    KINDS,
    content_of,
    identifier_of,
    path_of,
    pictures_of,
)
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job

CSS = """
@page { size: A4; margin: 16mm 16mm 15mm; @bottom-center {
  content: "第 " counter(page) " 页，共 " counter(pages) " 页"; font-size: 8.5pt; font-family: %(f)s; }
  @top-right { content: "%(tag)s"; font-size: 8.5pt; font-family: %(f)s; } }
body { font-family: %(f)s; font-size: 10.5pt; line-height: 1.5; margin: 0; }
h1 { font-size: 16pt; text-align: center; margin: 0 0 1mm; }
h2 { font-size: 11.5pt; margin: 5mm 0 2mm; break-after: avoid; }
p { margin: 0 0 1.2mm; }
.under { text-align: center; margin-bottom: 3mm; }
.who { border-collapse: collapse; width: 100%%; margin-bottom: 3mm; }
.who td { border: 0.2mm solid #333; padding: 1.8mm 2mm; height: 6mm; }
.who td.t { background: #eee; width: 16mm; text-align: center; }
.q { break-inside: avoid; margin-bottom: 2.6mm; }
.q p { text-indent: -7mm; padding-left: 7mm; }
.q img { display: block; max-width: 80mm; max-height: 55mm; margin: 1mm 0 1mm 7mm; }
.options { padding-left: 7mm; display: flex; flex-wrap: wrap; }
.options div { width: 48%%; padding-right: 2%%; overflow-wrap: anywhere; }
.options.wide div { width: 100%%; }
.key { border-collapse: collapse; width: 100%%; }
.key td, .key th { border: 0.2mm solid #333; padding: 1.1mm; text-align: center; width: 10%%; }
.key .n { background: #eee; font-size: 8.5pt; }
"""
WIDE = 20  # characters of an option from which it has a line of its own


def sheet_of(sitting: Sitting, kind: str) -> Sheet:
    """The paper as it is drawn; an official paper is in Chinese, whoever prints it."""
    content = content_of(sitting, kind)
    for group in content.get("groups", []):
        for line in group["lines"]:
            line_words = [words for _shown, _kept, words in line.options]
            group.setdefault("wide", set())
            if max(map(len, line_words)) > WIDE:
                group["wide"].add(line.number)
    content["keys"] = [
        (variant, [rows[n : n + 10] for n in range(0, len(rows), 10)])
        for variant, rows in content.get("keys", [])
    ]
    families = ", ".join(f"'{family}'" for family in fonts.FAMILIES)
    tag = f"{sitting.training_class.code} {KINDS[kind]}".replace('"', "").replace("\\", "")
    with translation.override("zh-hans"):
        html = render_to_string("certificates/exam_paper.html", content)
    return Sheet(
        html=html,
        css=CSS % {"f": families, "tag": tag},
        identifier=identifier_of(sitting, kind),
        made_on=sitting.held_on,
        pictures=pictures_of(sitting),
    )


def make(sitting: Sitting, kind: str) -> None:
    """Draw and keep one file. Raises FontsMissing."""
    if not fonts.is_ready():
        raise fonts.FontsMissing(fonts.FontsMissing.SAID)
    path = path_of(sitting, kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(draw(sheet_of(sitting, kind), fonts.folder()))
    unfinished.replace(path)


@job(JOB, gettext_lazy("制作试卷"))
def make_papers(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Both variants and the key. Run twice, it makes the same files."""
    sitting = Sitting.objects.select_related("training_class__rule_set").get(
        pk=run.params["sitting"]
    )
    try:
        for done, kind in enumerate(KINDS):
            progress(done, len(KINDS))
            make(sitting, kind)
    except fonts.FontsMissing as error:
        raise ValidationError(str(error)) from error
    progress(len(KINDS), len(KINDS))
    return {"download": reverse("sitting_paper", args=[sitting.pk, "a"])}
