"""More processes that draw papers beside the worker: one for each core, kept between jobs."""

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from certificates.drawing import Sheet, draw

#: Fewer papers than this are drawn by the worker itself: processes take three seconds to start.
WORTH_IT = 12
AHEAD = 2  # sheets that wait for each process
_pools: dict[int, ProcessPoolExecutor] = {}


def draw_all(sheets: Iterable[Sheet], made: Path, processes: int) -> Iterator[bytes | Exception]:
    """The PDF of each sheet, in their order, or what was wrong with it.

    `sheets` is read as it is needed: only a few papers are in memory at a time. When a process dies,
    the papers that it had are drawn in this one.
    """
    waiting: deque[tuple[Sheet, Future[bytes]]] = deque()
    for sheet in sheets:
        waiting.append((sheet, _submit(sheet, made, processes)))
        if len(waiting) >= processes * AHEAD:
            yield _result(*waiting.popleft(), made, processes)
    while waiting:
        yield _result(*waiting.popleft(), made, processes)


def _submit(sheet: Sheet, made: Path, processes: int) -> "Future[bytes]":
    if processes not in _pools:
        _pools[processes] = ProcessPoolExecutor(
            processes,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(os.getpid(),),
        )
    try:
        return _pools[processes].submit(draw, sheet, made)
    except BrokenProcessPool as error:
        failed: Future[bytes] = Future()
        failed.set_exception(error)
        return failed


def _result(sheet: Sheet, future: "Future[bytes]", made: Path, processes: int) -> bytes | Exception:
    try:
        return future.result()
    except BrokenProcessPool:
        if (pool := _pools.pop(processes, None)) is not None:
            pool.shutdown(wait=False)
    except Exception as error:  # noqa: BLE001  (of one paper: the others go on)
        return error
    try:
        return draw(sheet, made)
    except Exception as error:  # noqa: BLE001
        return error


def _begin(parent: int) -> None:
    """Ctrl-C is the worker's to answer; and when it is killed, nobody is left behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
