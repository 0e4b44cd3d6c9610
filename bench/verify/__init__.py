"""A scan against a register of a million: our answer, the full stack's, and a bare lookup's.

Three servers alike (gunicorn, one process, four threads) are asked in turn, with the database and the
caller on the same cores, for codes drawn at random: 94 % valid, 1 % revoked, 5 % that do not exist, each
from an address of its own.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.verify.caller import Round, ask_for

ROWS = int(os.environ.get("BENCH_REGISTER", "1000000"))
ROUNDS, SECONDS, CALLERS = int(os.environ.get("BENCH_ROUNDS", "7")), 4.0, 4
FULL_BAR, BARE_BAR = 8.0, 0.7
SERVERS = ("first", "full", "bare")
ROOT = Path(__file__).parents[2]


def _serve(name: str, socket: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", f"bench.verify.apps:{name}"]
    command += ["--bind", f"unix:{socket}", "--workers", "1", "--threads", "4"]
    command += ["--keep-alive", "30", "--log-level", "error"]
    environment = {**os.environ, "TRAINBASE_PROXIES": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    for _ in range(300):
        if socket.exists():
            return server
        time.sleep(0.1)
    server.kill()
    raise RuntimeError(f"{name} did not begin to serve")


def _round(socket: Path, codes: Callable[[random.Random], tuple[str, int]], seed: int) -> Round:
    found = [Round() for _ in range(CALLERS)]
    until = time.perf_counter() + SECONDS
    threads = [
        threading.Thread(
            target=ask_for, args=(socket, codes, random.Random(f"{seed} {n}"), until, each)
        )
        for n, each in enumerate(found)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Round(
        [t for each in found for t in each.times],
        sum(each.wrong for each in found),
        [t for each in found for t in each.unknown],
        [t for each in found for t in each.odd],
    )


def run(say: Callable[..., bool]) -> bool:
    from bench.verify.register import fill  # a server reads this package before Django has begun

    draw, filled = fill(ROWS)
    say(name="verify register", value=filled.rows, unit="rows", revoked=filled.revoked,
        megabytes=filled.megabytes, seconds=filled.seconds)  # fmt: skip
    rounds: dict[str, list[Round]] = {name: [] for name in SERVERS}
    with tempfile.TemporaryDirectory() as folder:
        sockets = {name: Path(folder) / name for name in SERVERS}
        servers = [_serve(name, socket) for name, socket in sockets.items()]
        try:
            for turn in range(ROUNDS + 1):
                for name in SERVERS:
                    found = _round(sockets[name], draw, turn)
                    if turn:  # the first one fills caches
                        rounds[name].append(found)
        finally:
            for server in servers:
                server.terminate()
                server.wait(20)
    return _tell(say, rounds)


def _tell(say: Callable[..., bool], rounds: dict[str, list[Round]]) -> bool:
    rates = {name: [len(each.times) / SECONDS for each in found] for name, found in rounds.items()}
    good = True
    for name, found in rounds.items():
        times = sorted(t * 1000 for each in found for t in each.times)
        wrong = sum(each.wrong for each in found)
        good &= say(
            name=f"verify {name}",
            value=round(statistics.median(rates[name])),
            unit="requests a second",
            spread=[round(min(rates[name])), round(max(rates[name]))],
            p50_ms=round(times[len(times) // 2], 2),
            p99_ms=round(times[len(times) * 99 // 100], 2),
            requests=len(times),
            wrong=wrong,
            ok=wrong == 0,
        )
    medians = {
        kind: statistics.median(t for each in rounds["first"] for t in getattr(each, kind))
        for kind in ("times", "unknown", "odd")
    }
    good &= say(
        name="verify unknown",
        value=round(medians["odd"] / medians["unknown"], 2),
        unit="of the time of a code that nobody has, for what could be no code",
        unknown_ms=round(medians["unknown"] * 1000, 2),
        odd_ms=round(medians["odd"] * 1000, 2),
        of_any=round(medians["unknown"] / medians["times"], 2),
        ok=True,
    )
    for other, bar in (("full", FULL_BAR), ("bare", BARE_BAR)):
        pairs = [a / b for a, b in zip(rates["first"], rates[other], strict=True)]
        ratio = statistics.median(pairs)
        good &= say(
            name=f"verify first/{other}",
            value=round(ratio, 2),
            unit="of its rate",
            spread=[round(min(pairs), 2), round(max(pairs), 2)],
            bar=bar,
            ok=ratio >= bar,
        )
    return good
