"""The template of all tests: one migrated database with the cast, and copies of it.

Its name says of which code and which plugins it is. One for other plugins stays, so that the tests
of a plugin and those of the core do not take it from each other; and where a plugin has only gained
migrations, it is brought up from the last one in seconds.
"""

import hashlib
import importlib.util
import json
import os
from pathlib import Path

import psycopg
from psycopg import sql

from tenants.plugins.discover import discover

ROOT = Path(__file__).parents[3]
PREFIX = "trainbase_test_"
BARE = "trainbase_bare_"


def of_core():
    """Changes when the template must be made anew whatever the plugins are."""
    digest = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    apps = ("lms", "tenants", "courses", "certificates")
    patterns = ("migrations/*.py", "*/migrations/*.py", "*/services.py", "models.py", "models/*.py")
    watched = [path for app in apps for pattern in patterns for path in (ROOT / app).glob(pattern)]
    names = ("lms/plugin/testing/cast.py", "lms/roles.py", "lms/settings.py", "var/keys.json")
    names = (*names, "tenants/provisioning.py", "tenants/append_only.py")
    watched += [ROOT / name for name in names]
    for path in sorted(path for path in watched if path.exists()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def of_plugins():
    """Of each installed plugin the digests of its migrations, and of what gives rights to roles.

    Not its version: an author changes tables and rights many times before the next one.
    """
    found = {}
    for plugin in discover(set(), "0"):
        spec = importlib.util.find_spec(plugin.package)
        for folder in map(Path, (spec.submodule_search_locations or []) if spec else []):
            files = [folder / "apps.py", *sorted(folder.glob("migrations/*.py"))]
            found[plugin.name] = {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
                for path in files
                if path.exists()
            }
    return found


def grew_from(before, now):
    """Whether `prepare` can bring a database of the plugins `before` to those of `now`."""
    return (
        all(
            migrations.items() <= now.get(name, {}).items()
            for name, files in before.items()
            for migrations in [{file: d for file, d in files.items() if file != "apps.py"}]
        )
        and before.keys() <= now.keys()
    )


class Databases:
    """Copies of the template, by plain SQL beside Django's connection."""

    def __init__(self):
        from django.db import connection

        self.connection = connection
        conf = connection.settings_dict
        self.original = conf["NAME"]
        self.core, self.plugins = of_core(), of_plugins()
        said = json.dumps(self.plugins, sort_keys=True)
        self.template = f"{PREFIX}{self.core}_{hashlib.sha256(said.encode()).hexdigest()[:8]}"
        self.link = psycopg.connect(
            host=conf["HOST"] or None,
            port=conf["PORT"] or None,
            user=conf["USER"] or None,
            password=conf["PASSWORD"] or None,
            dbname="postgres",
            autocommit=True,
        )

    @property
    def bare(self):
        """Migrated and empty, for a second installation beside this one; not there when the template
        has grown from another.
        """
        return self.template.replace(PREFIX, BARE)

    def exists(self, name):
        found = self.link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None

    def copy(self, name):
        self.drop(name)
        self.link.execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        self.use(name)

    def drop(self, name):
        self.link.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def use(self, name):
        self.connection.close()
        self.connection.settings_dict["NAME"] = name
        os.environ["TRAINBASE_DATABASE"] = name  # for processes that a test starts
        self.connection.set_schema_to_public()

    def make_template(self):
        from lms.plugin.testing.cast import build
        from tenants.provisioning import prepare_database

        draft = f"{PREFIX}draft"
        self.drop(draft)
        before = self._before()
        self.link.execute(f'CREATE DATABASE "{draft}" TEMPLATE "{before or "template0"}"')
        self.use(draft)
        prepare_database()
        self.connection.close()
        if not before:
            self.drop(self.bare)
            self.link.execute(f'CREATE DATABASE "{self.bare}" TEMPLATE "{draft}"')
            self.use(draft)
            build()
            self.connection.close()
        for name, plugins in self._others():
            if (
                not name.startswith(f"{PREFIX}{self.core}_")
                or plugins.keys() == self.plugins.keys()
            ):
                self.drop(name)
                self.drop(name.replace(PREFIX, BARE))
        self.link.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(draft), json.dumps(self.plugins)
            )
        )
        self.link.execute(f'ALTER DATABASE "{draft}" RENAME TO "{self.template}"')

    def _before(self):
        """The template of the same code with most of the plugins of now, or none."""
        fitting = [
            (len(plugins), name)
            for name, plugins in self._others()
            if name.startswith(f"{PREFIX}{self.core}_") and grew_from(plugins, self.plugins)
        ]
        return max(fitting)[1] if fitting else None

    def _others(self):
        """(name, plugins) of every template that is there."""
        found = self.link.execute(
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
            f" WHERE datname LIKE '{PREFIX}%' AND datname NOT LIKE '%\\_run\\_%'"
            f" AND datname <> '{PREFIX}draft'"
        )
        return [(name, json.loads(said or "{}")) for name, said in found]
