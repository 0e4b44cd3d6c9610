"""The few people of the random sequences, and how a step chooses among what is there."""

from courses.models import Trainee
from courses.services import identity
from tests.story import ids

PEOPLE = [*ids(4, seed=77), "222403202001010018"]  # the last one is a child
CHILD = len(PEOPLE) - 1


def pick(things, n):
    if not things:
        raise LookupError
    return things[n % len(things)]


def name_on_file(person):
    """A correction may have changed it: whoever comes under the old one is refused."""
    known = Trainee.objects.filter(id_digest=identity.base_digest(PEOPLE[person]))
    return known.values_list("name", flat=True).first() or f"学员{person + 1}"
