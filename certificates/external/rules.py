"""How an external certificate stands on a day. Facts in, words out."""

from datetime import date, timedelta

EXPIRED, WITHIN_30, WITHIN_90, GOOD, UNLIMITED = "expired", "30", "90", "good", "unlimited"
#: Filter of the expiry list -> standings that it shows.
FILTERS: dict[str, frozenset[str]] = {
    EXPIRED: frozenset({EXPIRED}),
    WITHIN_30: frozenset({WITHIN_30}),
    WITHIN_90: frozenset({WITHIN_30, WITHIN_90}),
}


def standing(expires_on: date | None, today: date) -> str:
    """A certificate is good to the end of the day that it names; `30` and `90` are days from today."""
    if expires_on is None:
        return UNLIMITED
    if expires_on < today:
        return EXPIRED
    if expires_on <= today + timedelta(days=30):
        return WITHIN_30
    return WITHIN_90 if expires_on <= today + timedelta(days=90) else GOOD


def span(wanted: str, today: date) -> tuple[date | None, date | None]:
    """(first, last) day of expiry of a filter; None is open. Raises KeyError for another word."""
    return {
        EXPIRED: (None, today - timedelta(days=1)),
        WITHIN_30: (today, today + timedelta(days=30)),
        WITHIN_90: (today, today + timedelta(days=90)),
    }[wanted]


def fault_of_dates(
    issued_on: date, expires_on: date | None, today: date
) -> tuple[str, str, str] | None:
    """(field, zh, en) of what cannot be, or None."""
    if issued_on > today:
        return (
            "issued_on",
            "发证日期在今天之后，请核对",
            "the day of issue lies ahead: check it",
        )
    if expires_on is not None and expires_on < issued_on:
        return (
            "expires_on",
            "有效期早于发证日期，请核对",
            "it expires before it was issued: check both days",
        )
    return None
