"""What a design says, as plain facts: what the paper is drawn by, and what is frozen with it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from certificates.claims import LABELS

PAPERS = {"a4": (297, 210), "a5": (210, 148), "card": (86, 54)}  # millimetres, wide and high
COLOURS = {"red": "#9e1b1e", "blue": "#1f4e8c", "green": "#1f6b3b", "black": "#2b2b2b"}
SEALS = ("drawn", "picture", "none")
SIGNATURES = 3  # as many as the paper has room for
#: Printed on a card whatever is chosen: without these it could not be checked at all.
ON_EVERY_CARD = ("holder_name", "project_name", "number", "code", "issued_on")
CARD_EXTRAS = 3
CLAIMS = tuple(LABELS)


@dataclass(frozen=True)
class Signature:
    """A person under the paper; `picture` names the scan of the signature, or is empty."""

    name: str
    title: str
    picture: str = ""


@dataclass(frozen=True)
class Design:
    """Pictures are named by the SHA-256 of their bytes. `shown` are the claims of the table, in its
    order; the others are printed in small type below it. On a card `shown` are further lines.
    """

    paper: str = "a4"
    bilingual: bool = True
    title: str = "培训合格证书"
    title_en: str = "Certificate of Training"
    colour: str = "red"
    logo: str = ""
    seal: str = "drawn"
    seal_picture: str = ""
    photo: bool = True
    shown: tuple[str, ...] = CLAIMS
    note: str = ""
    signatures: tuple[Signature, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON; tuples become lists."""
        made: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return made

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Design":
        """Raises KeyError, TypeError or ValueError for what was never a design."""
        read = {f.name: kept[f.name] for f in fields(cls) if f.name in kept}
        made = replace(
            cls(**read),
            shown=tuple(str(key) for key in kept["shown"]),
            signatures=tuple(Signature(**each) for each in kept["signatures"]),
        )
        if made.paper not in PAPERS or made.colour not in COLOURS or made.seal not in SEALS:
            raise ValueError("no design of this version")
        if strange := set(made.shown) - set(CLAIMS):
            raise ValueError(f"no claims: {sorted(strange)}")
        return made

    def pictures(self) -> list[str]:
        named = [self.logo, self.seal_picture, *(s.picture for s in self.signatures)]
        return [name for name in dict.fromkeys(named) if name]

    def digest(self) -> str:
        """SHA-256 over the design as canonical JSON; the pictures are in it by their own digests."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def words(self) -> str:
        """All that the design itself prints: its characters must be in the fonts too."""
        said = "".join(s.name + s.title for s in self.signatures)
        return self.title + self.title_en + self.note + said


BUILT_IN = Design()
