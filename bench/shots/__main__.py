"""`script/shots [NAME ...]`: pictures of every page, and one line for each of them.

The real demo on a database of its own, a real server process, a real Chromium.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

from bench.own import own_database
from lms import database

FOLDER = database.ROOT / "var" / "shots"
SAMPLE = str(database.ROOT / "tests" / "sample_plugin")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def serving(port: int) -> Iterator[None]:
    web = [sys.executable, "-m", "gunicorn", "lms.wsgi:application"]
    FOLDER.mkdir(parents=True, exist_ok=True)
    log = (FOLDER / "server.log").open("wb")
    child = subprocess.Popen(
        [*web, "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "error"],
        cwd=database.ROOT,
        stderr=log,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit("网站没有启动 / the site did not start")
        yield
    finally:
        child.terminate()
        child.wait(20)
        log.close()


def main() -> int:
    os.environ["TRAINBASE_PORT"] = str(port := free_port())
    sys.path.append(SAMPLE)  # a plugin with something of everything
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), SAMPLE]))
    with own_database("trainbase_shots"):
        django.setup()
        from bench.shots.listed import SHOTS, forgotten

        if missing := forgotten():
            print(*missing, sep="\n", file=sys.stderr)
            return 1
        wanted = set(sys.argv[1:])
        if strange := wanted - {shot.name for shot in SHOTS}:
            print(f"没有 / no page {', '.join(sorted(strange))}", file=sys.stderr)
            return 2
        from bench.shots.scene import prepare
        from lms.demo.build import build

        build()
        scene = prepare()
        with serving(port):
            return photograph(port, scene, [s for s in SHOTS if not wanted or s.name in wanted])


def photograph(port: int, scene: object, shots: list[object]) -> int:
    from playwright.sync_api import sync_playwright

    from bench.shots.look import WIDTHS, Photographer, chromium_program

    bad = count = 0
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=chromium_program(),
            args=["--no-sandbox"],
            # The browser's own words, as on "choose a file", are then Chinese too.
            env=os.environ | {"LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"},
        )
        photographer = Photographer(browser, port, scene, FOLDER)
        for shot in shots:
            for width in WIDTHS:
                seen = photographer.look(shot, width)
                overflow = "yes" if seen.overflow else "no"
                print(
                    f"{seen.name} {seen.width} HTTP {seen.status} axe {seen.violations} "
                    f"overflow {overflow}",
                    flush=True,
                )
                for fault in seen.faults:
                    print(f"    {fault}", flush=True)
                count, bad = count + 1, bad + bool(seen.faults)
        browser.close()
    print(f"{count} pictures in {FOLDER.relative_to(database.ROOT)}, {bad} with faults")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
