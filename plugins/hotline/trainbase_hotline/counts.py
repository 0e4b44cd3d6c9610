"""What the dashboard counts: complaints, not stamps."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from trainbase_hotline import clock
from trainbase_hotline.models import Complaint


@dataclass(frozen=True)
class OpenCounts:
    open: int
    soon: int
    overdue: int


def open_counts() -> OpenCounts:
    """Open complaints; those with a stamp due within 4 hours; those with one overdue."""
    now = clock.now()
    waiting = Complaint.objects.exclude(state=Complaint.State.CLOSED)

    def due(**span: object) -> Q:
        answer = {f"answer_due_at__{k}": v for k, v in span.items()}
        opinion = {f"opinion_due_at__{k}": v for k, v in span.items()}
        return Q(answered_at__isnull=True, **answer) | Q(opinion_at__isnull=True, **opinion)

    return OpenCounts(
        open=waiting.count(),
        soon=waiting.filter(due(gte=now, lte=now + timedelta(hours=4))).count(),
        overdue=waiting.filter(due(lt=now)).count(),
    )
