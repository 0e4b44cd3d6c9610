"""A real server process and a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture
def site(committed):
    """Web server and worker on a database of their own; gives `url(slug, path)`."""
    connection.close()
    port = str(free_port())
    env = os.environ | {"TRAINBASE_PORT": port}
    web = [sys.executable, "-m", "gunicorn", "lms.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    children = [
        subprocess.Popen([*web, "--threads", "4", "--log-level", "error"], cwd=ROOT, env=env),
        subprocess.Popen(
            [sys.executable, "manage.py", "worker", "--interval", "0.2", "-v", "0"],
            cwd=ROOT,
            env=env,
        ),
    ]
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", int(port))) == 0:
                break
        time.sleep(0.1)
    yield lambda slug, path="/": f"http://{slug}.localhost:{port}{path}"
    for child in children:
        child.terminate()
    for child in children:
        child.wait(20)


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program, "apt-get install chromium"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium):
    """A page of 390 pixels without scripts: an old phone."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, locale="zh-CN", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def desktop(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    yield context.new_page()
    context.close()
