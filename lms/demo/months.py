"""What lies behind the demo: classes of earlier months, and the reports of the centre on them."""

import random
from datetime import timedelta

from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.standing.models import MonthlyReport
from certificates.standing.services import labour, reports
from courses.directory.models import Programme
from tenants.models import Division, Tenant
from tenants.staff.models import User

#: Days ago, trade, people, programme.
EARLIER = (
    (100, "catering", 8, "spring-breeze"),
    (135, "sewing", 9, ""),
    (200, "security-guard", 7, "spring-breeze"),
)
PROGRAMMES = (("spring-breeze", "春风行动培训", "Spring breeze training", "示范人社〔2025〕8号"),)


def programmes() -> dict[str, Programme]:
    for code, name, name_en, document in PROGRAMMES:
        Programme.objects.get_or_create(
            code=code,
            defaults={"name": name, "name_en": name_en, "document": document}
            | {"starts_on": "2025-01-01"},
        )
    return {row.code: row for row in Programme.objects.all()}


def months(centre: Tenant) -> None:
    """Rural labour of each township, a signed report of the month before last, a draft of the last."""
    with tenant_context(centre):
        if MonthlyReport.objects.exists():
            return
        director = User.objects.get(username="director")
        draw, today = random.Random(7), timezone.localdate()
        towns = Division.objects.filter(level="township", code__regex="^2224(03|06)")
        numbers = {town.pk: draw.randrange(1_800, 9_000) for town in towns.order_by("code")}
        as_of = today.replace(year=today.year - 1, month=12, day=31)
        labour.record(numbers, as_of, "示范市统计局年报", director)
        last = today.replace(day=1) - timedelta(days=1)
        before = last.replace(day=1) - timedelta(days=1)
        reports.sign(reports.draft(before, director), director)
        reports.draft(last, director)
