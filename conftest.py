import sys
from pathlib import Path

#: What the tests of one plugin share: `hotline_cast.py` and the like.
sys.path += map(str, Path(__file__).parent.glob("plugins/*/tests"))
pytest_plugins = ["lms.plugin.testing.fixtures"]


def pytest_collection_modifyitems(items):
    """Rules first: they need no database, which another process makes meanwhile."""
    items.sort(key=lambda item: "_server" in item.fixturenames)
