"""What the centre has said: whether it approves classes, when people have time, when they are away."""

from datetime import date

from courses.requests.models import Holiday, OpeningPolicy, SeasonWindow
from courses.requests.rules.steps import Terms
from courses.requests.rules.terms import Window
from tenants.models import Tenant


def centre_of(tenant: Tenant) -> int:
    """The key of a base's centre, or of the centre itself."""
    return tenant.centre_id or tenant.pk


def terms_on(tenant: Tenant, day: date) -> Terms:
    """The policy of the tenant's centre in force on the day; demands nothing where there is none."""
    found = OpeningPolicy.objects.filter(centre_id=centre_of(tenant), effective_from__lte=day)
    row = found.first()
    if row is None:
        return Terms()
    return Terms(
        demands=row.demands,
        document=row.document,
        days_before=row.days_before,
        change_days_before=row.change_days_before,
        day_from=row.day_from,
        day_to=row.day_to,
    )


def windows_of(tenant: Tenant) -> list[Window]:
    """The off-seasons that the centre has written down."""
    rows = SeasonWindow.objects.filter(centre_id=centre_of(tenant))
    return [Window(row.name, row.starts, row.ends, row.name_en) for row in rows]


def days_of(tenant: Tenant, first: date, last: date) -> dict[date, Holiday]:
    """Days of rest, and working days at a week-end, from `first` to `last`."""
    rows = Holiday.objects.filter(centre_id=centre_of(tenant), day__range=(first, last))
    return {row.day: row for row in rows}
