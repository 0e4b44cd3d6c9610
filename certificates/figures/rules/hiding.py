"""What of a table may be shown to somebody who may not see names: no count under five. Pure.

Each row splits the people of a group into parts that add up to it, and the last row, the total, is the
sum of the others. A part under five is hidden, and so many others with it that no subtraction, along
rows or down columns, gives it back: every hidden cell lies on a circle of hidden cells (in the graph
of rows and columns no hidden cell is a bridge), and those that are hidden in a line sum to five at
the least.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

SMALL = 5
Row = Mapping[str, int]
Cell = tuple[int, str]

#: The parts that a funnel splits people into: those lost at each step, and what came of the rest.
PARTS = ("not_trained", "not_qualified", "not_certified") + (
    *("employed", "unknown", "unemployed", "studying", "not_seeking"),
)


def parts_of(counts: Mapping[str, int]) -> dict[str, int]:
    """The parts of a funnel; they add up to the enrolled."""
    chain = ("enrolled", "trained", "qualified", "certified")
    lost = {
        f"not_{after}": counts.get(before, 0) - counts.get(after, 0)
        for before, after in pairwise(chain)
    }
    return lost | {name: counts.get(name, 0) for name in PARTS[3:]}


def shown_of(counts: Mapping[str, int], hidden: frozenset[str]) -> dict[str, int | None]:
    """The columns of a funnel with None where it cannot be shown beside hidden parts.

    A step is shown when it can be told from what is shown alone: the enrolled less those lost before.
    """
    found: dict[str, int | None] = {"enrolled": counts.get("enrolled", 0)}
    open_ = True
    for step in ("trained", "qualified", "certified"):
        open_ = open_ and f"not_{step}" not in hidden
        found[step] = counts.get(step, 0) if open_ else None
    for name in PARTS[3:]:
        found[name] = None if name in hidden else counts.get(name, 0)
    return found


def hidden_alone(row: Row) -> frozenset[str]:
    """What is hidden of one row that is shown by itself, as a page's total is."""
    hidden = {name for name, number in row.items() if 0 < number < SMALL}
    while hidden and (len(hidden) == 1 or sum(row[name] for name in hidden) < SMALL):
        more = _smallest([(0, name) for name in row if name not in hidden], [row])
        if more is None:
            break
        hidden.add(more[1])
    return frozenset(hidden)


def merged(rows: Sequence[tuple[str, Row]]) -> list[list[int]]:
    """Places of `rows` by what is shown as one: groups of under five people go together, with the
    smallest other group when they are still too few.
    """
    sizes = [sum(row.values()) for _key, row in rows]
    small = [n for n, size in enumerate(sizes) if 0 < size < SMALL]
    apart = [n for n in range(len(rows)) if n not in small]
    while small and sum(sizes[n] for n in small) < SMALL and apart:
        least = min(apart, key=lambda n: (sizes[n] == 0, sizes[n]))
        apart.remove(least)
        small.append(least)
    return [[n] for n in apart] + ([sorted(small)] if small else [])


def hidden_of(rows: Sequence[Row], total_hidden: frozenset[str]) -> list[frozenset[str]]:
    """What is hidden of each row, when of the total below them just `total_hidden` is."""
    if len(rows) < 2:
        return [total_hidden for _row in rows]
    total = {name: sum(row[name] for row in rows) for name in rows[0]}
    table = [*rows, total]
    last = len(rows)
    hidden = {(n, c) for n, row in enumerate(rows) for c, x in row.items() if 0 < x < SMALL}
    hidden |= {(last, name) for name in total_hidden}
    while _close_lines(table, hidden, last) or _close_bridges(table, hidden, last):
        pass
    return [frozenset(c for r, c in hidden if r == n) for n in range(last)]


def _close_lines(table: Sequence[Row], hidden: set[Cell], last: int) -> bool:
    """Hide more in each row and column whose hidden cells are one, or too few people; whether any
    was. The total is as it is: what is hidden of it was decided for all tables of a page.
    """
    columns = list(table[0])
    lines = [[(n, c) for c in columns] for n in range(last)]
    lines += [[(n, c) for n in range(len(table))] for c in columns]
    before = len(hidden)
    for line in lines:
        mine = [cell for cell in line if cell in hidden]
        free = [cell for cell in line if cell not in hidden and cell[0] != last]
        while mine and (len(mine) == 1 or sum(table[n][c] for n, c in mine) < SMALL):
            more = _smallest(free, table)
            if more is None:
                break
            free.remove(more)
            mine.append(more)
            hidden.add(more)
    return len(hidden) > before


def _close_bridges(table: Sequence[Row], hidden: set[Cell], last: int) -> bool:
    """Hide one more in the row of each cell that could be worked out; whether any was."""
    columns, before = list(table[0]), len(hidden)
    for n, c in sorted(_bridges(hidden)):
        row = [(n, each) for each in columns if (n, each) not in hidden] if n != last else []
        column = [(m, c) for m in range(last) if (m, c) not in hidden]
        more = _smallest(row or column, table)
        if more is not None:
            hidden.add(more)
    return len(hidden) > before


def _smallest(cells: Sequence[Cell], table: Sequence[Row]) -> Cell | None:
    """The least that can be lost: the smallest count that is not zero, else a zero."""
    return min(cells, key=lambda cell: (table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]], cell),
               default=None)  # fmt: skip


def _bridges(edges: set[Cell]) -> set[Cell]:
    """Edges between rows and columns that lie on no circle: their value can be worked out."""
    near: dict[object, list[tuple[object, Cell]]] = {}
    for cell in sorted(edges):
        row, column = ("row", cell[0]), ("column", cell[1])
        near.setdefault(row, []).append((column, cell))
        near.setdefault(column, []).append((row, cell))
    seen: dict[object, int] = {}
    low: dict[object, int] = {}
    found: set[Cell] = set()
    for start, beside in near.items():
        if start in seen:
            continue
        seen[start] = low[start] = len(seen)
        walk: list[tuple[object, Cell | None, Iterator[tuple[object, Cell]]]]
        walk = [(start, None, iter(beside))]
        while walk:
            node, by, rest = walk[-1]
            for other, cell in rest:
                if cell == by:
                    continue
                if other in seen:
                    low[node] = min(low[node], seen[other])
                    continue
                seen[other] = low[other] = len(seen)
                walk.append((other, cell, iter(near[other])))
                break
            else:
                walk.pop()
                if walk and by is not None:
                    above = walk[-1][0]
                    low[above] = min(low[above], low[node])
                    if low[node] > seen[above]:
                        found.add(by)
    return found
