"""Whatever is called in whatever order, nobody gets ahead in the chain: services against a model."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.certificates.chain_driver import AHEAD, WEIGHTS, Chain

SEQUENCES, STEPS = 60, 20  # `script/bench chain` makes 2,000 of 50
small = st.integers(0, 15)
op = st.tuples(
    st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)]),
    *(st.integers(0, 5), st.integers(0, 9), st.integers(0, 9), small, st.integers(0, 14)),
    st.integers(0, 1),
)


def sequences(length):
    """Somewhere on the straight way, and then anything at all; more than `length`, as some are about
    nobody.
    """
    begun = st.sampled_from((0, 3, 4, 7, 9, 10, 11, *[len(AHEAD)] * 5)).map(lambda n: AHEAD[:n])
    more = st.lists(op, min_size=length, max_size=3 * length // 2)
    return st.tuples(begun, more).map(lambda parts: [*parts[0], *parts[1]])


def fitted(step):
    """The numbers that the step's service takes: as many of them as it asks for."""
    name, *given = step
    return (name, *(given if len(given) < 6 else spread(name, given)))


def spread(name, n):
    c, s, who, how, over, reason = n
    return {
        "open": (s % 8,),
        "roster": (c, who),
        "walk_in": (c, who),
        "mark": (c, s, who % 6, how, reason),
        "review": (c, s, who % 6, s, reason),
        "decide_mark": (c, s, who % 4, how, reason),
        "score": (c, who % 6, how, reason, s % 6),
        "state": (c, who),
        "issue": (c,),
        "correct": (c, who, reason),
        "ask": (c, s, who, reason),
        "decide_revocation": (c, s, who, reason),
        "release": (c, reason),
        "outcome": (c, s, who, how, over, reason),
        "object": (c, s % 6),
        "decide_objection": (c, s, who % 5),
    }[name]


def run(ops, most):
    """One sequence of at most `most` steps on the real database; nothing of it is left."""
    with transaction.atomic():
        chain = Chain().run([fitted(step) for step in ops], most)
        transaction.set_rollback(True)
    return chain


@settings(
    max_examples=SEQUENCES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(sequences(STEPS))
def test_services_and_model_say_the_same_of_every_sequence(north, ops):
    assert run(ops, STEPS).differences == []
