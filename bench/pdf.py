"""Papers a second, and beside others: naive WeasyPrint, ReportLab, our own without its signature.

Each contestant has a process of its own and takes turns with the others, so that a busy moment of
the machine hits all of them. BENCH_PAPERS says over how many papers memory is watched.
"""

import io
import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from certificates.claims import Claims
from tests.certificates.papers import CLAIMS, URL

ROUNDS, A_ROUND = 7, 12
PAPERS = int(os.environ.get("BENCH_PAPERS", "2000"))
NAMES = "王秀英李桂兰张建国刘玉梅陈志强杨丽华赵永刚黄淑珍周海燕吴国庆"
TOKEN = "hEBYz" + "Qk9PVFJBSU5CQVNFc2lnbmVkdG9rZW5vZmFjZXJ0aWZpY2F0ZQ" * 5


def claims_of(n: int) -> Claims:
    name = "".join(NAMES[(n * k) % len(NAMES)] for k in (3, 7, 11))
    return replace(CLAIMS, code=f"{n:020}", number=f"22240301-2026-{n:05}", holder_name=name)


def link_of(n: int) -> str:
    return f"{URL}#{TOKEN[:240]}"


@cache
def photo() -> bytes:
    """As large as a kept photo, and as hard to compress as a face before a curtain."""
    from PIL import Image, ImageFilter

    grain = Image.effect_noise((413, 579), 18).filter(ImageFilter.GaussianBlur(2))
    slope = Image.linear_gradient("L").resize((413, 579))
    face = Image.blend(grain.convert("L"), slope, 0.6)
    buffer = io.BytesIO()
    face.convert("RGB").save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


@cache
def key() -> Any:
    from certificates.signing import new_key

    return new_key("敦化示范职业培训基地", "22240301-2026-paper", datetime.now(UTC).year)


def attached(n: int) -> dict[str, bytes]:
    """The claims and the credential, which is made for this paper, as a job makes it."""
    from certificates.credential import credential_of, sign

    claims, private = claims_of(n), credential_key()
    issuer = "did:web:centre.example.org:issuers:22240301"
    document = credential_of(
        claims,
        issuer,
        link_of(n).partition("#")[0],
        ("https://centre.example.org/status/22240301/1/credential.json", n),
    )
    signed = sign(document, f"{issuer}#22240301-2026", private, "2026-01-01T00:00:00Z")
    return {
        "certificate.json": str(claims.as_json()).encode(),
        "credential.json": json.dumps(signed, ensure_ascii=False, indent=1).encode(),
    }


@cache
def credential_key() -> Any:
    from certificates.token import new_keypair

    return new_keypair()[0]


def sheet(n: int, signed: bool = True) -> Any:
    from certificates.render import Print, sheet_of

    claims = claims_of(n)
    return sheet_of(
        Print(
            claims,
            link_of(n),
            photo(),
            attached=attached(n) if signed else {},
            signer=key() if signed else None,
        )
    )


def ours(n: int) -> bytes:
    from certificates import drawing, fonts

    return drawing.draw(sheet(n), fonts.folder())


def unsigned(n: int) -> bytes:
    from certificates import drawing, fonts

    return drawing.draw(sheet(n, signed=False), fonts.folder())


def naive(n: int) -> bytes:
    """As a first version would do it: the whole CSS in the HTML, the system's Noto CJK, the code as
    SVG, nothing kept from one paper to the next.
    """
    import base64

    from weasyprint import HTML

    from certificates import fonts
    from tenants.qr import qr_inline

    made = sheet(n, signed=False)
    picture = base64.b64encode(photo()).decode()
    html = made.html.replace("paper:photo", f"data:image/jpeg;base64,{picture}")
    code = f'<div class="code">{qr_inline(link_of(n))}</div>'
    place = ".code, .code svg { position: absolute; width: 40mm; height: 40mm }"
    place += ".code { left: 231mm; top: 141mm }"
    html = html.replace("</head>", f"<style>{made.css}{place}</style></head>")
    html = html.replace("</body>", f"{code}</body>")
    for family in (fonts.COMMON, fonts.RARE):
        html = html.replace(f'"{family}", ', "").replace(f"'{family}', ", "")
    return bytes(HTML(string=html).write_pdf())


def reportlab(n: int) -> bytes:
    from bench.reportlab_page import page

    return page(claims_of(n), link_of(n), photo())


CONTESTANTS = {"ours": ours, "unsigned": unsigned, "naive": naive, "reportlab": reportlab}


def _turn(name: str, first: int, count: int) -> tuple[float, float, float]:
    """CPU and wall milliseconds and bytes of each paper."""
    draw = CONTESTANTS[name]
    wall, cpu, size = time.perf_counter(), time.process_time(), 0
    for n in range(first, first + count):
        size += len(draw(n))
    spent = time.process_time() - cpu
    return 1000 * spent / count, 1000 * (time.perf_counter() - wall) / count, size / count


def _beside_each_other() -> dict[str, list[tuple[float, float, float]]]:
    spawn = get_context("spawn")
    pools = {name: ProcessPoolExecutor(1, mp_context=spawn) for name in CONTESTANTS}
    turns: dict[str, list[tuple[float, float, float]]] = {name: [] for name in CONTESTANTS}
    for name, pool in pools.items():
        pool.submit(_ready).result()
        pool.submit(_turn, name, 0, 3).result()  # imports and fonts
    for turn in range(ROUNDS):
        for name, pool in pools.items():
            done = pool.submit(_turn, name, (turn + 1) * A_ROUND, A_ROUND).result()
            turns[name].append(done)
    for pool in pools.values():
        pool.shutdown()
    return turns


def _ready() -> None:
    import django

    django.setup()


def _spread(values: list[float]) -> str:
    return f"{min(values):.1f} to {max(values):.1f}"


def _all(count: int) -> Iterator[Any]:
    return (sheet(n) for n in range(count))


def _batch(count: int) -> tuple[float, list[float]]:
    """Papers a second on two processes, and their memory (MB) at each twentieth."""
    from certificates import fonts, pool

    memory: list[float] = []
    list(pool.draw_all(_all(8), fonts.folder(), 2))  # imports and fonts
    children = list(pool._pools[2]._processes)
    began = time.perf_counter()
    for n, content in enumerate(pool.draw_all(_all(count), fonts.folder(), 2)):
        if isinstance(content, Exception):
            raise content
        if n % max(1, count // 20) == 0:
            memory.append(sum(_resident(pid) for pid in children))
    return count / (time.perf_counter() - began), memory


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def run(say: Callable[..., bool]) -> bool:
    turns = _beside_each_other()
    cpu = {name: statistics.median(t[0] for t in done) for name, done in turns.items()}
    wall = {name: statistics.median(t[1] for t in done) for name, done in turns.items()}
    for name, done in turns.items():
        say(
            name=f"pdf {name}",
            value=round(cpu[name], 1),
            unit="CPU ms a paper",
            spread=_spread([t[0] for t in done]),
            wall_ms=round(wall[name], 1),
            bytes=round(statistics.median(t[2] for t in done)),
            papers=ROUNDS * A_ROUND,
        )
    rate, memory = _batch(PAPERS)
    faster = rate * wall["naive"] / 1000
    good = say(
        name="pdf two processes",
        value=round(rate, 1),
        unit="papers/s",
        papers=PAPERS,
        of_naive=round(faster, 2),
        cpu_of_naive=round(cpu["ours"] / cpu["naive"], 2),
        bar=3,
        ok=faster >= 3,
    )
    say(
        name="pdf of reportlab",
        value=round(cpu["unsigned"] / cpu["reportlab"], 2),
        unit="CPU, both without signature and attachment",
        with_both=round(cpu["ours"] / cpu["reportlab"], 2),
        goal=1.0,
    )
    half = len(memory) // 2
    grown = statistics.median(memory[half:]) - statistics.median(memory[2:half])
    return good & say(
        name="pdf memory",
        value=round(grown, 1),
        unit="MB more in the second half, two processes",
        papers=PAPERS,
        first=round(memory[2], 1),
        last=round(memory[-1], 1),
        bar=20,
        ok=grown <= 20,
    )
