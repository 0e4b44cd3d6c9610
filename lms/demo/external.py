"""What trainees of the demo brought along: certificates of other bodies, some of them at their end."""

from datetime import timedelta

from django.utils import timezone

from certificates.external.models import ExternalKind
from certificates.external.services import Facts, correct, record
from courses.models import TrainingClass
from tenants.staff.models import User

#: Kind, occupation, level, issuer, days since it was issued, days until it expires.
SHOWN = (
    ("special-operation", "低压电工作业", "", "延边州应急管理局", 2180, 12),
    ("special-operation", "熔化焊接与热切割作业", "", "延边州应急管理局", 2200, -9),
    ("skill-level", "中式面点师", "四级", "吉林省示范职业技能等级认定机构", 400, None),
    ("health", "餐饮服务", "", "敦化市疾病预防控制中心", 300, 65),
    ("security-guard", "保安员", "", "延边州公安局", 900, None),
)


def of_other_bodies(training_class: TrainingClass) -> None:
    """Recorded by the clerk, and one of them corrected."""
    clerk, today = User.objects.get(username="clerk"), timezone.localdate()
    people = [each.trainee for each in training_class.enrolments.order_by("id")[: len(SHOWN)]]
    for n, (trainee, shown) in enumerate(zip(people, SHOWN, strict=True), 1):
        kind, title, level, issuer, since, until = shown
        said = {"number": f"DEMO{n:06}", "title": title, "issuer": issuer, "level": level}
        facts = Facts(
            kind=ExternalKind.objects.get(code=kind),
            issued_on=today - timedelta(days=since),
            expires_on=None if until is None else today + timedelta(days=until),
            **said,
        )
        row = record(trainee, facts, clerk)
    correct(row, Facts(**(vars(facts) | {"level": "初级"})), "漏填等级", clerk)
