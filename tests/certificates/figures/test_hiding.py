"""Counts under five are hidden, and no subtraction gives them back. Pure."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.figures.rules.hiding import (
    PARTS,
    SMALL,
    hidden_alone,
    hidden_of,
    merged,
    parts_of,
    shown_of,
)

COLUMNS = PARTS[:5]
COUNT = st.one_of(st.integers(0, 6), st.integers(0, 60))
TABLES = st.lists(st.fixed_dictionaries({c: COUNT for c in COLUMNS}), min_size=2, max_size=5)


def _told(rows, hidden, total, total_hidden):
    """The cells whose value follows from all that is shown: by elimination, in exact fractions."""
    cells = [(n, c) for n, names in enumerate(hidden) for c in sorted(names)]
    cells += [("total", c) for c in sorted(total_hidden)]
    place = {cell: i for i, cell in enumerate(cells)}
    equations = []
    for n in range(len(rows)):
        equations.append([Fraction(c in place and c[0] == n) for c in cells])
    for c in COLUMNS:
        line = [Fraction(cell[0] != "total" and cell[1] == c) for cell in cells]
        if ("total", c) in place:
            line[place["total", c]] = Fraction(-1)
        equations.append(line)
    equations.append([Fraction(cell[0] == "total") for cell in cells])
    pivots = {}
    rank = 0
    for column in range(len(cells)):
        found = next((i for i in range(rank, len(equations)) if equations[i][column]), None)
        if found is None:
            continue
        equations[rank], equations[found] = equations[found], equations[rank]
        top = equations[rank]
        equations[rank] = top = [value / top[column] for value in top]
        for i, line in enumerate(equations):
            if i != rank and line[column]:
                times = line[column]
                equations[i] = [a - times * b for a, b in zip(line, top, strict=True)]
        pivots[rank] = column
        rank += 1
    return [
        cells[column]
        for row, column in pivots.items()
        if sum(1 for value in equations[row] if value) == 1
    ]


@settings(max_examples=400, deadline=None)
@given(TABLES)
def test_no_small_count_can_be_worked_out(rows):
    total = {c: sum(row[c] for row in rows) for c in COLUMNS}
    total_hidden = hidden_alone(total)
    hidden = hidden_of(rows, total_hidden)
    for row, names in zip(rows, hidden, strict=True):
        assert {c for c in COLUMNS if 0 < row[c] < SMALL} <= names
    if sum(total.values()) < SMALL:
        return  # a page of so few people shows nothing at all
    assert _told(rows, hidden, total, total_hidden) == []


@given(st.fixed_dictionaries({c: COUNT for c in COLUMNS}))
def test_what_is_hidden_of_a_total_is_never_one_part_or_a_few_people(row):
    hidden = hidden_alone(row)
    assert len(hidden) != 1
    if hidden and sum(row.values()) >= SMALL:
        assert sum(row[c] for c in hidden) >= SMALL


def test_a_large_table_hides_nothing():
    rows = [dict.fromkeys(COLUMNS, 20), dict.fromkeys(COLUMNS, 30)]
    assert hidden_of(rows, frozenset()) == [frozenset(), frozenset()]


def test_small_groups_are_shown_as_one():
    rows = [("a", {"x": 30}), ("b", {"x": 2}), ("c", {"x": 1}), ("d", {"x": 7})]
    assert merged(rows) == [[0], [1, 2, 3]]
    assert merged([("a", {"x": 3})]) == [[0]]


def test_a_step_after_a_hidden_loss_is_hidden_too():
    counts = {"enrolled": 40, "trained": 38, "qualified": 30, "certified": 30, "employed": 30}
    assert parts_of(counts)["not_trained"] == 2
    shown = shown_of(counts, hidden_alone(parts_of(counts)))
    assert shown["enrolled"] == 40
    assert shown["trained"] is None
    assert shown["certified"] is None


def test_a_large_table_is_judged_in_a_moment():
    import random
    import time

    draw = random.Random(1)
    rows = [{c: draw.choice([0, 2, 9, 40]) for c in PARTS} for _ in range(500)]
    began = time.monotonic()
    hidden_of(rows, frozenset())
    assert time.monotonic() - began < 2
