"""The trend over years: months across the end of a year, years beside each other, as Excel too."""

import io
from datetime import date

from openpyxl import load_workbook

from certificates.figures import services as figures
from certificates.figures.models import Figure
from certificates.figures.rules.counts import CHAIN
from certificates.figures.trend import months_until, trend_of
from certificates.standing.services.rebuild import rebuild
from tenants.models import Tenant
from tests.certificates.standing.test_names import something_of_everything

PAGE = "/desk/figures/"
TODAY = date(2026, 11, 3)


def put(slug, month, people, employed=0):
    base, year = Tenant.objects.get(slug=slug), int(month[:4])
    counts = dict.fromkeys(CHAIN, people) | {"employed": employed, "unknown": people - employed}
    counts |= {"employed_document": employed, "known_document": employed}
    headings = [(year, "total", ""), (year, "month", month)]
    figures.put_down(base.pk, dict.fromkeys(headings, counts))
    return base.pk


def by_key(tables, dimension):
    [table] = [table for table in tables if table.dimension == dimension]
    return {line.key or line.title: line for line in table.lines}


def test_the_window_ends_with_this_month_or_the_end_of_a_year_gone_by():
    assert months_until(2026, TODAY)[0] == "2024-12"
    assert months_until(2026, TODAY)[-1] == "2026-11"
    assert months_until(2025, TODAY)[0] == "2024-01"
    assert months_until(2025, TODAY)[-1] == "2025-12"
    assert len(set(months_until(2020, TODAY))) == 24


def test_months_go_on_over_the_end_of_the_year_and_years_stand_side_by_side(db):
    ids = [put("north", "2024-02", 30, 3), put("north", "2025-11", 40, 20)]
    put("north", "2026-02", 50, 40)
    put("south", "2026-02", 10, 5)
    ids.append(Tenant.objects.get(slug="south").pk)
    tables = trend_of(ids, 2026, True, TODAY)
    months, years = by_key(tables, "months"), by_key(tables, "years")
    assert [*months] == [*months_until(2026, TODAY)[11:]]
    assert [months[m].counts["employed"] for m in ("2025-11", "2025-12", "2026-01", "2026-02")] == [
        *(20, 0, 0, 45)
    ]
    assert [(line.title, line.rate.percent) for line in years.values()] == [
        ("2024", 10.0), ("2025", 50.0), ("2026（至今）", 75.0),
    ]  # fmt: skip
    assert by_key(trend_of(ids, 2025, True, TODAY), "years").keys() == {"2024", "2025"}
    assert trend_of(ids, 2024, True, TODAY) == []


def test_whoever_sees_no_small_counts_sees_each_year_as_its_own_page(db, visit):
    for month, people, employed in (
        ("2025-10", 40, 20), ("2025-11", 3, 1), ("2025-12", 30, 30),
        ("2026-01", 25, 12), ("2026-02", 31, 2), ("2026-03", 2, 2),
    ):  # fmt: skip
        put("north", month, people, employed)
    client = visit("centre", "officer")
    told = {}
    for year in (2025, 2026):
        tables = client.get(f"{PAGE}?year={year}").context["tables"]
        lines = next(table.lines for table in tables if table.dimension == "month")
        told |= {line.key or f"{year} {line.title}": line.counts for line in lines}
    page = client.get(f"{PAGE}?year=2026")
    [months, years] = [shown.table for shown in page.context["shown"]][-2:]
    seen = {line.key or line.title: line.counts for line in months.lines}
    assert {key: counts for key, counts in seen.items() if key in told} == told
    others = [counts for key, counts in seen.items() if key not in told]
    assert others == [dict.fromkeys(counts) for counts in others], "hidden and empty look the same"
    for year in (2025, 2026):
        total = client.get(f"{PAGE}?year={year}").context["total"].counts
        assert by_key([years], "years")[str(year)].counts == total


def test_the_page_draws_both_links_every_number_and_gives_them_as_excel(db, visit):
    put("north", "2025-11", 40, 20)
    put("north", "2026-02", 50, 40)
    client = visit("centre", "director")
    page = client.get(f"{PAGE}?year=2026").content.decode()
    assert 'aria-labelledby="trend-months-t' in page
    assert 'aria-labelledby="trend-years-t' in page
    assert "2025-11 已就业 20" in page
    assert "year=2025&amp;dimension=month&amp;key=2025-11&amp;step=employed" in page
    assert "year=2025&amp;dimension=total&amp;step=employed" in page
    for table, first in (("months", "2025-11"), ("years", "2025")):
        answer = client.get(f"{PAGE}?year=2026&format=xlsx&table={table}")
        rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
        assert (rows[1][0], rows[1][5]) == (first, 20)
    one = client.get(f"{PAGE}bases/north/?year=2026").content.decode()
    assert 'aria-labelledby="trend-months-t' in one
    hidden = visit("centre", "officer").get(f"{PAGE}bases/north/?year=2026").content.decode()
    assert "trend-months" not in hidden


def test_what_somebody_writes_into_a_trend_by_hand_is_found_and_put_right(north):
    something_of_everything()
    before = rebuild(check=True)
    assert before.differences == []
    row = Figure.objects.filter(dimension="month").first()
    Figure.objects.filter(pk=row.pk).update(enrolled=row.enrolled + 7)
    assert [each.column for each in rebuild(check=True).differences] == ["enrolled"]
    assert rebuild().after == before.after
    assert rebuild(check=True).before == before.after
