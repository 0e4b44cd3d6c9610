"""Forged and mutated tokens against the server's own check: how many are accepted. Needs no database."""

import os
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

COUNT = int(os.environ.get("BENCH_TOKENS", "1000000"))
WORKERS = 2
PART = 10_000  # tokens of a task: each has keys of its own


def _part(given: tuple[int, int]) -> Counter[str]:
    """How `count` forgeries end: the name of the error, `accepted`, or `crash` for what is no TokenError."""
    from certificates.token import TokenError, verify_token
    from tests.certificates.forgeries import Forger

    seed, count = given
    forger, ends = Forger(seed), Counter[str]()
    for text in forger.genuine:
        verify_token(text, forger.keys)  # a check that refuses everything would prove nothing
    for text in forger.forgeries(count):
        try:
            verify_token(text, forger.keys)
            ends["accepted"] += 1
        except TokenError as error:
            ends[type(error).__name__] += 1
        except Exception:  # noqa: BLE001  what a stranger sends must end in a TokenError
            ends["crash"] += 1
    return ends


def run(say: Callable[..., bool]) -> bool:
    began = time.perf_counter()
    tasks = [(at, min(PART, COUNT - at)) for at in range(0, COUNT, PART)]
    ends = Counter[str]()
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for found in pool.map(_part, tasks):
            ends += found
    bad = ends["accepted"] + ends["crash"]
    return say(
        name="tokens",
        value=ends["accepted"],
        unit="accepted of forged or mutated tokens",
        tried=ends.total(),
        not_a_token=ends["TokenError"],
        unknown_key=ends["UnknownKey"],
        bad_signature=ends["BadSignature"],
        crashes=ends["crash"],
        seconds=round(time.perf_counter() - began, 1),
        bar=0,
        ok=bad == 0 and ends.total() == COUNT,
    )
