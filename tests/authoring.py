"""A plugin author at work beside this project, without a network."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg

from lms import database

ROOT = Path(__file__).parent.parent
SITE = f"trainbase_author_{os.getpid()}"


class Author:
    """`home` holds the plugin's folder and what is installed of it.

    The author has the plugins of these tests too, so that the database of the new one grows from
    theirs.
    """

    def __init__(self, home):
        self.home = home
        self.paths = [ROOT / "tests" / "sample_plugin", ROOT / "tests" / "broken_plugin"]

    def run(self, *command, cwd=ROOT, site=""):
        """What it prints, and its exit code."""
        mine = ("TRAINBASE_DATABASE", "TRAINBASE_FILES", "PYTHONPATH", "PYTEST_")
        env = {k: v for k, v in os.environ.items() if not k.startswith(mine)}
        env |= {"PYTHONPATH": os.pathsep.join(map(str, self.paths)), "PYTHONDONTWRITEBYTECODE": "1"}
        if site:
            env["TRAINBASE_DATABASE"] = site
        done = subprocess.run(
            [sys.executable, *command],
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr, done.returncode

    def install(self, folder):
        """As `uv pip install -e` does it: build, keep what describes it, and use the folder itself.

        Gives the names in the wheel.
        """
        wheels, site = self.home / "wheels", self.home / "site"
        for old in (wheels, site):
            shutil.rmtree(old, ignore_errors=True)
        said, failed = self.run("-m", "hatchling", "build", "-t", "wheel", "-d", wheels, cwd=folder)
        assert not failed, said
        with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
            names = wheel.namelist()
            wheel.extractall(site, [name for name in names if ".dist-info/" in name])
        if folder not in self.paths:
            self.paths += [folder, site]
        return names

    def site(self, plugin):
        """A site of the author's own, as it was before the plugin's last change."""
        with self._link() as link:
            (name,) = link.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'trainbase_test_%%'"
                " AND shobj_description(oid, 'pg_database') LIKE %s",
                [f'%"{plugin}"%'],
            ).fetchone()
            link.execute(f'CREATE DATABASE "{SITE}" TEMPLATE "{name}"')
        return SITE

    def close(self):
        with self._link() as link:
            link.execute(f'DROP DATABASE IF EXISTS "{SITE}" WITH (FORCE)')

    @staticmethod
    def _link():
        database.ensure_server()
        conf = database.settings()
        return psycopg.connect(
            host=conf["HOST"] or None,
            port=conf["PORT"] or None,
            user=conf["USER"] or None,
            password=conf.get("PASSWORD") or None,
            dbname="postgres",
            autocommit=True,
        )
