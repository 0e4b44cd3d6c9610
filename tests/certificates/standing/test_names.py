"""Every number opens the list of names behind it, and the list is as long as the number."""

from datetime import timedelta

from django.utils import timezone

from certificates.figures import services as figures
from certificates.figures.rules.counts import COLUMNS
from certificates.models import Certificate
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from certificates.standing.services.names import Number, behind, people
from tests.cast import two
from tests.story import finished


def something_of_everything():
    """Two classes: some who failed, and outcomes of several kinds."""
    first = finished("N-1", 6, 1, {0: ("absent", 0)}, {1: ("40", "80")}, days_ago=80)
    finished("N-2", 3, 2, days_ago=40)
    today = timezone.localdate()
    issue_class(first, None, on=today - timedelta(days=60))
    kinds = ("local", "outward", "unemployed", "further_study")
    for kind, certificate in zip(kinds, Certificate.objects.order_by("pk"), strict=False):
        work = kind in ("local", "outward")
        facts = Facts(
            kind,
            "document" if kind == "local" else "liaison_call",
            employer="某厂" if work else "",
            place_code="440305" if kind == "outward" else "",
            started_on=today - timedelta(days=35) if work else None,
        )
        record_outcome(certificate, facts, by=two()[0])
    return first


def test_the_list_behind_each_number_is_as_long_as_the_number(north):
    something_of_everything()
    kept = figures.of_base(north.pk)
    assert len({dimension for _year, dimension, _key in kept}) == 8
    for (year, dimension, key), counts in kept.items():
        for column in COLUMNS:
            if dimension == "report" and not counts.get(column):
                continue
            found = behind(Number(column, year, dimension, key)).count()
            assert found == counts.get(column, 0), (dimension, key, column)


def test_those_lost_at_a_step_have_names_too(north):
    something_of_everything()
    year = max(y for y, _d, _k in figures.of_base(north.pk))
    lost = [behind(Number(f"not_{s}", year)).count() for s in ("trained", "qualified", "certified")]
    assert sum(lost) == 9 - 4
    assert lost[:2] == [1, 1]
    [place] = people(behind(Number("not_trained", year)))
    assert place.enrolment.trainee.name == "学员1"


def test_the_desk_shows_the_figures_and_opens_the_names(north, visit):
    something_of_everything()
    page = visit("north", "clerk").get("/desk/")
    assert [(line["step"], line["count"]) for line in page.context["funnel"]] == [
        ("enrolled", 9),
        ("trained", 8),
        ("qualified", 7),
        ("certified", 4),
        ("employed", 2),
        ("unknown", 0),
        ("unemployed", 1),
        ("studying", 1),
        ("not_seeking", 0),
    ]
    names = visit("north", "clerk").get("/desk/funnel/employed/")
    assert len(names.context["places"]) == 2


def test_the_desk_reads_its_figures_whatever_the_number_of_people(
    north, visit, django_assert_max_num_queries
):
    something_of_everything()
    client = visit("north", "clerk")
    client.get("/desk/")
    with django_assert_max_num_queries(60):
        client.get("/desk/")
