"""Names as offices type them, and who has stood in a roster already."""

import re

DOTS = "·•‧・"


def same_name(one: str, other: str) -> bool:
    """Offices differ in the spaces and in which middle dot they type."""
    return _plain_name(one) == _plain_name(other)


def _plain_name(name: str) -> str:
    return re.sub(rf"[\s{DOTS}]", "", name)


class Seen:
    """Who is in the good rows of a roster, as numbers: ten thousand IDs and names as text take megabytes."""

    def __init__(self) -> None:
        self._names: dict[int, int] = {}

    def add(self, resident_id: str, name: str) -> None:
        self._names[_number(resident_id)] = hash(_plain_name(name))

    def is_same_name(self, resident_id: str, name: str) -> bool | None:
        """Whether the ID stood beside the same name; None when it is new."""
        found = self._names.get(_number(resident_id))
        return None if found is None else found == hash(_plain_name(name))


def _number(resident_id: str) -> int:
    return int(resident_id[:17])  # of which the last sign follows
