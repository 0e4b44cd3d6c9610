"""The answer of a rule: never a bare False."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Verdict:
    """What one rule says about one case.

    `value` and `threshold` are for people, with their unit; `source` names the document that the
    rule comes from; `zh` and `en` say what happened, and for a refusal what to do next.
    """

    rule: str
    ok: bool
    value: str
    threshold: str
    source: str
    zh: str
    en: str

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


def faults_of(verdicts: Iterable[Verdict]) -> list[str]:
    """What the refusing verdicts say, in Chinese and English."""
    return [f"{verdict.zh} / {verdict.en}" for verdict in verdicts if not verdict.ok]
