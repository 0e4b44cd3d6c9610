"""Long work of this app."""

from typing import Any

from django.utils.translation import gettext_lazy

from certificates.models import Certificate
from certificates.services.issue import issue_class
from certificates.services.papers import paper
from courses.models import TrainingClass
from tenants.jobs.models import JobRun
from tenants.jobs.services import Progress, job

ISSUE = "certificates.issue"


@job(ISSUE, gettext_lazy("签发证书"))
def issue(run: JobRun, progress: Progress) -> dict[str, Any]:
    """Issue a class, then make every paper. Half of the bar is each. Safe to run twice."""
    training_class = TrainingClass.objects.get(pk=run.params["class"])
    done = issue_class(training_class, run.started_by, lambda n, of: progress(n, 2 * of))
    written = list(
        Certificate.objects.filter(
            enrolment__training_class=training_class, status=Certificate.Status.VALID
        ).order_by("serial")
    )
    for count, certificate in enumerate(written):
        progress(len(written) + count, 2 * len(written))
        paper(certificate)
    progress(2 * len(written), 2 * len(written))
    return {"issued": len(done.certificates), "refused": len(done.refused), "valid": len(written)}
