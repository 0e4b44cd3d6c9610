"""The three that are compared: our answer, the same by the full stack alone, and a bare lookup."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from lms.wsgi import application

from certificates.register import documents  # isort: skip  (Django has begun)
from django.conf import settings  # isort: skip

first = application
_local = threading.local()


def full(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Without our layer, and without keeping the page that it makes: only the answer is compared."""
    documents.keep = _only_made
    return application.app(environ, start)


def _only_made(tenant: object, code: str, make: Callable[[], str]) -> str:
    return make()


def bare(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """The least that an answer can be: one connection a thread, one statement, what it gives."""
    link = getattr(_local, "link", None)
    if link is None:
        conf = settings.DATABASES["default"]
        link = _local.link = psycopg.connect(
            host=conf["HOST"], port=conf["PORT"] or None, user=conf["USER"],
            password=conf.get("PASSWORD"), dbname=conf["NAME"], autocommit=True,
        )  # fmt: skip
    code = environ["PATH_INFO"].rpartition("/")[2]
    row = link.execute(
        "SELECT content FROM public.register_document WHERE code = %s", [code]
    ).fetchone()
    content = row[0] if row else b"unknown"
    start(
        "200 OK" if row else "404 Not Found",
        [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content)))],
    )
    return [content]
