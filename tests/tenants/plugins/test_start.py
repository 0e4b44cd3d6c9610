"""A plugin that does not fit refuses the start with one line; one setting starts without it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("django_db_setup")  # what is started looks for a server
ROOT = Path(__file__).parents[3]
GOOD = "Requires-Dist: trainbase>=0.1,<2"
CONFIG = """
from lms.plugin import PluginConfig

class Config(PluginConfig):
    name = "trainbase_odd"
    label = "odd"
    title, title_en, description, description_en = "怪", "Odd", "怪。", "Odd."
"""


def distribution(folder, dist="trainbase-odd", name="odd", requires=GOOD, apps=CONFIG, **files):
    """An installed distribution, as the import system sees it."""
    package = dist.replace("-", "_")
    info = folder / f"{package}-3.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {dist}\nVersion: 3.2\nAuthor: Odd Author\n{requires}\n"
    )
    (info / "entry_points.txt").write_text(f"[trainbase.plugin]\n{name} = {package}.apps:Config\n")
    (folder / package).mkdir()
    (folder / package / "__init__.py").write_text("")
    (folder / package / "apps.py").write_text(apps.replace("trainbase_odd", package))
    for file, text in files.items():
        (folder / package / f"{file}.py").write_text(text)
    return folder


def start(folder, program="manage.py", skip="", *, arguments=("check",)):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment |= {"PYTHONPATH": str(folder), "TRAINBASE_SKIP_BAD_PLUGINS": skip}
    command = [sys.executable, program, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_one_that_fits_starts(tmp_path):
    done = start(distribution(tmp_path))
    assert done.returncode == 0, done.stderr


BAD = {
    "a bound that leaves this version out": (
        {"requires": "Requires-Dist: trainbase>=9"}, "trainbase>=9"
    ),
    "no bound": ({"requires": ""}, "does not say which versions"),
    "a dependency that is missing": (
        {"requires": f"{GOOD}\nRequires-Dist: not-there-at-all>=1"}, "not-there-at-all>=1"
    ),
    "a dependency that is too old": (
        {"requires": f"{GOOD}\nRequires-Dist: django>=99"}, "it needs django>=99"
    ),
    "a dependency that cannot be read": (
        {"requires": f"{GOOD}\nRequires-Dist: ==="}, "cannot be read"
    ),
    "a name of the core": ({"name": "courses"}, "the core has the name courses"),
    "a name that is none": ({"name": "Odd-Name"}, "lower-case letters"),
    "an error at import": ({"apps": "raise RuntimeError('on purpose')"}, "on purpose"),
    "an error in its models": (
        {"models": "import nothing_of_this_name"}, "nothing_of_this_name"
    ),
    "a module that is no Python": ({"models": "class"}, "SyntaxError"),
    "an error in its extensions": ({"extensions": "1 / 0"}, "ZeroDivisionError"),
    "an extension that is none": (
        {"extensions": "from lms.plugin import eligibility_rules\n"
                       "eligibility_rules(7)"}, "Registered"
    ),
    "no configuration of that name": ({"apps": ""}, "odd"),
}  # fmt: skip


WHICH = """
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("check")
print(*(plugin.distribution for plugin in settings.BAD_PLUGINS))
"""


@pytest.mark.parametrize("what", BAD)
def test_a_bad_one_refuses_the_start_with_one_line(tmp_path, what):
    changed, said = BAD[what]
    done = start(distribution(tmp_path, **changed))
    assert done.returncode == 1
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert said in lines[0]
    assert "TRAINBASE_SKIP_BAD_PLUGINS=1" in lines[0]


def test_the_setting_starts_without_all_of_them_and_names_each(tmp_path):
    for number, (changed, _) in enumerate(BAD.values()):
        own = f"odd{number}"
        apps = changed.get("apps", CONFIG).replace('"odd"', f'"{own}"')
        named = {"name": own, **changed, "apps": apps}
        distribution(tmp_path / own, dist=f"trainbase-{own}", **named)
    paths = os.pathsep.join(str(folder) for folder in tmp_path.iterdir())
    done = start(paths, "-c", "1", arguments=(WHICH,))
    assert done.returncode == 0, done.stderr
    named = done.stdout.splitlines()[-1].split()
    assert sorted(named) == sorted(f"trainbase-odd{number}" for number in range(len(BAD)))


def test_two_of_one_name_are_both_refused_and_named(tmp_path):
    distribution(tmp_path / "a")
    distribution(tmp_path / "b", dist="trainbase-other")
    both = os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")])
    done = start(both)
    assert done.returncode == 1
    assert "trainbase-odd" in done.stderr
    assert "trainbase-other" in done.stderr
    assert start(both, skip="1").returncode == 0


def test_the_web_process_says_the_line_and_ends(tmp_path):
    folder = distribution(tmp_path, requires="Requires-Dist: trainbase>=9")
    done = start(folder, "-c", arguments=("import lms.wsgi",))
    assert done.returncode == 3
    assert "trainbase>=9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_type_that_the_gate_cannot_keep_is_found_by_the_check(tmp_path):
    models = "from wagtail.models import Page\n\nclass Loose(Page):\n    pass\n"
    done = start(distribution(tmp_path, models=models))
    assert done.returncode == 1
    assert "plugins.E003" in done.stderr


def test_a_hook_that_the_gate_cannot_keep_is_found_by_the_check(tmp_path):
    hooks = (
        "from lms.plugin import hooks\n\n@hooks.register('register_bulk_action')\n"
        "class Action:\n    pass\n"
    )
    done = start(distribution(tmp_path, wagtail_hooks=hooks))
    assert done.returncode == 1
    assert "plugins.E001" in done.stderr


MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Odd", [("id", models.BigAutoField(primary_key=True))]),
    ]
"""
HALF_WAY = """
from django.db import migrations

def fail(apps, editor):
    apps.get_model("odd", "Odd").objects.create()
    raise RuntimeError("half-way")

class Migration(migrations.Migration):
    dependencies = [("odd", "0001_odd")]
    operations = [migrations.RunPython(fail)]
"""


def test_a_migration_that_fails_half_way_is_named_and_leaves_every_base_as_it_was(
    tmp_path, committed
):
    from django.db import connection

    folder = distribution(tmp_path, models="from django.db import models\n\n"
                          "class Odd(models.Model):\n    pass\n")  # fmt: skip
    steps = folder / "trainbase_odd" / "migrations"
    steps.mkdir()
    (steps / "__init__.py").write_text("")
    (steps / "0001_odd.py").write_text(MIGRATION)
    (steps / "0002_half_way.py").write_text(HALF_WAY)
    paths = os.pathsep.join([str(folder), os.environ["PYTHONPATH"]])
    connection.close()
    done = start(paths, arguments=("migrate_bases",))
    assert done.returncode == 1
    for schema in ("b_north", "b_south", "c_centre"):
        assert schema in done.stderr
    assert "a migration of the plugin odd failed: half-way" in done.stdout
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM b_north.odd_odd")
        assert cursor.fetchone() == (0,)
    from django.test import Client

    assert Client(HTTP_HOST="north.localhost").get("/").status_code == 200


def test_two_with_one_label_are_refused(tmp_path):
    distribution(tmp_path / "a")
    distribution(
        tmp_path / "b", dist="trainbase-other", name="other",
        apps=CONFIG.replace('"odd"', '"odd"'),
    )  # fmt: skip
    done = start(os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")]))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
