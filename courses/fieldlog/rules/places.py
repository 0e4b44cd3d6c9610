"""How far a phone was from its village, and the little map that shows it. Degrees are of WGS 84.

Maps of Chinese makers show other degrees for the same point (GCJ-02, BD-09), up to about a kilometre
off: little beside NEAR.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
#: A class may meet in a hamlet of the village: an administrative village in the hills spans a few
#: kilometres, and its point is where somebody has put it.
NEAR = 5_000  # metres
#: A position that is vaguer than this says nothing about a village.
VAGUE = 10_000  # metres
SIDE = 320  # pixels of the map
RIM = 24  # pixels kept free around
#: China, a little rounded: no degree can be both of a latitude and of a longitude here, so that a pair is
#: understood in either order. Map services copy both.
LATS, LONS = (15.0, 55.0), (72.0, 137.0)
PAIR = re.compile(
    r"\s*(\d{1,3}(?:\.\d{1,12})?)\s*°?\s*[,，、;；\s]\s*(\d{1,3}(?:\.\d{1,12})?)\s*°?\s*"
)


@dataclass(frozen=True)
class Spot:
    lat: float
    lon: float
    accuracy: float = 0.0  # metres


def read_place(text: str) -> Spot | None:
    """What somebody has typed or copied from a map: two decimal degrees within China, in either order."""
    found = PAIR.fullmatch(text)
    if not found:
        return None
    lat, lon = sorted(float(each) for each in found.groups())
    fits = LATS[0] <= lat <= LATS[1] and LONS[0] <= lon <= LONS[1]
    return Spot(lat, lon) if fits else None


def metres_between(one: Spot, other: Spot) -> float:
    """Along the great circle, by the haversine."""
    a, b = radians(one.lat), radians(other.lat)
    dlat, dlon = b - a, radians(other.lon - one.lon)
    half = sin(dlat / 2) ** 2 + cos(a) * cos(b) * sin(dlon / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def metres_too_far(village: Spot, spot: Spot) -> int:
    """How much farther than allowed the phone must at least have been; 0 when it may have been near."""
    return max(0, round(metres_between(village, spot) - spot.accuracy - NEAR))


@dataclass(frozen=True)
class Dot:
    """In pixels of the map; `ring` is the radius of the accuracy."""

    x: float
    y: float
    ring: float
    lat: float
    lon: float
    accuracy: int
    metres: int  # from the village


@dataclass(frozen=True)
class Map:
    """North is up. `bar` pixels are `bar_metres`; `near` is the radius that is allowed."""

    dots: tuple[Dot, ...]
    village: Dot | None
    near: float
    bar: float
    bar_metres: int


def draw(village: Spot | None, spots: Sequence[Spot]) -> Map | None:
    """Village and positions on one square, so large that all of them are inside. None without any."""
    known = [*([village] if village else []), *spots]
    if not spots:
        return None
    middle = village or spots[0]
    ways = [_way(middle, each) for each in known]
    reach = max(max(abs(x), abs(y)) for x, y in ways)
    # Rings may leave the square: one vague position would make all others one point.
    reach = max(reach * 1.1, NEAR * 1.2 if village else 500.0)
    scale = (SIDE / 2 - RIM) / reach

    def dot(spot: Spot) -> Dot:
        x, y = _way(middle, spot)
        return Dot(
            round(SIDE / 2 + x * scale, 1),
            round(SIDE / 2 - y * scale, 1),
            round(min(spot.accuracy * scale, SIDE), 1),
            spot.lat,
            spot.lon,
            round(spot.accuracy),
            round(metres_between(middle, spot)),
        )

    bar_metres = _round_below(reach / 2)
    return Map(
        tuple(dot(each) for each in spots),
        dot(village) if village else None,
        round(NEAR * scale, 1),
        round(bar_metres * scale, 1),
        bar_metres,
    )


def _way(middle: Spot, spot: Spot) -> tuple[float, float]:
    """Metres east and north, on the plane that touches the middle: true enough over a county."""
    east = radians((spot.lon - middle.lon + 180) % 360 - 180) * cos(radians(middle.lat)) * EARTH
    return east, radians(spot.lat - middle.lat) * EARTH


def _round_below(metres: float) -> int:
    """The largest 1, 2 or 5 times a power of ten that is no more."""
    step = 1
    while step * 10 <= metres:
        step *= 10
    return next((step * each for each in (5, 2, 1) if step * each <= metres), 1)
