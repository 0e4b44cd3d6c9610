"""Papers a second: one process, and two beside each other on two cores."""

import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context

from certificates.claims import Claims

COUNT = 40
URL = "https://centre.example.cn/c/"


def _claims(n: int) -> Claims:
    return Claims(
        number=f"22240301-2026-{n:05}",
        code=f"{n:020}",
        holder_name=f"学员{n}",
        project_name="缝纫裁剪初级班",
        project_name_en="Sewing and cutting, elementary",
        level="初级",
        theory_hours="16",
        practice_hours="44",
        started_on=date(2026, 9, 1),
        ended_on=date(2026, 9, 20),
        issued_on=date(2026, 9, 23),
        class_code="S2-2026-01",
        base_name="示范职业培训基地",
        base_uscc="52222403MJ0000011T",
        centre_name="示范市农村劳动力转移服务中心",
        rule_document="示范劳转〔2026〕3号",
        theory_score="85.5",
        practice_score="91.0",
    )


def _render(n: int) -> int:
    from certificates.render import render_pdf

    claims = _claims(n)
    return len(render_pdf(claims, f"{URL}{claims.code}#{'A' * 230}"))


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
