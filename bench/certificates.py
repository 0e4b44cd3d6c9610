"""Papers a second: one process, and two beside each other on two cores."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from tests.certificates.papers import CLAIMS, URL

COUNT = 40


def _render(n: int) -> int:
    from certificates.render import render_pdf

    claims = replace(CLAIMS, code=f"{n:020}", holder_name=f"学员{n}")
    return len(render_pdf(claims, f"{URL}#{'A' * 230}"))


def _rate(workers: int) -> float:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(_render, range(workers * 2)))  # imports and fonts
        began = time.perf_counter()
        list(pool.map(_render, range(COUNT)))
        return COUNT / (time.perf_counter() - began)


def run(say: Callable[..., bool]) -> bool:
    one, two = _rate(1), _rate(2)
    return say(
        name="certificates",
        value=round(two, 2),
        unit="papers/s on two processes",
        one_process=round(one, 2),
        papers=COUNT,
        ratio=round(two / one, 2),
        bar=1.4,
        ok=two / one >= 1.4,
    )
