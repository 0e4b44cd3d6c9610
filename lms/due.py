"""What is due today: the kinds of work of all apps, in the order in which the front pages list them."""

from datetime import date

from certificates import due as certificates
from certificates.duties import due as duties
from certificates.employers import due as employers
from certificates.employment import due as employment
from certificates.external import due as external
from certificates.standing import due as standing
from courses import due as classes
from courses.applying import due as applying
from courses.assessing import due as assessing
from courses.fieldlog import due as fieldlog
from courses.planning import due as planning
from tenants.console import due as console
from tenants.current import is_type
from tenants.due import Coming, Due, Line, lines
from tenants.staff.models import User

AT_BASE: tuple[Due, ...] = (
    *applying.AT_BASE,
    *planning.AT_BASE,
    *classes.AT_BASE,
    *fieldlog.AT_BASE,
    *assessing.AT_BASE,
    *standing.AT_BASE,
    *certificates.AT_BASE,
    *external.AT_BASE,
    *duties.AT_BASE,
    *employment.AT_BASE,
)
AT_CENTRE: tuple[Due, ...] = (
    *planning.AT_CENTRE,
    *console.AT_CENTRE,
    *employers.AT_CENTRE,
    *standing.AT_CENTRE,
)
#: What somebody looks forward to when nothing waits.
NEXT = (classes.next_session, assessing.next_sitting, duties.next_call)


def due_today(user: User, today: date) -> list[Line]:
    """What this person can do today, of the tenant that is served."""
    return lines(AT_CENTRE if is_type("centre") else AT_BASE, user, today)


def coming(user: User, today: date) -> Coming | None:
    """What comes next at the base, the earliest of all."""
    found = [each for each in (ask(user, today) for ask in NEXT) if each]
    return min(found, key=lambda each: each.on, default=None)
