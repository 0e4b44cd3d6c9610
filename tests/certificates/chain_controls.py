"""Controls: what a careless change would do to each service of the chain. The random sequences must
notice every one of them, by a difference or because the database refuses; else they prove nothing.
"""

from unittest import mock

from django.db import DatabaseError

from certificates import rules
from certificates.services import outcomes, revoke
from courses.fieldlog.services import review


def latest_counts(history, ended=frozenset()):
    """As if whoever speaks last were right."""
    return rules.employment.destination_of(history[-1:], ended)


def nothing(*_, **__):
    return []


def no_faults(*_, **__):
    return {}


#: What is broken: (of what, its name, what stands there instead).
CONTROLS = {
    "whoever sat there is trained": (rules, "trained", nothing),
    "nobody has to pass": (rules, "qualified", nothing),
    "one person, many certificates": (rules, "certified", nothing),
    "an outcome of a revoked certificate": (outcomes, "_refuse_invalid", nothing),
    "two full-time jobs": (outcomes, "_second_job", no_faults),
    "any outcome at all": (outcomes, "_faults", no_faults),
    "whoever speaks last is right": (rules, "destination_of", latest_counts),
    "the recorder reviews": (review, "_faults", nothing),
    "revoked for no reason": (revoke, "_said", lambda reason: reason or "-"),
}


def noticed(name, explore, most=40):
    """How many sequences it took to notice that `name` is broken; None when `most` did not.

    `explore(sequences, length, number)` runs them, one from each of its starts at a time.
    """
    with mock.patch.object(*CONTROLS[name]):
        for number in range(1, most + 1):
            try:
                found = explore(3, 50, number)
            except DatabaseError:
                return 3 * number
            if found.differences:
                return 3 * number
    return None
