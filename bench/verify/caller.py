"""Asks over one connection after the other answer, as fast as they come, and looks at each."""

import random
import socket as sockets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ODD = "Z"  # no sign of a code


@dataclass
class Round:
    """`times` in seconds; `wrong` counts answers with another status than the code's. `unknown` are the
    times of codes that nobody has, `odd` those of what could be no code.
    """

    times: list[float] = field(default_factory=list)
    wrong: int = 0
    unknown: list[float] = field(default_factory=list)
    odd: list[float] = field(default_factory=list)


def ask_for(
    socket: Path,
    draw: Callable[[random.Random], tuple[str, int]],
    dice: random.Random,
    until: float,
    found: Round,
) -> None:
    link = sockets.socket(sockets.AF_UNIX)
    link.settimeout(30)
    link.connect(str(socket))
    while True:
        began = time.perf_counter()
        if began > until:
            break
        code, wanted = draw(dice)
        who = ".".join(str(dice.randrange(1, 255)) for _ in range(4))
        link.sendall(
            f"GET /c/{code} HTTP/1.1\r\nHost: centre.localhost\r\nX-Forwarded-For: {who}\r\n\r\n".encode()
        )
        status = _read(link)
        took = time.perf_counter() - began
        found.times.append(took)
        if wanted == 404:
            (found.odd if code.startswith(ODD) else found.unknown).append(took)
        found.wrong += status != wanted
    link.close()


def _read(link: sockets.socket) -> int:
    data = b""
    while b"\r\n\r\n" not in data:
        data += link.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    left = length - len(body)
    while left > 0:
        left -= len(link.recv(65536))
    return int(lines[0].split()[1])
