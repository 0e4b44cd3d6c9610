"""Figures are kept by the services in their own transaction, and are what the chain says."""

import json
import random
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from certificates.figures import services as figures
from certificates.figures.models import Figure
from certificates.models import Certificate, Objection, Outcome
from certificates.services.correct import correct
from certificates.services.evidence import cases_of
from certificates.services.issue import issue_class, issue_one
from certificates.services.outcomes import Facts, decide_objection, object_to, record_outcome
from certificates.services.places import places
from certificates.services.progress import progress_of
from certificates.services.revoke import allow_reissue, revoke
from certificates.standing.models import Standing
from certificates.standing.services.rebuild import rebuild, tidy
from courses.fieldlog.services.review import accept_all
from courses.models import Enrolment, TrainingClass
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.attendance import MarkEntry, record_attendance
from courses.services.classes import set_class_state
from courses.services.roster import confirm_import, upload_roster
from tenants.current import current_tenant
from tests.cast import two
from tests.story import a_class, assessed, finished, ids, taught, workbook


def total(year=None):
    rows = Figure.objects.filter(tenant=current_tenant().pk, dimension="total")
    return figures.sums(rows)[0]


def faults():
    return rebuild(check=True).differences


def test_a_class_is_counted_at_every_step_as_it_goes(north):
    found = a_class(people=4)
    assert (total()["enrolled"], total()["trained"]) == (4, 0)
    taught(found, {0: ("absent", 0)})
    assert (total()["trained"], total()["qualified"]) == (3, 0)
    assessed(found, {1: ("40", "80")})
    assert (total()["qualified"], total()["certified"]) == (2, 0)
    set_class_state(found, TrainingClass.State.FINISHED)
    issued = issue_class(found, None).certificates
    assert (total()["certified"], total()["unknown"]) == (2, 2)
    clerk, manager = two()
    day = timezone.localdate()
    work = Facts("outward", "document", employer="厂", place_code="440300", started_on=day)
    said = record_outcome(issued[0], work, by=clerk)
    assert (total()["employed"], total()["unknown"], total()["work_outward"]) == (1, 1, 1)
    objection = object_to(said, "没有去")
    assert (total()["employed"], total()["unknown"]) == (0, 2)
    decide_objection(objection, False, manager, "已核实在岗")
    assert total()["employed_document"] == 1
    revoke(issued[0], "issued_in_error", "重复", clerk, manager)
    assert (total()["certified"], total()["employed"], total()["qualified"]) == (1, 0, 2)
    assert faults() == []


def test_what_is_rolled_back_is_not_counted(north):
    found = finished()
    before = figures.of_base(north.pk)

    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        issue_class(found, None)
        assert figures.of_base(north.pk) != before
        raise Stop
    assert figures.of_base(north.pk) == before


def test_a_corrected_certificate_stays_in_the_month_of_its_first_version(north):
    found = finished(days_ago=80)
    first = timezone.localdate() - timedelta(days=70)
    issue_class(found, None, on=first)
    certificate = Certificate.objects.order_by("pk").first()
    correct(certificate, "改名", "错字", two()[0])
    assert set(Standing.objects.values_list("certified_on", flat=True)) == {first}
    assert faults() == []


def test_progress_is_judged_as_the_issue_judges_it(north):
    found = a_class(people=4)
    taught(found, {0: ("absent", 0)}, reviewed=False)
    _same(found)
    assessed(found, {1: ("40", "80")})
    _same(found)
    accept_all(found.pk, two()[1])
    _same(found)


def _same(training_class):
    cases = cases_of(training_class, ask_plugins=False)
    slow = {
        c.enrolment.pk: (all(v.ok for v in c.trained), all(v.ok for v in c.qualified))
        for c in cases
    }
    fast = progress_of(training_class, list(slow))
    assert {pk: t for pk, (t, _q) in fast.items()} == {pk: t for pk, (t, _q) in slow.items()}
    assert {pk: t and q for pk, (t, q) in fast.items()} == {
        pk: t and q for pk, (t, q) in slow.items()
    }


def test_an_edit_by_hand_is_found_and_named(north):
    issue_class(finished(), None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public.figures_figure SET employed = employed + 7 WHERE dimension = 'total'"
        )
    some = Standing.objects.order_by("pk").first()
    Standing.objects.filter(pk=some.pk).update(trade="catering")
    with pytest.raises(CommandError) as refused:
        call_command("figures_rebuild", base="north", check=True, stdout=StringIO())
    text = str(refused.value)
    assert "total employed: 7 -> 0" in text
    assert f"enrolment {some.enrolment_id} trade: catering -> sewing" in text
    assert faults() != []  # --check has mended nothing
    with pytest.raises(CommandError):
        call_command("figures_rebuild", base="north", stdout=StringIO())
    out = StringIO()
    call_command("figures_rebuild", base="north", check=True, json=True, stdout=out)
    said = json.loads(out.getvalue())["bases"]["north"]
    assert said["before"] == said["after"]


def test_enrolments_from_before_the_figures_are_counted_by_the_clock(north):
    issue_class(finished(), None)
    before = figures.of_base(north.pk)
    Standing.objects.all()._raw_delete("default")
    Figure.objects.all()._raw_delete("default")
    tidy()
    assert figures.of_base(north.pk) == before


def test_rows_beside_each_other_add_up_and_are_made_one(north):
    issue_class(finished(), None)
    before = figures.of_base(north.pk)
    one = Figure.objects.filter(dimension="total").get()
    figures.put_down(north.pk, {(one.year, "total", ""): {"enrolled": 5}})
    figures.put_down(north.pk, {(one.year, "total", ""): {"enrolled": -5}})
    assert figures.of_base(north.pk) == before
    tidy()
    assert Figure.objects.filter(dimension="total").count() == 1
    assert figures.of_base(north.pk) == before


def test_each_base_has_figures_of_its_own(north):
    issue_class(finished(), None)
    assert set(Figure.objects.values_list("tenant", flat=True)) == {north.pk}


class Story:
    """A base in which anything is done in any order, by the services that people use."""

    def __init__(self, seed):
        self.draw = random.Random(seed)
        self.clerk, self.manager = two()
        self.classes = [a_class(f"S-{n}", people=3, seed=seed * 10 + n) for n in range(2)]
        self.seed = seed * 100

    def any_certificate(self):
        return self.draw.choice(list(Certificate.objects.all()))

    def any_class(self):
        return self.draw.choice(self.classes)

    def join(self):
        self.seed += 1
        person = [(f"后来{self.draw.choice('甲乙丙丁')}", *ids(1, self.seed))]
        confirm_import(upload_roster(self.any_class(), "r.xlsx", workbook(person), self.clerk))

    def mark(self):
        session = self.draw.choice(list(self.any_class().sessions.all()))
        present = ("present", session.minutes)
        entries = [
            MarkEntry(e.pk, *self.draw.choice([present, present, present, ("absent", 0)]), "更正")
            for e in session.training_class.enrolments.all()
        ]
        record_attendance(session, entries, self.clerk)

    def review(self):
        accept_all(self.any_class().pk, self.manager)

    def score(self):
        training_class = self.any_class()
        scores = [Decimal(50), Decimal(70), Decimal(90)]
        entries = {
            e.pk: ScoreEntry(self.draw.choice(scores), self.draw.choice(scores), "复核")
            for e in training_class.enrolments.all()
        }
        enter_scores(training_class, entries, training_class.ends_on, self.clerk)

    def finish(self):
        set_class_state(self.any_class(), TrainingClass.State.FINISHED)

    def issue(self):
        issue_one(self.draw.choice(list(Enrolment.objects.all())), self.manager)

    def revoke(self):
        revoke(self.any_certificate(), "issued_in_error", "误发", self.clerk, self.manager)

    def release(self):
        allow_reissue(self.any_certificate(), self.manager, "已核实")

    def correct(self):
        name = self.draw.choice(["张三", "李四", "王五"])
        correct(self.any_certificate(), name, "错字", self.clerk)

    def hear(self):
        kind = self.draw.choice(Outcome.Kind.values)
        facts = Facts(
            kind,
            self.draw.choice(Outcome.Evidence.values),
            employer="某厂",
            place_code="440305",
            started_on=timezone.localdate() - timedelta(days=self.draw.randrange(60)),
            full_time=self.draw.random() < 0.5,
        )
        record_outcome(self.any_certificate(), facts, by=self.clerk)

    def object(self):
        object_to(self.draw.choice(list(Outcome.objects.all())), "不是这样")

    def decide(self):
        found = self.draw.choice(list(Objection.objects.all()))
        decide_objection(found, self.draw.random() < 0.5, self.manager, "已核实")


DEEDS = ("join", "mark", "review", "score", "finish", "issue", "revoke", "release", "correct")
DEEDS += ("hear", "hear", "object", "decide", "mark", "review", "score", "issue", "issue")


@pytest.mark.parametrize("seed", range(4))
def test_a_random_story_of_all_services_keeps_what_is_counted_anew(north, seed):
    story, done = Story(seed), set()
    for place, training_class in enumerate(story.classes):
        taught(training_class)
        assessed(training_class)
        if place <= seed % 2:
            set_class_state(training_class, TrainingClass.State.FINISHED)
            issue_class(training_class, story.manager)
    for step in range(60):
        deed = story.draw.choice(DEEDS)
        try:
            with transaction.atomic():
                getattr(story, deed)()
        except (ValidationError, IndexError):
            continue
        done.add(deed)
        if step % 6 == 0:
            assert faults() == [], (step, deed)
    assert faults() == []
    found = rebuild(check=True)
    assert found.before == found.after
    assert len(done) > 6
    assert total()["enrolled"] == len(places()) == Enrolment.objects.count()
