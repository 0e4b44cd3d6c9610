"""Calls of a plugin's rules: each in a thread of its own kind, for so many seconds, read-only.

A rule that hangs cannot be stopped, but it can be left: the thread has a connection of its own, so
that nothing of the request's transaction waits for it or is broken by it.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connections
from django.utils import translation

RULE_SECONDS = 5.0


class TimeLimit(RuntimeError):
    """A rule did not answer in time."""


class Bounded:
    """Calls rules one after the other, inside the tenant given, until it is closed.

    After one has hung, the others are called in a new thread; the rule that hung is not called again.
    """

    def __init__(self, tenant: Any, seconds: float | None = None) -> None:
        self.tenant, self.seconds = tenant, seconds or RULE_SECONDS
        self._language = translation.get_language()
        self._hung: set[Any] = set()
        self._thread: _Runner | None = None

    def close(self) -> None:
        """Let the thread end, when there is one."""
        if self._thread is not None:
            self._thread.orders.put(None)
            self._thread.join(self.seconds)
            self._thread = None

    def call(self, fn: Callable[..., Any], *args: Any) -> Any:
        """What `fn` returns. Raises what it raises, or TimeLimit."""
        if fn in self._hung:
            raise TimeLimit(f"{self.seconds:g} s")
        if self._thread is None:
            self._thread = _Runner(self.tenant, self._language, self.seconds)
            self._thread.start()
        answer: queue.Queue[tuple[Any, BaseException | None]] = queue.Queue()
        self._thread.orders.put((fn, args, answer))
        try:
            result, error = answer.get(timeout=self.seconds)
        except queue.Empty:
            self._hung.add(fn)
            self._thread.orders.put(None)  # it ends when the rule does, if ever
            self._thread = None
            raise TimeLimit(f"{self.seconds:g} s") from None
        if error is not None:
            raise error
        return result


class _Runner(threading.Thread):
    """Does the calls; a daemon, so that a rule that hangs does not hold the process at its end."""

    def __init__(self, tenant: Any, language: str | None, seconds: float) -> None:
        super().__init__(name="plugin-rules", daemon=True)
        self.tenant, self.language, self.seconds = tenant, language, seconds
        self.orders: queue.Queue[Any] = queue.Queue()
        self._ready = False

    def run(self) -> None:
        link: Any = connections["default"]
        link.set_tenant(self.tenant)
        link.of_rules = True
        if self.language:
            translation.activate(self.language)
        try:
            with link.execute_wrapper(self._read_only):
                while (order := self.orders.get()) is not None:
                    fn, args, answer = order
                    try:
                        answer.put((fn(*args), None))
                    except BaseException as error:  # whatever a plugin raises is its answer
                        answer.put((None, error))
        finally:
            with suppress(Exception):
                link.close()

    def _read_only(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        if not self._ready:
            self._ready = True
            raw = context["connection"].connection
            raw.execute("SET default_transaction_read_only = on")
            raw.execute(f"SET statement_timeout = {int(self.seconds * 1000)}")
        return execute(sql, params, many, context)
