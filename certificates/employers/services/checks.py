"""What a signed-in employer has checked."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.employers.models import Employer, EmployerCheck
from certificates.register.checks.services import kind, note
from certificates.register.models import RegisterEntry

EMPLOYER = kind("employer", _("用人单位核验"))
AGAIN = timedelta(minutes=10)


def note_check(employer: Employer, entry: RegisterEntry, status: str) -> EmployerCheck:
    """Keep it for the employer, and for the holder by the employer's name; the same certificate within
    ten minutes, with the same answer, is one check.
    """
    last = EmployerCheck.objects.filter(
        employer=employer, number=entry.number, status=status, at__gt=timezone.now() - AGAIN
    ).first()
    if last:
        return last
    note([entry], EMPLOYER, employer.name)
    return EmployerCheck.objects.create(
        employer=employer,
        number=entry.number,
        holder_name=str(entry.claims.get("holder_name", ""))[:60],
        status=status,
    )
