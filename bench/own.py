"""A database and a folder of files that a measurement has to itself; both go when it ends."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from lms import database


@contextmanager
def own_database(name: str) -> Iterator[None]:
    """Set the environment to an empty database `name`, before Django starts."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
    database.ensure_server()
    conf = database.settings()
    link = psycopg.connect(
        host=conf["HOST"],
        port=conf["PORT"],
        user=conf["USER"],
        password=conf.get("PASSWORD") or None,
        dbname="postgres",
        autocommit=True,
    )
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    link.execute(drop)
    link.execute(f"CREATE DATABASE {name}")
    os.environ["TRAINBASE_DATABASE"] = name
    os.environ["TRAINBASE_FILES"] = tempfile.mkdtemp(prefix=f"{name}-")
    try:
        yield
    finally:
        from django.db import connection

        connection.close()
        link.execute(drop)
        link.close()
        shutil.rmtree(os.environ["TRAINBASE_FILES"])
