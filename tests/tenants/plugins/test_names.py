"""A plugin whose name or roles would come to nothing is found by the check."""

import pytest

from tests.tenants.plugins.test_start import CONFIG, distribution, start


@pytest.mark.parametrize("name", ["desk", "media", "login"])
def test_a_name_that_is_an_address_of_the_core(tmp_path, name):
    apps = CONFIG.replace('"odd"', f'"{name}"')
    done = start(distribution(tmp_path, name=name, apps=apps))
    assert done.returncode == 1
    assert "plugins.E004" in done.stderr
    assert f"the core has the address /{name}/" in done.stderr


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ('{"boss": ()}', "boss is no role; there are clerk, director"),
        ('{"clerk": ("veiw_odd",)}', "no model of it has the permission veiw_odd"),
    ],
)
def test_roles_that_cannot_be_given(tmp_path, roles, said):
    done = start(distribution(tmp_path, apps=f"{CONFIG}    roles = {roles}\n"))
    assert done.returncode == 1
    assert "plugins.E005" in done.stderr
    assert said in done.stderr
