"""Who takes part: the hotline is on at the centre, at north and at south."""

from contextlib import ExitStack

import pytest
from hotline_cast import department, person

from lms.plugin.testing import inside, plugin_on


@pytest.fixture
def hotline(db):
    """Inside north; on at all three."""
    with ExitStack() as stack:
        for slug in ("centre", "north", "south"):
            stack.enter_context(plugin_on(slug, "hotline"))
        yield stack.enter_context(inside("north"))


@pytest.fixture
def clerk(hotline):
    return person("clerk")


@pytest.fixture
def office(hotline):
    return department("劳动监察联络组")
