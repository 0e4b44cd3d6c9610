"""The centre's dashboard: what each role sees of which bases."""

import io

import pytest
from openpyxl import load_workbook

from certificates.figures import services as figures
from certificates.figures.models import Figure
from certificates.figures.rules.counts import CHAIN
from certificates.standing.models import NamesSeen
from courses.models import TrainingClass
from lms.plugin.testing import inside
from tenants.models import Tenant
from tests.certificates.standing.test_names import something_of_everything

PAGE = "/desk/figures/"


@pytest.fixture
def story(db):
    """Something of everything at north; two hundred at south, as figures alone."""
    with inside("north"):
        year = something_of_everything().ends_on.year
    south = Tenant.objects.get(slug="south")
    counts = dict.fromkeys(CHAIN, 200) | {"employed": 150, "unknown": 50, "work_outward": 150}
    counts |= {"employed_document": 150, "known_document": 150}
    headings = (("total", ""), ("trade", "sewing"), ("township", "222406001"))
    headings += (("month", f"{year}-03"), ("programme", ""), ("class", "S-1"))
    figures.put_down(south.pk, {(year, *each): counts for each in headings})
    return year


def line(page, dimension, key):
    [table] = [table for table in page.context["tables"] if table.dimension == dimension]
    return next((each for each in table.lines if each.key == key), None)


def test_the_director_sees_every_count_and_the_rates_with_their_parts(story, visit):
    page = visit("centre", "director").get(f"{PAGE}?year={story}")
    assert page.status_code == 200
    assert line(page, "base", "north").counts["enrolled"] == 9
    assert line(page, "base", "south").counts["employed"] == 150
    assert page.context["total"].counts["enrolled"] == 209
    rates = {rate.name: (rate.over, rate.of) for _words, rate, _mix in page.context["rates"]}
    assert rates["employed"] == (152, 204)
    text = page.content.decode()
    assert "152 ÷ 204" in text
    assert "书面材料" in text
    assert '<svg class="figure" role="img"' in text
    assert "<script" not in text.partition("<main")[2]


def test_a_number_opens_its_bases_and_then_the_names_and_the_look_is_kept(story, visit):
    client = visit("centre", "director")
    question = f"?year={story}&dimension=trade&key=sewing&step=employed"
    page = client.get(f"{PAGE}number/{question}")
    assert [(base.slug, count) for base, count in page.context["found"]] == [
        ("south", 150),
        ("north", 2),
    ]
    names = client.get(f"{PAGE}names/north/{question}")
    assert names.context["count"] == 2
    assert "学员3" in names.content.decode()
    with inside("centre"):
        seen = NamesSeen.objects.get()
        assert (str(seen.by), seen.base, seen.step, seen.names) == (
            "中心主任甲",
            "north",
            "employed",
            2,
        )
    assert "north" in client.get(f"{PAGE}looks/").content.decode()
    lost = client.get(f"{PAGE}number/?year={story}&dimension=total&step=not_trained")
    assert [count for _base, count in lost.context["found"]] == [1]


def test_excel_of_each_table_is_what_the_page_shows(story, visit):
    client = visit("centre", "director")
    for dimension in ("base", "trade", "township", "month", "programme", "place"):
        answer = client.get(f"{PAGE}?year={story}&format=xlsx&table={dimension}")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert len(rows) > 1, dimension
    answer = client.get(f"{PAGE}bases/north/?year={story}&format=xlsx&table=class")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert {row[0] for row in rows[1:]} == {"N-1", "N-2"}
    assert client.get(f"{PAGE}?format=xlsx&table=strange").status_code == 404


def test_an_officer_sees_no_count_under_five_and_no_names(story, visit):
    client = visit("centre", "officer")
    page = client.get(f"{PAGE}?year={story}")
    assert page.status_code == 200
    north = line(page, "base", "north")
    assert north.counts["enrolled"] == 9
    assert all(number is None or number == 0 or number >= 5 for number in north.counts.values())
    assert None in line(page, "base", "south").counts.values()  # or a subtraction would tell
    assert "figures/names" not in page.content.decode()
    for address in (
        f"names/north/?year={story}&dimension=total&step=employed",
        f"number/?year={story}&dimension=total&step=employed",
        "looks/",
        "reports/",
        "labour/",
    ):
        assert client.get(PAGE + address).status_code == 403, address
    one = client.get(f"{PAGE}bases/north/?year={story}")
    assert one.context["tables"] == []
    assert one.context["total"].counts == north.counts


def test_a_township_officer_sees_the_bases_in_charge_only(story, visit):
    client = visit("centre", "township_officer")
    page = client.get(f"{PAGE}?year={story}")
    assert page.context["scope"].base("south") is None
    assert "南" not in page.content.decode()
    assert "测试基地south" not in page.content.decode()
    assert client.get(f"{PAGE}bases/south/?year={story}").status_code == 404
    assert client.get(f"{PAGE}names/north/?year={story}&step=employed").status_code == 403


def test_strangers_and_bases_have_no_figures(story, visit):
    assert visit("centre").get(PAGE).status_code == 302
    assert visit("north", "manager").get(PAGE).status_code == 404


@pytest.mark.parametrize(
    "question",
    ["?year=1", "?year=x", "number/?step=x", "number/?dimension=x&step=employed",
     "names/nobody/?dimension=total&step=employed", "number/?dimension=report&key=x&step=employed"],
)  # fmt: skip
def test_what_no_number_has_is_not_found(db, visit, question):
    assert visit("centre", "director").get(PAGE + question).status_code == 404


def test_a_dashboard_of_nothing_opens(db, visit):
    Figure.objects.all()._raw_delete("default")
    page = visit("centre", "director").get(PAGE)
    assert page.status_code == 200
    assert page.context["tables"][0].lines == []


def test_the_dashboard_asks_as_much_whatever_the_number_of_bases(
    story, visit, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = visit("centre", "director")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(f"{PAGE}?year={story}")
    south = Tenant.objects.get(slug="south")
    more = {(story, "class", f"X-{n}"): {"enrolled": 30} for n in range(50)}
    figures.put_down(
        south.pk,
        more | {(story, "township", f"2224060{n}"): {"enrolled": 1} for n in range(10, 60)},
    )
    with CaptureQueriesContext(connection) as many:
        client.get(f"{PAGE}?year={story}")
    assert len(many) <= len(few) + 1
    assert TrainingClass.objects  # of a base: no table of it was asked
    assert not any("courses_enrolment" in query["sql"] for query in many.captured_queries)
