"""The story of `story.py`: on one machine always, on a cluster where CITUS_URL names one.

CITUS_URL is an empty database of a registered coordinator, with workers and the extension in place;
docs/how-to/run-on-citus.md says how. It is left filled, for whoever wants to look.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tenants.citus import story

ROOT = Path(__file__).parents[3]
URL = os.environ.get("CITUS_URL", "")


def test_on_one_machine_the_story_is_true_but_for_the_workers(committed, settings, tmp_path):
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    story.tell(tmp_path)


@pytest.mark.skipif(
    not URL, reason="CITUS_URL names no coordinator, and no Citus can be installed from packages"
)
def test_on_a_cluster_the_story_is_true():
    environment = os.environ | {"DATABASE_URL": URL, "TRAINBASE_CITUS": "1"}
    environment.pop("TRAINBASE_DATABASE", None)  # the tests' own database on one machine
    done = subprocess.run(
        [sys.executable, "-m", "tests.tenants.citus.story"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-5000:]
