"""When the database of all tests is made anew, and when it is brought up from the last one."""

import pytest

from lms.plugin.testing import databases

ONE = {"odd": {"apps.py": "a", "0001_odd.py": "1"}}


@pytest.mark.parametrize(
    ("now", "grew"),
    [
        (ONE, True),
        ({"odd": {"apps.py": "b", "0001_odd.py": "1", "0002_more.py": "2"}}, True),
        (ONE | {"other": {"0001_other.py": "9"}}, True),
        ({"odd": {"apps.py": "a", "0001_odd.py": "changed"}}, False),
        ({"odd": {"apps.py": "a"}}, False),
        ({"other": {}}, False),
    ],
)
def test_a_template_serves_again_where_plugins_have_only_gained_migrations(now, grew):
    assert databases.grew_from(ONE, now) is grew


def test_a_migration_that_its_author_changes_makes_another_template(tmp_path, monkeypatch):
    from tests.tenants.plugins.test_start import distribution

    folder = distribution(tmp_path)
    monkeypatch.syspath_prepend(str(folder))
    before = databases.of_plugins()
    (folder / "trainbase_odd" / "migrations").mkdir()
    (folder / "trainbase_odd" / "migrations" / "0001_odd.py").write_text("# new")
    after = databases.of_plugins()
    assert before["odd"].keys() == {"apps.py"}
    assert after["odd"].keys() == {"apps.py", "0001_odd.py"}
