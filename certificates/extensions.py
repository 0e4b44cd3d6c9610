"""Where a plugin can add to certificates."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenants.plugins.points import Point, Policy
from tenants.verdict import Verdict


@dataclass(frozen=True)
class Eligibility:
    """One trainee of a class before issue. `age` is in whole years on the day `on`.

    Minutes are of teaching; scores are out of 100, None before the assessment. `enrolment_id` is
    the key of the enrolment at this base.
    """

    project_code: str
    project_name: str
    level: str
    class_code: str
    trade_code: str
    starts_on: date
    ends_on: date
    enrolment_id: int
    holder_name: str
    age: int
    planned_minutes: int
    attended_minutes: int
    theory_score: Decimal | None
    practice_score: Decimal | None
    on: date


@dataclass(frozen=True)
class Paper:
    """A certificate before it is drawn: its claims as text, what its QR code holds, and it as SVG.

    The paper must print every claim, and the SVG as it is.
    """

    claims: Mapping[str, str]
    url: str
    has_photo: bool
    qr: str


@dataclass(frozen=True)
class Checked:
    """A valid certificate that somebody checks."""

    number: str
    claims: Mapping[str, str]
    issued_on: date
    issuer: str


@dataclass(frozen=True)
class Firm:
    """A registered employer that looks at its own page at the centre."""

    uscc: str
    name: str
    trade: str
    division_code: str


@dataclass(frozen=True)
class Vacancy:
    """A line on the employer's own page. `address` begins with `/` or `https://`, or is empty."""

    title: str
    note: str = ""
    address: str = ""


Judged = Verdict | Iterable[Verdict] | None

eligibility_rules: Point[Callable[[Eligibility], Judged]] = Point("eligibility_rules", Policy.BLOCK)
evidence_checks: Point[Callable[[Eligibility], Judged]] = Point("evidence_checks", Policy.BLOCK)
certificate_templates: Point[Callable[[Paper], str | None]] = Point(
    "certificate_templates", Policy.FALL_BACK
)
verification_outputs: Point[Callable[[Checked], Iterable[tuple[str, str]] | None]] = Point(
    "verification_outputs", Policy.SKIP
)
vacancies: Point[Callable[[Firm], Iterable[Vacancy] | None]] = Point("vacancies", Policy.SKIP)
