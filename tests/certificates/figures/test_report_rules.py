"""The monthly report as data. Pure."""

from datetime import date

from certificates.figures.rules.counts import WORK
from certificates.figures.rules.report import (
    COLUMNS,
    Labour,
    differences,
    is_over,
    next_month,
    rows_of,
    share,
    total_of,
)

MAY = date(2026, 5, 1)


def figure(key, **counts):
    return {"key": key, **dict.fromkeys(("trained", "certified", *WORK), 0), **counts}


def test_a_month_is_over_on_the_first_day_of_the_next():
    assert not is_over(MAY, date(2026, 5, 31))
    assert is_over(MAY, date(2026, 6, 1))
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)


def test_a_row_counts_its_month_and_the_year_up_to_it():
    figures = [
        figure("2026-04 222403001", trained=10, work_local=2),
        figure("2026-05 222403001", trained=4, work_outward=3, work_flexible=1),
        figure("2026-06 222403001", trained=99),
    ]
    labour = {"222403001": Labour(1000, "2026-01-01", "统计局"),
              "222403002": Labour(500, "2026-01-01", "统计局")}  # fmt: skip
    one, other = rows_of(MAY, figures, {"222403001": "大石头镇"}, labour)
    assert one["name"] == "大石头镇"
    assert (one["month"]["trained"], one["year"]["trained"]) == (4, 14)
    assert (one["month"]["transferred"], one["month"]["other_work"]) == (3, 1)
    assert (one["year"]["transferred"], one["share"]) == (5, "0.50")
    assert (other["year"]["trained"], other["share"]) == (0, "0.00")
    total = total_of([one, other])
    assert (total["labour"], total["share"], total["with_labour"]) == (1500, "0.33", 2)


def test_without_labour_there_is_no_share():
    [row] = rows_of(MAY, [figure("2026-05 222403001", work_local=2)], {}, {})
    assert row["share"] is None
    assert total_of([row])["share"] is None
    assert share(1, 0) is None


def test_a_correction_names_every_number_that_differs():
    before = rows_of(MAY, [figure("2026-05 222403001", trained=4)], {}, {})
    after = rows_of(MAY, [figure("2026-05 222403001", trained=5), figure("2026-05 222403009", certified=1)],
                    {}, {})  # fmt: skip
    found = {(d["township"], d["part"], d["column"]): (d["before"], d["after"])
             for d in differences(before, after)}  # fmt: skip
    assert found == {
        ("222403001", "month", "trained"): (4, 5),
        ("222403001", "year", "trained"): (4, 5),
        ("222403009", "month", "certified"): (0, 1),
        ("222403009", "year", "certified"): (0, 1),
    }
    assert differences(before, before) == []


def test_every_column_says_what_it_counts_in_both_languages():
    assert all(len(words) == 4 and all(words) for words in COLUMNS.values())
