"""Pictures of the demo's sites, drawn here: flat shapes in the colours of the stylesheet."""

import io
from collections.abc import Callable
from math import sin

from PIL import Image, ImageDraw

WIDE, HIGH, FINE = 1440, 900, 2
SKY, HILL, FAR, FIELD, EARTH = "#e9e2d2", "#b9bfa4", "#cfd0bb", "#a9a86a", "#8d7b52"
WALL, ROOF, WOOD, DARK, PALE, BLUE = (
    "#f6f1e6",
    "#9e1b1e",
    "#a47c4f",
    "#3b3732",
    "#fffaf0",
    "#5f7891",
)
SKIN, CLOTH = "#d8a97f", "#6d7f93"
Draw = ImageDraw.ImageDraw


def _box(draw: Draw, x: float, y: float, w: float, h: float, fill: str, radius: float = 0) -> None:
    corners = [x * FINE, y * FINE, (x + w) * FINE, (y + h) * FINE]
    draw.rounded_rectangle(corners, radius * FINE, fill=fill)


def _disc(draw: Draw, x: float, y: float, r: float, fill: str, flat: float = 1) -> None:
    draw.ellipse(
        [(x - r) * FINE, (y - r * flat) * FINE, (x + r) * FINE, (y + r * flat) * FINE], fill
    )


def _shape(draw: Draw, fill: str, *points: tuple[float, float]) -> None:
    draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=fill)


def _hills(draw: Draw, base: float, height: float, pace: float, fill: str) -> None:
    top = [(x, base - height * (1 + sin(x / pace)) / 2) for x in range(0, WIDE + 20, 20)]
    _shape(draw, fill, (0, HIGH), *top, (WIDE, HIGH))


def _country(draw: Draw) -> None:
    _box(draw, 0, 0, WIDE, HIGH, SKY)
    _disc(draw, 1130, 190, 74, "#f3d9a4")
    _hills(draw, 520, 170, 190, FAR)
    _hills(draw, 590, 120, 130, HILL)


def _person(draw: Draw, x: float, y: float, size: float, cloth: str, cap: str = "") -> None:
    """Head and shoulders; a person without a face is nobody's likeness."""
    _disc(draw, x, y + size * 1.75, size * 1.15, cloth)
    _box(draw, x - size * 1.15, y + size * 1.75, size * 2.3, size * 1.6, cloth)
    _box(draw, x - size * 0.24, y + size * 0.4, size * 0.48, size * 0.6, SKIN)
    _disc(draw, x, y, size * 0.62, DARK)
    _disc(draw, x, y + size * 0.14, size * 0.52, SKIN)
    if cap:
        _box(draw, x - size * 0.66, y - size * 0.62, size * 1.32, size * 0.5, cap, size * 0.2)
        _box(draw, x - size * 0.76, y - size * 0.2, size * 1.52, size * 0.12, cap, size * 0.06)


def house(draw: Draw) -> None:
    _country(draw)
    _box(draw, 0, 640, WIDE, 260, FIELD)
    for row in range(9):
        _shape(draw, EARTH, (70 + row * 165, HIGH), (110 + row * 165, HIGH),
               (560 + row * 44, 640), (554 + row * 44, 640))  # fmt: skip
    _box(draw, 330, 420, 780, 250, WALL)
    _shape(draw, ROOF, (280, 430), (400, 300), (1040, 300), (1160, 430))
    for column in range(5):
        _box(draw, 380 + column * 145, 480, 90, 90, BLUE, 6)
        _box(draw, 421 + column * 145, 480, 7, 90, WALL)
    _box(draw, 670, 540, 100, 130, WOOD, 6)
    _box(draw, 620, 440, 200, 26, ROOF, 4)
    for x in (190, 250, 1210):
        _box(draw, x - 9, 540, 18, 130, WOOD)
        _disc(draw, x, 510, 74, "#7f8d5e")


def sewing(draw: Draw) -> None:
    _box(draw, 0, 0, WIDE, HIGH, SKY)
    _box(draw, 90, 90, 420, 330, PALE, 8)
    _country_window(draw, 110, 110, 380, 290)
    _box(draw, 0, 640, WIDE, 260, WOOD)
    _box(draw, 0, 640, WIDE, 24, "#8b683f")
    _box(draw, 520, 590, 520, 56, DARK, 10)
    _box(draw, 900, 360, 120, 240, DARK, 18)
    _box(draw, 560, 340, 460, 110, DARK, 40)
    _box(draw, 570, 430, 70, 120, DARK, 10)
    _box(draw, 602, 548, 8, 46, "#c8c8c8")
    _disc(draw, 1050, 400, 62, "#55504a")
    _disc(draw, 1050, 400, 24, "#c9b48a")
    _box(draw, 760, 286, 44, 60, ROOF, 8)
    _shape(draw, ROOF, (300, 650), (470, 606), (760, 606), (780, 650), (700, 820), (330, 800))
    _shape(draw, "#b8474a", (300, 650), (470, 606), (560, 606), (430, 804), (330, 800))


def _country_window(draw: Draw, x: float, y: float, w: float, h: float) -> None:
    _box(draw, x, y, w, h, "#dfe5e3", 4)
    _shape(draw, HILL, (x, y + h), (x, y + h * 0.7), (x + w * 0.4, y + h * 0.45),
           (x + w * 0.75, y + h * 0.72), (x + w, y + h * 0.55), (x + w, y + h))  # fmt: skip
    _box(draw, x + w / 2 - 6, y, 12, h, PALE)


def kitchen(draw: Draw) -> None:
    _box(draw, 0, 0, WIDE, HIGH, SKY)
    for column in range(12):
        for row in range(4):
            _box(draw, column * 122 + 6, row * 122 + 6, 110, 110, "#f3ecdf", 4)
    _box(draw, 0, 600, WIDE, 300, WOOD)
    _box(draw, 0, 600, WIDE, 22, "#8b683f")
    for x, size, inside in ((360, 150, "#c9553d"), (720, 190, "#8aa05a"), (1090, 150, "#e0b04f")):
        _disc(draw, x, 660, size, "#e6e0d5", 0.34)
        _disc(draw, x, 640, size, PALE, 0.36)
        _disc(draw, x, 630, size * 0.8, inside, 0.3)
    for n, x in enumerate((650, 720, 790)):
        for piece in range(14):
            _disc(draw, x + 14 * sin(piece / 2 + n), 560 - piece * 17, 9 - piece * 0.4, "#d9d2c4")
    _shape(draw, DARK, (1240, 610), (1252, 604), (1400, 820), (1384, 826))
    _shape(draw, DARK, (1290, 600), (1302, 596), (1420, 790), (1406, 796))


def computer(draw: Draw) -> None:
    _box(draw, 0, 0, WIDE, HIGH, SKY)
    _box(draw, 960, 90, 380, 300, PALE, 8)
    _country_window(draw, 980, 110, 340, 260)
    _box(draw, 0, 690, WIDE, 210, WOOD)
    _box(draw, 380, 190, 560, 380, DARK, 18)
    _box(draw, 404, 214, 512, 320, "#eef2f1", 6)
    _box(draw, 424, 236, 210, 26, ROOF, 4)
    for row in range(6):
        _box(draw, 424, 284 + row * 40, 472, 30, "#dfe6ea" if row % 2 else "#f8faf9", 3)
        _box(draw, 434, 292 + row * 40, 90 + row * 23 % 80, 14, CLOTH, 3)
        _box(draw, 780, 292 + row * 40, 96, 14, "#c9b48a", 3)
    _box(draw, 620, 570, 80, 90, "#55504a")
    _box(draw, 540, 650, 240, 24, "#55504a", 10)
    _box(draw, 420, 720, 480, 110, "#efe9de", 12)
    for row in range(3):
        for key in range(13):
            _box(draw, 438 + key * 34.5, 734 + row * 31, 28, 24, "#cfc7b8", 4)
    _disc(draw, 990, 776, 44, "#efe9de", 1.3)


def gate(draw: Draw) -> None:
    _country(draw)
    _box(draw, 0, 650, WIDE, 250, "#c9c1b2")
    _box(draw, 120, 330, 300, 330, WALL, 6)
    _box(draw, 90, 300, 360, 46, ROOF, 8)
    _box(draw, 160, 390, 220, 120, BLUE, 6)
    _box(draw, 470, 560, 60, 110, "#55504a", 8)
    for piece in range(11):
        _box(draw, 530 + piece * 80, 580, 80, 34, ROOF if piece % 2 else PALE)
    _person(draw, 720, 350, 92, "#2f3e4f", "#2f3e4f")
    _box(draw, 660, 540, 34, 24, "#e0b04f", 4)


def lesson(draw: Draw) -> None:
    _box(draw, 0, 0, WIDE, HIGH, "#efe6d3")
    _box(draw, 300, 90, 840, 330, "#4d5f55", 10)
    for row in range(4):
        _box(draw, 350, 140 + row * 62, 300 + (row * 137) % 320, 14, "#dfe5da", 6)
    _person(draw, 1000, 300, 84, ROOF)
    for n, x in enumerate((150, 400, 650, 900, 1150, 1340)):
        colour = (CLOTH, "#8d7b52", "#7f8d5e")[n % 3]
        _disc(draw, x, 640, 62, DARK)
        _disc(draw, x, 800, 112, colour)
        _box(draw, x - 112, 800, 224, 120, colour)
    _box(draw, 0, 850, WIDE, 50, WOOD)


def worker(draw: Draw) -> None:
    """Somebody at work, seen from behind a bench."""
    _box(draw, 0, 0, WIDE, HIGH, "#e8dfcb")
    _country_window(draw, 120, 110, 420, 320)
    _box(draw, 980, 120, 330, 18, WOOD)
    for n, x in enumerate((1000, 1060, 1120, 1180, 1240)):
        _box(draw, x, 60 + n % 2 * 8, 38, 60 - n % 2 * 8, (ROOF, "#c9b48a", CLOTH)[n % 3], 6)
    _person(draw, 760, 260, 128, CLOTH)
    _box(draw, 0, 700, WIDE, 200, WOOD)
    _shape(draw, ROOF, (520, 720), (980, 700), (1060, 860), (470, 880))


SCENES: dict[str, Callable[[Draw], None]] = {
    "house": house,
    "sewing": sewing,
    "catering": kitchen,
    "computer": computer,
    "security-guard": gate,
    "lesson": lesson,
    "worker": worker,
}


def drawn(scene: str) -> bytes:
    """A scene as JPEG of 1440 by 900."""
    picture = Image.new("RGB", (WIDE * FINE, HIGH * FINE), SKY)
    SCENES[scene](ImageDraw.Draw(picture))
    out = io.BytesIO()
    picture.resize((WIDE, HIGH), Image.Resampling.BOX).save(out, "JPEG", quality=86)
    return out.getvalue()
