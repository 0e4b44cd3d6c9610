"""What the pages of assessment are reached by."""

from typing import Any

from courses.assessing.models import (
    Appeal,
    Attempt,
    Blueprint,
    Checklist,
    Question,
    Sitting,
)
from courses.assessing.services.appeals import why_not
from courses.assessing.services.bank import keep_import
from courses.assessing.shared.models import AssessmentPolicy
from tenants.models import Trade
from tenants.staff.models import User
from tenants.tables import workbook_bytes

SHEET = (
    ("缝纫机针弯了还能用", "", "", "错", "2"),
    ("量胸围时软尺应当", "水平绕一周", "斜着绕", "A", "2"),
    ("只有一个选项的题", "甲", "", "A", "2"),
    ("答案写错的题", "甲", "乙", "D", "二十"),
)


def assessed(clerk: User) -> dict[str, Any]:
    """Sittings of the demo by state, people of them, a sheet that waits for a look."""
    found: dict[str, Any] = {}
    by = {(s.how, s.state): s for s in Sitting.objects.order_by("pk")}
    now, before = by["phone", "open"], by["phone", "closed"]
    practised, paper = by["checklist", "open"], by["paper", "planned"]
    found |= {"sat": now.pk, "sat_before": before.pk, "practised": practised.pk}
    found |= {"on_paper": paper.pk, "voided": before.attempts.get(state="void").pk}
    examiner = User.objects.get(username="examiner")
    found["to_look_at"] = practised.attempts.exclude(looks__examiner=examiner).first().pk  # type: ignore[union-attr]
    found["appeal"] = Appeal.objects.get(decision__isnull=True).pk
    free = [a for a in before.attempts.filter(state="done") if not why_not(a)]
    found["to_appeal"] = free[0].pk
    for key, attempt in (
        ("exam_waiting", now.attempts.filter(state="waiting").first()),
        ("exam_started", now.attempts.filter(state="started").first()),
        ("exam_closed", free[0]),
    ):
        assert isinstance(attempt, Attempt)
        found[key] = attempt.sitting.code
        found[f"{key}_last4"] = attempt.enrolment.trainee.id_last4
    header = ("题干", "选项A", "选项B", "答案", "分值")
    sheet = workbook_bytes(header, SHEET)
    found["bank_import"] = keep_import(Trade.objects.get(code="sewing"), "题.xlsx", sheet, clerk).pk
    found |= {
        "pictured": Question.objects.filter(picture__isnull=False).first().pk,  # type: ignore[union-attr]
        "blueprint": Blueprint.objects.earliest("pk").pk,
        "checklist": Checklist.objects.earliest("pk").pk,
        "assessment_policy": AssessmentPolicy.objects.earliest("pk").pk,
    }
    return found
