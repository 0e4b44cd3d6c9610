"""Controls: what a careless change would do to each service of the chain. The random sequences must
notice every one of them, by a difference or because the database refuses; else they prove nothing.
"""

from unittest import mock

from django.db import DatabaseError

from certificates import rules
from certificates.employment.services import claims
from certificates.services import evidence, outcomes, revoke
from courses import moments
from courses.fieldlog.services import review
from courses.intake.services import enter, places
from courses.models.people import EnrolmentQuerySet


def latest_counts(history, ended=frozenset()):
    """As if whoever speaks last were right."""
    return rules.employment.destination_of(history[-1:], ended)


def nothing(*_, **__):
    return []


def no_faults(*_, **__):
    return {}


def room_for_all(_, people):
    """As if a class had no end of places, and nobody waited."""
    return people


def everybody(rows, *_):
    """As if whoever waits or has left sat there."""
    return rows.all()


def from_behind(training_class):
    """As if the last on the waiting list were the first."""
    return training_class.enrolments.filter(state="waiting").order_by("-queue")


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
    "a full class takes everybody": (enter.Room, "takes", room_for_all),
    "whoever has a place leaves a finished class": (places, "may_leave", nothing),
    "the last who waits is the first": (places, "_waiting", from_behind),
    "marks of who is not in the class": (EnrolmentQuerySet, "on_roll_of", everybody),
    "a certificate for who is not in the class": (evidence, "_off_roll", nothing),
    "a claim is decided twice": (claims, "_open", lambda claim: claim),
    "nobody hears of a move": (moments.chain_moved, "send", nothing),
}


#: From each start the simplest one, which is soon over, and a random one.
SEQUENCES = 8


def noticed(name, explore, most=15):
    """How many sequences it took to notice that `name` is broken; None when `most` did not.

    `explore` runs them, some from each of its starts at a time.
    """
    with mock.patch.object(*CONTROLS[name]):
        for number in range(1, most + 1):
            try:
                found = explore(SEQUENCES, 50, number, stop=True)
            except DatabaseError:
                return SEQUENCES * number
            if found.differences:
                return SEQUENCES * number
    return None
