"""Which PostgreSQL the site talks to: DATABASE_URL, or the embedded one in `var/`; one machine, or Citus."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

from lms.embedded import Server

ENGINE = "django_tenants.postgresql_backend"
ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TRAINBASE_VAR", ROOT / "var"))


def is_embedded() -> bool:
    return not os.environ.get("DATABASE_URL")


def server() -> Server:
    return Server(VAR / "postgres")


def ensure_server() -> None:
    """Start the embedded server unless DATABASE_URL names a real one. Idempotent."""
    if is_embedded():
        server().ensure_started()


def is_citus() -> bool:
    return os.environ.get("TRAINBASE_CITUS") == "1"


def original_backend() -> str:
    """What django-tenants builds its own backend on."""
    return "tenants.citus" if is_citus() else "django.db.backends.postgresql"


def settings() -> dict[str, Any]:
    """The `default` entry of DATABASES.

    Connections live for five minutes at most: a backend keeps memory for every schema visited.
    """
    if url := os.environ.get("DATABASE_URL"):
        found = dict(dj_database_url.parse(url, engine=ENGINE))
    else:
        params = server().params()
        found = {
            "ENGINE": ENGINE,
            "NAME": params["dbname"],
            "USER": params["user"],
            "HOST": params["host"],
            "PORT": str(params["port"]),
        }
    if name := os.environ.get("TRAINBASE_DATABASE"):
        found["NAME"] = name
    return found | {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": True}
