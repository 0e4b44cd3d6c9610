"""The seal graphic of a base: a printed picture, no electronic seal."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from math import cos, pi, sin

RED = (0.702, 0.098, 0.11)
SWEEP = 250  # degrees of the arc that a long name fills
WIDEST = 22  # degrees between two characters of a short one
ROUND = 0.5523  # of a quarter of a circle by a Bezier curve


@dataclass(frozen=True)
class Stamp:
    """Where the seal stands: millimetres from the left and top edge, and its width."""

    left: float
    top: float
    side: float


def ring_and_star(stamp: Stamp | None) -> Iterator[str]:
    """The lines of the seal as PDF drawing, in millimetres from the upper left corner."""
    if stamp is None:
        return
    one = stamp.side / 100
    yield f"q {one:.5f} 0 0 {one:.5f} {stamp.left + 50 * one:.4f} {stamp.top + 50 * one:.4f} cm"
    colour = " ".join(f"{part:.3f}" for part in RED)
    r, k = 47.0, 47.0 * ROUND
    yield f"{colour} RG {colour} rg 2.6 w {r} 0 m"
    for a, b in (((r, k), (k, r)), ((-k, r), (-r, k)), ((-r, -k), (-k, -r)), ((k, -r), (r, -k))):
        x, y = {(k, r): (0, r), (-r, k): (-r, 0), (-k, -r): (0, -r), (r, -k): (r, 0)}[b]
        yield f"{a[0]:.3f} {a[1]:.3f} {b[0]:.3f} {b[1]:.3f} {x:.3f} {y:.3f} c"
    yield "h S"
    for turn in range(10):
        radius = 15 if turn % 2 == 0 else 5.8
        x, y = radius * sin(turn * pi / 5), -radius * cos(turn * pi / 5)
        yield f"{x:.3f} {y:.3f} {'l' if turn else 'm'}"
    yield "h f Q"


def letters(name: str, stamp: Stamp) -> str:
    """The name on an arc, one character at a time, and the seal's purpose below the star.

    WeasyPrint draws no text on a path; as SVG each character took a millisecond more.
    """
    step = min(WIDEST, SWEEP / max(len(name), 1))
    first = -step * (len(name) - 1) / 2
    size = min(12.0, 0.62 * step)
    one = stamp.side / 100
    made = "".join(
        f'<b style="transform:rotate({first + step * index:.2f}deg)">{escape(character)}</b>'
        for index, character in enumerate(name)
    )
    place = f"left:{stamp.left:.2f}mm;top:{stamp.top:.2f}mm"
    high = 1.25 * size * one
    top = 13.4 * one - high / 2
    rule = (
        f".seal b{{top:{top:.3f}mm;width:{stamp.side}mm;font-size:{size * one:.3f}mm;"
        f"line-height:{high:.3f}mm;transform-origin:50% {50 * one - top:.3f}mm}}"
        f".seal i{{top:{72 * one:.3f}mm;width:{stamp.side}mm;font-size:{8 * one:.3f}mm}}"
    )
    return f'<style>{rule}</style><div class="seal" style="{place}">{made}<i>培训专用</i></div>'
