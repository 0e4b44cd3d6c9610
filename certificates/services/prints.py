"""What a class takes to the printer: a ZIP of its papers, or sheets that are ready to be cut.

Made by a job and kept: the name of a file says which papers are in it, so that a newer paper is
never missing from what is handed out. Sheets are put together from the kept papers: none is drawn
again. A paper on a sheet has no signature: that is in the file of its own.
"""

import hashlib
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from django.core.files.storage import storages

from certificates.models import Certificate
from certificates.services.imposition import impose
from certificates.services.papers import kept_file
from courses.models import TrainingClass

KINDS = {"zip": ".zip", "sheets": ".pdf"}


def of_class(training_class: TrainingClass) -> list[Certificate]:
    """The valid certificates, in the order of their numbers."""
    return list(
        Certificate.objects.filter(
            enrolment__training_class=training_class, status=Certificate.Status.VALID
        ).order_by("serial")
    )


def file_of(training_class: TrainingClass, papers: Sequence[Certificate], kind: str) -> Path | None:
    """Where the file of these papers lies when it is made; None while a paper is missing."""
    if not papers or not all(each.pdf_sha256 for each in papers):
        return None
    text = "".join(each.pdf_sha256 for each in papers)
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    folder = Path(storages["private"].path(f"certificates/prints/{training_class.pk}"))
    return folder / f"{digest}{KINDS[kind]}"


def make(training_class: TrainingClass, papers: Sequence[Certificate], kind: str) -> Path:
    """Write the file unless it is there. Raises PaperDamaged, and ValueError for no papers."""
    target = file_of(training_class, papers, kind)
    if target is None:
        raise ValueError("there are no papers, or not all of them are made")
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        unfinished = Path(folder) / target.name
        if kind == "zip":
            _write_zip(papers, unfinished)
        else:
            impose([kept_file(each) for each in papers], unfinished)
        for older in target.parent.glob(f"*{KINDS[kind]}"):
            older.unlink(missing_ok=True)
        unfinished.replace(target)
    return target


def _write_zip(papers: Sequence[Certificate], target: Path) -> None:
    """Named by number and holder; one paper in memory at a time."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for each in papers:
            entry = zipfile.ZipInfo(f"{each.number}-{_safe(each.holder_name)}.pdf")
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, kept_file(each).read_bytes())


def _safe(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "·-") or "-"
