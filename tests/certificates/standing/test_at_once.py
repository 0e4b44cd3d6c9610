"""Many at once: nobody waits for a sum, and nothing is counted twice or not at all."""

import threading
import time
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from certificates.figures import services as figures
from certificates.models import Certificate
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from certificates.standing.services.rebuild import rebuild
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.roster import confirm_import, upload_roster
from lms.plugin.testing import inside
from tests.cast import base, two
from tests.courses.fieldlog.test_at_once import together
from tests.story import a_class, assessed, finished, ids, taught, workbook


def test_whoever_adds_does_not_wait_for_whoever_has_added(committed):
    heading = (2026, "total", "")
    tenant = base("north").pk
    with inside("north"):
        figures.add(tenant, {heading: {"enrolled": 1}})
    added, done = threading.Event(), threading.Event()

    def first():
        with transaction.atomic():
            figures.add(tenant, {heading: {"enrolled": 10}})
            added.set()
            assert done.wait(20), "the other one waits"
        return 0.0

    def second():
        added.wait(20)
        began = time.monotonic()
        figures.add(tenant, {heading: {"enrolled": 100}})
        done.set()
        return time.monotonic() - began

    together(first, second)
    with inside("north"):
        assert figures.of_base(tenant)[heading] == {"enrolled": 111}


def test_everybody_at_once_is_counted_as_the_chain_says(committed):
    with inside("north"):
        ready = finished("A-1", people=4, seed=1)
        issue_class(finished("A-2", people=4, seed=2), None)
        taught_class = a_class("A-3", people=4, seed=3)
        clerk, manager = two()
        held = list(Certificate.objects.order_by("pk"))
        started = timezone.localdate() - timedelta(days=5)
        roster = workbook([(f"后来{n}", number) for n, number in enumerate(ids(6, seed=9))])
        late = upload_roster(taught_class, "r.xlsx", roster, clerk)

    def hear(certificate):
        facts = Facts("flexible", "document", started_on=started)
        return lambda: record_outcome(certificate, facts, by=clerk)

    together(
        *(hear(each) for each in held),
        lambda: issue_class(ready, manager),
        lambda: taught(taught_class),
        lambda: assessed(taught_class),
        lambda: confirm_import(late),
    )
    with inside("north"):
        found = rebuild(check=True)
        assert found.differences == []
        counts = figures.sums(figures.Figure.objects.filter(dimension="total"))[0]
        assert (counts["enrolled"], counts["employed"], counts["certified"]) == (18, 4, 8)


def test_a_count_anew_waits_for_whoever_moves_somebody(committed):
    with inside("north"):
        training_class = finished(people=3)
        person = training_class.enrolments.first()
        examiner = two()[0]
    moved, go = threading.Event(), threading.Event()

    def move():
        with transaction.atomic():
            entry = {person.pk: ScoreEntry(10, 10, "复核")}
            enter_scores(training_class, entry, training_class.ends_on, examiner)
            moved.set()
            go.wait(20)

    def count():
        moved.wait(20)
        threading.Timer(0.5, go.set).start()
        return rebuild()

    _, found = together(move, count)
    assert found.differences == []
    with inside("north"):
        assert rebuild(check=True).differences == []
    connection.close()
