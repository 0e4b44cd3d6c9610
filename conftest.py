import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

#: What the tests of one plugin share: `hotline_cast.py` and the like.
sys.path += map(str, Path(__file__).parent.glob("plugins/*/tests"))
pytest_plugins = ["lms.plugin.testing.fixtures"]
# How long an example takes says something of the machine, and nothing of what is tested.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_collection_modifyitems(items):
    """Rules first: they need no database, which another process makes meanwhile."""
    items.sort(key=lambda item: "_server" in item.fixturenames)
