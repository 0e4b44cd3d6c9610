"""A plugin author at work beside this project: with a folder, a database server and no network."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg

from lms.embedded import Server

ROOT = Path(__file__).parent.parent


class Author:
    """`home` holds the plugin's folder, what is installed of it, and the author's own server.

    An own server: the tests of the plugin would drop the template of this run.
    """

    def __init__(self, home):
        self.home = home
        home.chmod(0o755)  # PostgreSQL is another user where the tests run as root
        self.server = Server(home / "var" / "postgres")
        self.paths = []

    def close(self):
        self.server.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def run(self, *command, cwd=ROOT, database=""):
        """What it prints, and its exit code."""
        mine = ("TRAINBASE_", "PYTHONPATH", "PYTEST_", "DATABASE_URL")
        env = {k: v for k, v in os.environ.items() if not k.startswith(mine)}
        env |= {"TRAINBASE_VAR": str(self.home / "var"), "PYTHONDONTWRITEBYTECODE": "1"}
        env["PYTHONPATH"] = os.pathsep.join(map(str, self.paths))
        if database:
            env["TRAINBASE_DATABASE"] = database
        done = subprocess.run(
            [sys.executable, *command],
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr, done.returncode

    def manage(self, *command, **more):
        return self.run(str(ROOT / "manage.py"), *command, **more)

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
        self.paths = [folder, site]
        return names

    def database(self):
        """A site of the author's own, as it was before the plugin's last change."""
        with psycopg.connect(
            **self.server.params() | {"dbname": "postgres"}, autocommit=True
        ) as db:
            (name,) = db.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'trainbase_test_%'"
            ).fetchone()
            db.execute("DROP DATABASE IF EXISTS site")
            db.execute(f'CREATE DATABASE site TEMPLATE "{name}"')
        return "site"
