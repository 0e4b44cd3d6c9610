"""Answer a scan before Django begins: one statement, one page made beforehand.

Whatever is not plain goes on to the full stack, whose answer is the same: another host or method, a
number, a code whose page was not made today, a database that does not answer. The frame of the page
and the host are what the full stack has shown within the last SECONDS.
"""

import hashlib
import hmac
import logging
import re
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

import psycopg
from django.conf import settings
from django.utils import timezone

from certificates.register.models import Document, Miss, RegisterEntry, Scan
from certificates.token import CODE_LENGTH, normalise_code
from tenants import crypto

SECONDS = 5.0
MAX_AGE = 60  # seconds that a browser or proxy may keep an answer: the revocation lag that the page states
KEEP = f"public, max-age={MAX_AGE}"
MISSES = 30  # codes that do not exist, of one address in a minute
MARKER = "\x02answer\x03"
PATH = re.compile(r"^/c/([^/]{1,60})$")
log = logging.getLogger(__name__)

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]


@dataclass(frozen=True)
class Frame:
    """What stands around every answer of a host; the page for an unknown code, where it was cut for
    what was typed.
    """

    before: bytes
    after: bytes
    unknown: tuple[bytes, ...]
    headers: tuple[tuple[str, str], ...]
    version: str
    until: float


_frames: dict[str, Frame] = {}
_local = threading.local()
_scans: Counter[tuple[str, int]] = Counter()
_scans_lock = threading.Lock()
_flushed = time.monotonic()

FIND = (
    "SELECT e.id IS NOT NULL, d.content FROM (SELECT %s::text AS code) q "
    f"LEFT JOIN public.{RegisterEntry._meta.db_table} e ON e.code = q.code "
    f"LEFT JOIN public.{Document._meta.db_table} d "
    "ON d.code = q.code AND d.version = %s AND d.day = %s"
)
COUNT_MISS = (
    f"INSERT INTO public.{Miss._meta.db_table} AS m (who, minute, times) VALUES (%s, %s, 1) "
    "ON CONFLICT (who, minute) DO UPDATE SET times = m.times + 1 RETURNING times"
)
FORGET_MISSES = f"DELETE FROM public.{Miss._meta.db_table} WHERE minute < %s RETURNING minute"
COUNT_SCAN = (
    f"INSERT INTO public.{Scan._meta.db_table} AS s (code, hour, times) VALUES (%s, %s, %s) "
    "ON CONFLICT (code, hour) DO UPDATE SET times = s.times + excluded.times RETURNING times"
)


def show(host: str, page: str, unknown: str, headers: dict[str, str], version: str) -> None:
    """The full stack has answered for this host: its frame holds for the next SECONDS. In `page`
    MARKER stands for the answer, in `unknown` for what was typed.
    """
    before, _, after = page.partition(MARKER)
    if len(_frames) > 64:
        _frames.clear()
    _frames[host] = Frame(
        before.encode(),
        after.encode(),
        tuple(part.encode() for part in unknown.split(MARKER)),
        tuple(headers.items()),
        version,
        time.monotonic() + SECONDS,
    )


class VerifyFirst:
    """WSGI around Django's application."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        try:
            answer = _answer(environ)
        except psycopg.Error as error:
            log.warning("verify: %s", type(error).__name__)
            _local.link = None
            answer = None
        if answer is None:
            return self.app(environ, start)
        status, headers, content = answer
        start(status, [*headers, ("Content-Length", str(len(content)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else content]


Answer = tuple[str, list[tuple[str, str]], bytes]


def _answer(environ: dict[str, Any]) -> Answer | None:
    match = PATH.match(environ.get("PATH_INFO", ""))
    if not match or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    frame = _frames.get(environ.get("HTTP_HOST", ""))
    if frame is None or frame.until < time.monotonic() or not _is_safe(environ):
        return None
    try:
        typed = match[1].encode("latin-1").decode()  # how WSGI hands over a path
    except UnicodeError:
        return None
    code = normalise_code(typed)
    if len(code) != CODE_LENGTH or "\0" in code:
        return None
    exists, content = _ask(FIND, [code, frame.version, timezone.localdate()])
    if not exists:
        return _unknown(environ, frame, typed)
    if content is None:
        return None
    page = frame.before + zlib.decompress(content) + frame.after
    count(code)
    tag = tag_of(page)
    headers = [*frame.headers, ("ETag", tag), ("Cache-Control", KEEP)]
    if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        return "304 Not Modified", headers, b""
    return "200 OK", headers, page


def tag_of(page: bytes) -> str:
    return f'"{hashlib.blake2b(page, digest_size=12).hexdigest()}"'


def _unknown(environ: dict[str, Any], frame: Frame, typed: str) -> Answer | None:
    """The same page for every code that does not exist; the full stack says that it is too often."""
    if missed(caller(environ)) > MISSES:
        environ["trainbase.missed"] = True
        return None
    page = escape(typed[:60]).encode().join(frame.unknown)
    return "404 Not Found", [*frame.headers, ("Cache-Control", "no-store")], page


def missed(address: str, ask: Callable[[str, list[Any]], Any] | None = None) -> int:
    """How many codes that do not exist the address has asked for in this minute, with this one."""
    minute = int(time.time()) // 60
    key = crypto.derive("verify/miss", settings.DIGEST_KEY_ID)
    who = hmac.digest(key, f"{minute}|{address}".encode(), "sha256")
    (times,) = (ask or _ask)(COUNT_MISS, [who, minute])
    if times == 1:
        (ask or _ask)(FORGET_MISSES, [minute - 1])
    return int(times)


def count(code: str) -> None:
    """One more check of the certificate; written with others, at most once a second. A kill loses
    the counts of a second, and nothing else.
    """
    global _flushed
    with _scans_lock:
        _scans[code, int(time.time()) // 3600] += 1
        if time.monotonic() - _flushed < 1 and len(_scans) < 1000:
            return
        _flushed = time.monotonic()
    flush()


def flush() -> None:
    with _scans_lock:
        news = sorted(_scans.items())
        _scans.clear()
    if news:
        rows = [(code, datetime.fromtimestamp(h * 3600, UTC), n) for (code, h), n in news]
        with _link().cursor() as cursor:
            cursor.executemany(COUNT_SCAN, rows)


def caller(environ: dict[str, Any]) -> str:
    """As `tenants.throttle.caller` reads it."""
    proxies = settings.TRUSTED_PROXIES
    seen = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if proxies and len(seen) >= proxies and seen[-proxies].strip():
        return str(seen[-proxies].strip())
    return str(environ.get("REMOTE_ADDR", ""))


def _is_safe(environ: dict[str, Any]) -> bool:
    if not settings.PRODUCTION:
        return True
    proto = environ.get("HTTP_X_FORWARDED_PROTO", environ.get("wsgi.url_scheme", ""))
    return bool(proto == "https")


def _ask(statement: str, values: list[Any]) -> Any:
    return _link().execute(statement, values).fetchone()  # type: ignore[arg-type]


def _link() -> psycopg.Connection[Any]:
    """A connection of this thread that no tenant's search path ever touches."""
    link: psycopg.Connection[Any] | None = getattr(_local, "link", None)
    if link is None or link.closed:
        conf = settings.DATABASES["default"]
        link = _local.link = psycopg.connect(
            host=conf["HOST"] or None,
            port=conf["PORT"] or None,
            user=conf["USER"] or None,
            password=conf.get("PASSWORD") or None,
            dbname=conf["NAME"],
            autocommit=True,
            connect_timeout=5,
            options="-c search_path=public -c statement_timeout=5000",
        )
    return link
