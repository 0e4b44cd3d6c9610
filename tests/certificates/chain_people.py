"""The few people of the random sequences, and how a step chooses among what is there."""

from tests.story import ids

PEOPLE = [*ids(4, seed=77), "222403202001010018"]  # the last one is a child
CHILD = len(PEOPLE) - 1


def pick(things, n):
    if not things:
        raise LookupError
    return things[n % len(things)]
