"""Papers onto sheets: ten cards or two A5 on an A4, with marks where to cut; A4 one after the other."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MM = 72 / 25.4  # points
A4 = (210.0, 297.0)  # millimetres
VOLUME = 200  # papers that are open at a time
MARK, AWAY = 4.0, 1.0  # millimetres: how long a mark is, how far from the corner


@dataclass(frozen=True)
class Grid:
    """Papers of `width` by `height` on an A4, in millimetres, `gap` between them."""

    width: float
    height: float
    columns: int
    rows: int
    gap: float

    @property
    def per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def left(self) -> float:
        return (A4[0] - self.columns * self.width - (self.columns - 1) * self.gap) / 2

    @property
    def bottom(self) -> float:
        return (A4[1] - self.rows * self.height - (self.rows - 1) * self.gap) / 2

    def corner(self, place: int) -> tuple[float, float]:
        """The lower left corner of the paper at a place: rows from the top, left to right."""
        row, column = divmod(place, self.columns)
        x = self.left + column * (self.width + self.gap)
        return x, self.bottom + (self.rows - 1 - row) * (self.height + self.gap)

    def marks(self) -> Iterator[tuple[float, float, float, float]]:
        """Lines (x, y, x, y) outside the papers, at every cut."""
        right, top = A4[0] - self.left, A4[1] - self.bottom
        for column in range(self.columns):
            for x in (self.corner(column)[0], self.corner(column)[0] + self.width):
                yield x, self.bottom - AWAY, x, max(self.bottom - AWAY - MARK, 0)
                yield x, top + AWAY, x, min(top + AWAY + MARK, A4[1])
        for row in range(self.rows):
            y = self.corner(row * self.columns)[1]
            for cut in (y, y + self.height):
                yield self.left - AWAY, cut, max(self.left - AWAY - MARK, 0), cut
                yield right + AWAY, cut, min(right + AWAY + MARK, A4[0]), cut


CARDS = Grid(86, 54, 2, 5, 2)
A5S = Grid(210, 148, 1, 2, 0)
GRIDS = (CARDS, A5S)


def impose(papers: Sequence[Path], target: Path) -> None:
    """Write one PDF with all papers: those of a kind together, in their order."""
    import pikepdf

    kinds: dict[Grid | None, list[Path]] = {}
    for paper in papers:
        kinds.setdefault(_grid_of(paper), []).append(paper)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        volumes: list[Path] = []
        for grid, of_kind in kinds.items():
            for part in _parts(of_kind, VOLUME):
                volumes.append(Path(folder) / f"{len(volumes)}.pdf")
                _write(grid, part, volumes[-1])
        with pikepdf.new() as whole:
            opened = [pikepdf.open(volume) for volume in volumes]
            for volume in opened:
                whole.pages.extend(volume.pages)
            whole.save(target, deterministic_id=True)
            for volume in opened:
                volume.close()


def _grid_of(paper: Path) -> Grid | None:
    import pikepdf

    with pikepdf.open(paper) as found:
        box = [float(edge) / MM for edge in found.pages[0].mediabox]
    size = (box[2] - box[0], box[3] - box[1])
    return next((g for g in GRIDS if _same(size, (g.width, g.height))), None)


def _parts(things: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for at in range(0, len(things), size):
        yield things[at : at + size]


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) < 1.5 for a, b in zip(one, other, strict=True))


def _write(grid: Grid | None, papers: Sequence[Path], target: Path) -> None:
    import pikepdf

    with pikepdf.new() as volume:
        opened = [pikepdf.open(paper) for paper in papers]
        if grid is None:
            for paper in opened:
                for page in paper.pages:
                    if "/Annots" in page:
                        del page["/Annots"]  # a signature counts in its own file only
                volume.pages.extend(paper.pages)
        else:
            for sheet in _parts(opened, grid.per_sheet):
                _lay(volume, grid, sheet)
        volume.save(target)
        for paper in opened:
            paper.close()


def _lay(volume: Any, grid: Grid, papers: Sequence[Any]) -> None:
    from pikepdf import Rectangle

    page = volume.add_blank_page(page_size=(A4[0] * MM, A4[1] * MM))
    for place, paper in enumerate(papers):
        x, y = grid.corner(place)
        box = Rectangle(x * MM, y * MM, (x + grid.width) * MM, (y + grid.height) * MM)
        page.add_overlay(paper.pages[0], box)
    lines = "".join(
        f"{a * MM:.3f} {b * MM:.3f} m {c * MM:.3f} {d * MM:.3f} l\n" for a, b, c, d in _drawn(grid)
    )
    page.contents_add(f"q 0.25 w 0 G\n{lines}S Q".encode())


def _drawn(grid: Grid) -> Iterator[tuple[float, float, float, float]]:
    if grid is A5S:  # as wide as the sheet: marks inside, at the edge, where the paper is white
        middle = A4[1] / 2
        yield 0, middle, MARK, middle
        yield A4[0] - MARK, middle, A4[0], middle
    else:
        yield from grid.marks()
