"""The seal graphic of a base: a printed picture, no electronic seal."""

from html import escape
from math import cos, pi, sin

RED = "#b3191c"
SWEEP = 250  # degrees of the arc that a long name fills
WIDEST = 22  # degrees between two characters of a short one


def seal_svg(name: str) -> str:
    """A round seal of 42 mm with a star and `name` on an arc, one character at a time.

    WeasyPrint draws no text on a path, so that each character is turned by itself.
    """
    step = min(WIDEST, SWEEP / max(len(name), 1))
    first = -step * (len(name) - 1) / 2
    size = min(12.0, 0.62 * step)
    characters = "".join(
        f'<text x="50" y="17.5" font-size="{size:.2f}" text-anchor="middle" '
        f'transform="rotate({first + step * index:.2f} 50 50)">{escape(character)}</text>'
        for index, character in enumerate(name)
    )
    points = " ".join(
        f"{50 + radius * sin(turn * pi / 5):.2f},{50 - radius * cos(turn * pi / 5):.2f}"
        for turn, radius in ((t, 15 if t % 2 == 0 else 5.8) for t in range(10))
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        f'<circle cx="50" cy="50" r="47" fill="none" stroke="{RED}" stroke-width="2.6"/>'
        f'<polygon points="{points}" fill="{RED}"/>'
        f'<g fill="{RED}" font-family="Noto Serif CJK SC" font-weight="700">{characters}</g>'
        f'<text x="50" y="80" font-size="8" text-anchor="middle" fill="{RED}" '
        'font-family="Noto Serif CJK SC" font-weight="700">培训专用</text></svg>'
    )
