"""The demo's assessment: banks that came in by the sheet, and sittings in every state."""

import csv
import random

from courses.assessing import sheet
from courses.assessing.models import Appeal, Attempt, Look, Question, Sitting
from courses.assessing.services.practice import comes_to
from courses.assessing.shared.models import AssessmentPolicy
from courses.models import Project
from lms.demo import facts
from lms.demo.assessing import TRADES, build_bank, sittings
from tenants.models import Trade
from tests.story import a_class


def test_every_question_of_the_demo_is_taken_in(north):
    for code in TRADES:
        trade, _new = Trade.objects.get_or_create(code=code, defaults={"name": code})
        with (facts.HERE / f"questions-{code}.csv").open(encoding="utf-8", newline="") as file:
            rows = sheet.read(list(csv.reader(file)), trade)
        assert [(r.number, r.faults) for r in rows if r.faults] == []
        assert len(rows) >= 30
        kinds = {r.question.kind for r in rows}
        assert kinds == {"single", "multiple", "judge"}


def test_a_class_of_the_demo_is_half_through_its_assessment(north):
    trade = Trade.objects.create(code="computer", name="计算机操作", name_en="Computer")
    Project.objects.create(code="computer", name="计算机", name_en="Computer", trade=trade,
                           level="basic", theory_hours=4, practice_hours=4)  # fmt: skip
    one = a_class(people=24)
    AssessmentPolicy.objects.create(rule_set=one.rule_set, practice_examiners=2)
    build_bank()
    assert Question.objects.count() >= 60
    sittings(one, random.Random(1))
    states = {(s.part, s.how, s.state) for s in Sitting.objects.all()}
    assert states == {
        ("theory", "phone", "closed"),
        ("theory", "phone", "open"),
        ("theory", "paper", "planned"),
        ("practice", "checklist", "open"),
    }
    found = set(Attempt.objects.values_list("state", flat=True))
    assert found == {"waiting", "started", "done", "absent", "void"}
    assert Appeal.objects.filter(decision__isnull=True).count() == 1
    waiting = Attempt.objects.filter(looks__isnull=False, state="waiting").distinct()
    assert {comes_to(a).needs for a in waiting} == {1}
    assert Look.objects.count() == 11
