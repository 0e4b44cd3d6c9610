"""What a signed-in employer has checked."""

from datetime import timedelta

from django.utils import timezone

from certificates.employers.models import Employer, EmployerCheck
from certificates.register.models import RegisterEntry

AGAIN = timedelta(minutes=10)


def note_check(employer: Employer, entry: RegisterEntry, status: str) -> EmployerCheck:
    """Keep it; the same certificate within ten minutes, with the same answer, is one check."""
    last = EmployerCheck.objects.filter(
        employer=employer, number=entry.number, status=status, at__gt=timezone.now() - AGAIN
    ).first()
    return last or EmployerCheck.objects.create(
        employer=employer,
        number=entry.number,
        holder_name=str(entry.claims.get("holder_name", ""))[:60],
        status=status,
    )
