"""Long work of this app."""

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy

from certificates.models import Certificate
from certificates.render import FontsMissing
from certificates.services import prints
from certificates.services.evidence import Case, cases_of
from certificates.services.issue import issue_class
from certificates.services.papers import PaperDamaged, make_papers
from courses.models import TrainingClass
from tenants.jobs.models import JobLine, JobRun
from tenants.jobs.services import Cancelled, Progress, job, remember, write_lines

ISSUE, PRINT, PAPER = "certificates.issue", "certificates.print", "certificates.paper"
MAY_CANCEL = "certificates.issue_certificate"
log = logging.getLogger("trainbase.papers")
_Done = JobLine.Outcome


@job(ISSUE, gettext_lazy("签发证书"), cancel=MAY_CANCEL, sliced=True)
def issue(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Issue a class, then make every paper and the ZIP. Half of the bar is each.

    Safe to run twice, and to be killed anywhere: whoever has a certificate is passed over, a paper
    that is kept is not made again. `after` tells what this run has issued from what was there.
    """
    training_class = TrainingClass.objects.get(pk=run.params["class"])
    if "after" not in run.result:
        last = Certificate.objects.aggregate(last=Max("pk"))["last"]
        remember(run, after=last or 0)
    try:
        _issue(training_class, run, progress)
        _make_papers(training_class, run, progress)
    except Cancelled as stopped:
        stopped.result = _account(training_class, run)
        raise
    result = _account(training_class, run)
    if not result["failed"]:
        result |= _download(training_class, "zip", "class_papers")
    return result


def _issue(training_class: TrainingClass, run: JobRun, progress: Progress) -> None:
    before = _issued_by(training_class, run).count()
    issue_class(
        training_class,
        run.started_by,
        lambda done, of: progress(before + done, 2 * (before + of)),
    )


def _make_papers(training_class: TrainingClass, run: JobRun, progress: Progress) -> None:
    papers = prints.of_class(training_class)
    missing = sum(1 for each in papers if not each.pdf_sha256)
    failed: dict[str, list[dict[str, str]]] = run.result.get("failed", {})
    try:
        for count, (certificate, error) in enumerate(make_papers(papers)):
            if error is None:
                failed.pop(str(certificate.pk), None)
            else:
                log.error("%s: the paper failed: %r", certificate.number, error)
                failed[str(certificate.pk)] = [_said(error)]
                remember(run, failed=failed)
            progress(2 * len(papers) - missing + count, 2 * len(papers))
    except FontsMissing as error:
        raise ValidationError(str(error)) from error
    progress(2 * len(papers), 2 * len(papers))


def _said(error: Exception) -> dict[str, str]:
    if isinstance(error, PaperDamaged):
        return PaperDamaged.SAID
    name = type(error).__name__
    return {
        "zh": f"证书已签发，但 PDF 没有做成（{name}）；请再次运行，仍不行请联系运维",
        "en": f"issued, but the PDF could not be made ({name}); run it again, then call an operator",
    }


def _issued_by(training_class: TrainingClass, run: JobRun) -> Any:
    return Certificate.objects.filter(
        enrolment__training_class=training_class, pk__gt=run.result["after"]
    )


def _account(training_class: TrainingClass, run: JobRun) -> dict[str, Any]:
    """The figures of the run, and a line for each person behind them."""
    new = set(_issued_by(training_class, run).values_list("number", flat=True))
    valid = {each.number: each for each in prints.of_class(training_class)}
    cases = cases_of(training_class)
    failed = run.result.get("failed", {})
    write_lines(run, _lines(cases, new, valid, failed))
    refused = sum(1 for c in cases if c.refusals and not c.certificate_number)
    return {
        "issued": len(new & valid.keys()),
        "refused": refused,
        "failed": len(failed),
        "valid": len(valid),
        "after": run.result["after"],
    }


def _lines(
    cases: list[Case],
    new: set[str],
    valid: dict[str, Certificate],
    failed: dict[str, list[dict[str, str]]],
) -> Iterator[JobLine]:
    for case in cases:
        number = case.certificate_number
        line = JobLine(subject=case.enrolment.trainee.name, reference=number, outcome=_Done.DONE)
        if number:
            line.link = reverse("certificate", args=[number])
            faults = failed.get(str(valid[number].pk)) if number in valid else None
            if faults:
                line.outcome, line.said = _Done.FAILED, faults
            elif number not in new:
                line.said = [{"zh": "此前已发证", "en": "issued before"}]
        elif case.refusals:
            line.outcome = _Done.REFUSED
            line.said = [verdict.as_json() for verdict in case.refusals]
        else:
            line.outcome = _Done.LEFT
            line.said = [
                {
                    "zh": "符合条件，任务取消时还没有轮到；再次签发即可",
                    "en": "eligible, and not reached before the job was cancelled: issue again",
                }
            ]
        yield line


def _download(training_class: TrainingClass, kind: str, view: str) -> dict[str, str]:
    """Make the file of the whole class where every paper is there, and say where it is."""
    papers = prints.of_class(training_class)
    if prints.file_of(training_class, papers, kind) is None:
        return {}
    prints.make(training_class, papers, kind)
    return {"download": reverse(view, args=[training_class.code])}


@job(PRINT, gettext_lazy("准备打印"), cancel=MAY_CANCEL, sliced=True)
def prepare_print(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Make what is missing of a class's papers, then the ZIP or the sheets."""
    training_class = TrainingClass.objects.get(pk=run.params["class"])
    kind = run.params["kind"]
    papers = prints.of_class(training_class)
    for count, (certificate, error) in enumerate(make_papers(papers)):
        if error is not None:
            said = _said(error)
            raise ValidationError(
                f"{certificate.number}：{said['zh']} / {certificate.number}: {said['en']}"
            )
        progress(count, len(papers) + 1)
    view = "class_papers" if kind == "zip" else "class_sheets"
    result = _download(training_class, kind, view)
    progress(len(papers) + 1, len(papers) + 1)
    return result


@job(PAPER, gettext_lazy("制作证书"))
def make_paper(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Make the paper of one certificate again: its file was not there."""
    certificate = Certificate.objects.get(pk=run.params["certificate"])
    for _certificate, error in make_papers([certificate]):
        if error is not None:
            said = _said(error)
            raise ValidationError(f"{said['zh']} / {said['en']}")
    progress(1, 1)
    return {"download": reverse("certificate_paper", args=[certificate.number])}
