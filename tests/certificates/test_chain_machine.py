"""Whatever is called in whatever order, nobody gets ahead in the chain: services against a model."""

from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, given, seed, settings
from hypothesis import strategies as st

from tests.certificates.chain_driver import AHEAD, WEIGHTS, Chain

SEQUENCES, STEPS = 150, 5  # `script/bench chain` makes 2,000 of 50
#: An open class; one that is taught, reviewed and assessed; three certificates; those with work that
#: somebody has spoken of, and beside them a class with a free place and people who wait.
STARTS = (5, 11, 16, len(AHEAD))
small = st.integers(0, 15)
op = st.tuples(
    st.sampled_from([name for name, weight in WEIGHTS.items() for _ in range(weight)]),
    *(st.integers(0, 5), st.integers(0, 9), st.integers(0, 9), small, st.integers(0, 14)),
    st.sampled_from((1, 1, 1, 0)),  # whether a reason is given
)


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
        "call": (c, s, how, reason),
        "claim": (c, how),
        "accept_claim": (c, s, who, how),
        "refuse_claim": (c, reason),
        "link": (c, s % 3, who, how, reason),
        "ask_employer": (c, s, who, reason),
        "employer": (c, how),
        "employer_left": (c, reason),
        "reevaluated": (c, s % 2, reason),
        "enrol": (c, who),
        "withdraw": (c, who, reason, s % 7),
        "transfer": (c, s, reason),
        "take_back": (c, reason),
        "admit": (c, s % 4, reason),
        "room": (c, how % 8),
        "move_up": (c,),
        "object": (c, s % 6),
        "decide_objection": (c, s, who % 5),
    }[name]


@dataclass
class Found:
    sequences: int = 0
    steps: int = 0
    accepted: Counter = field(default_factory=Counter)
    differences: list = field(default_factory=list)


def explore(sequences, length, number=0, stop=False):
    """So many sequences of `length` steps on the real database, from each of STARTS; nothing of them is
    left. Some calls are about nobody: they are drawn besides, and count as no step; a sequence that
    has fewer steps for it does not count. With `stop` no start is tried after one from which something
    differs.
    """
    found = Found()
    for n, begun in enumerate(STARTS):
        if stop and found.differences:
            break
        share = len(range(n, sequences, len(STARTS)))
        with transaction.atomic():
            if share:
                _from_here(Chain().run(AHEAD[:begun], len(AHEAD)), share, length, number + n, found)
            transaction.set_rollback(True)
    return found


def _from_here(start, sequences, length, number, found):
    found.differences += start.differences

    @settings(
        max_examples=sequences,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @seed(number)
    @given(st.lists(op, min_size=3 * length, max_size=3 * length))
    def every(ops):
        with transaction.atomic():
            chain = start.fork().run([fitted(step) for step in ops], length)
            transaction.set_rollback(True)
        found.differences += chain.differences
        assume(chain.steps == length or chain.differences)
        found.sequences += 1
        found.steps += chain.steps
        found.accepted += chain.accepted

    every()


def test_services_and_model_say_the_same_of_every_sequence(north):
    found = explore(SEQUENCES, STEPS)
    assert found.differences == []
    assert found.sequences == SEQUENCES
    assert found.accepted.total() > found.steps / 5, "calls that are refused prove little"
