"""What an employer sees who scans, with a network, without one, and when the paper is no good."""

import io
import json
import shutil
from dataclasses import replace

import cbor2
import pymupdf
import pytest
import zxingcpp
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context
from PIL import Image

from certificates.claims import Claims
from certificates.register.models import IssuerKey
from certificates.services.papers import paper
from certificates.services.revoke import revoke
from certificates.token import new_keypair, read_token, sign_token
from tests.browser.verifier.conftest import Employer, b64
from tests.cast import base, two

pytestmark = pytest.mark.browser


@pytest.fixture
def photo(station):
    """`photo(certificate)` is a picture of the paper that is printed, at 150 dpi."""

    def take(certificate):
        before, settings.PUBLIC_PORT = settings.PUBLIC_PORT, str(station.port)
        try:
            with tenant_context(base("north")):
                printed = paper(certificate)
        finally:
            settings.PUBLIC_PORT = before
            connection.close()
        return pymupdf.open(stream=printed)[0].get_pixmap(dpi=150).tobytes("png")

    return take


CHECK = """async ({ key, message, signature }) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const imported = await crypto.subtle.importKey("raw", bytes(key), "Ed25519", false, ["verify"]);
  const holds = (message) => crypto.subtle.verify("Ed25519", imported, bytes(signature), message);
  const flipped = bytes(message);
  flipped[40] ^= 1;
  return [await holds(bytes(message)), await holds(flipped)];
}"""


def test_webcrypto_in_the_browser_verifies_a_token(employer, papers):
    person = employer().arrive()
    token = read_token(papers.north[0].token)
    asked = person.trust()
    listed = {key["kid"]: key["x"] for key in json.loads(asked["body"])["keys"]}

    def plain(data):
        return (b64(data) if isinstance(data, bytes) else data).replace("-", "+").replace("_", "/")

    said = {"key": plain(listed[token.kid]), "message": plain(token.payload)}
    said["signature"] = plain(token.signature)
    assert person.page.evaluate(CHECK, said) == [True, False]


def test_a_photo_of_the_paper_is_green_and_shows_five_claims_and_the_issuer(
    employer, papers, photo
):
    person, certificate = employer().arrive(), papers.north[0]
    assert person.show(photo(certificate)) == ("good", "valid")
    token = read_token(certificate.token)
    assert person.claims() == {
        "number": token.number,
        "name": token.holder_name,
        "project": token.project_name,
        "hours": token.hours,
        "issued": str(token.issued_on),
        "issuer": base("north").name,
    }
    connection.close()
    assert "逐项核对" in person.page.inner_text("#compare")
    person.page.click("#online")
    person.page.wait_for_selector("p.verdict")
    assert "有效" in person.page.inner_text("p.verdict")
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    assert person.arrive().show(blank.getvalue()) == ("unsure", "no_code")


def test_with_the_server_stopped_it_opens_and_says_as_of_when_and_red_comes_after_a_refresh(
    employer, papers, photo, station, scan_of, forget_lists
):
    person, certificate = employer().arrive(), papers.north[1]
    page, picture = person.page, photo(certificate)
    assert person.paste(scan_of(certificate)) == ("good", "valid")
    station.stop()
    try:
        page.reload()
        page.wait_for_selector("#ready [data-state=ready]")
        assert person.show(picture) == ("old", "offline")
        signed_at = page.inner_text("#lists-at")
        assert signed_at[:2] == "20" and signed_at[:10] in page.inner_text("#as-of")
        assert "签发时有效" in page.inner_text("#verdict")
        page.clock.set_fixed_time("2031-01-01T00:00:00Z")
        page.reload()
        page.wait_for_selector("#ready [data-state=old]")
        flipped = scan_of(certificate)[:-30] + "AAA" + scan_of(certificate)[-27:]
        assert person.paste(flipped) == ("bad", "signature")
        assert person.show(picture) == ("old", "offline")
        assert signed_at[:10] in page.inner_text("#as-of")
    finally:
        station.start()
    with tenant_context(base("north")):
        revoke(certificate, "other", "误发", *two())
    forget_lists()
    connection.close()
    page.click("#refresh")
    page.wait_for_selector("#verdict[data-tone=bad]", timeout=20_000)
    assert person.verdict() == ("bad", "revoked")
    assert "误发" in page.inner_text("#verdict")


def test_what_was_revoked_before_the_network_went_is_red_without_it(
    employer, papers, scan_of, forget_lists
):
    certificate = papers.north[2]
    with tenant_context(base("north")):
        revoke(certificate, "other", "误发", *two())
    forget_lists()
    connection.close()
    person = employer().arrive()
    person.page.context.set_offline(True)
    assert person.paste(scan_of(certificate)) == ("bad", "gone")
    assert person.page.locator("#online").count() == 0
    assert person.paste(scan_of(papers.north[3])) == ("old", "offline")


def forged(papers, private, kid):
    """The first certificate's claims, with somebody's signature."""
    claims = replace(Claims.from_json(papers.north[0].claims))
    return sign_token(claims, kid, private, read_token(papers.north[0].token).place)


def test_nothing_that_is_forged_or_borrowed_is_green(employer, papers, station, scan_of):
    first, second = papers.north[0], papers.north[3]
    person = employer().arrive()
    token = read_token(first.token)
    payload = bytearray(token.payload)
    payload[60] ^= 1
    flipped = b64(cbor2.dumps([bytes(payload), token.signature]))
    thief, _ = new_keypair()
    key, south = papers.south
    other, address = scan_of(first), f"{station.url}/c/{first.code}"
    tries = {
        "one bit": (scan_of(first, flipped), ("bad", "signature")),
        "wrong key": (scan_of(first, forged(papers, thief, token.kid)), ("bad", "signature")),
        "unknown key": (scan_of(first, forged(papers, thief, "x-2026")), ("bad", "unknown_key")),
        "another base": (scan_of(first, forged(papers, south, key.kid)), ("bad", "other_base")),
        "code of another": (scan_of(second, first.token), ("bad", "other_certificate")),
        "no such code": (other.replace(first.code, "0" * 20), ("bad", "not_in_register")),
        "too long": (f"{address}#{'A' * 5000}", ("bad", "too_long")),
        "cut off": (other[:-4], ("bad", "signature")),
        "no token": (address, ("unsure", "bare")),
        "clone": (other.replace("centre.localhost", "centre.1ocalhost"), ("bad", "other_host")),
        "user part": (other.replace("://", "://centre.localhost@evil."), ("bad", "other_host")),
        "full width": (other.replace("centre", "ｃentre"), ("bad", "other_host")),
        "Cyrillic": (other.replace("centre", "сentre"), ("bad", "other_host")),
        "bidi": (other.replace("://", "://\u202e"), ("bad", "other_host")),
        "wide token": (other[:-1] + "Ａ", ("bad", "broken")),
        "no address": (first.code, ("unsure", "not_ours")),
    }
    assert {name: person.paste(text) for name, (text, _) in tries.items()} == {
        name: wanted for name, (_, wanted) in tries.items()
    }
    person.paste(tries["clone"][0])
    assert "centre.1ocalhost" in person.page.inner_text("#foreign")
    assert "另" in person.page.inner_text("#verdict") or "别的网站" in person.page.inner_text(
        "#verdict"
    )


def test_a_list_that_a_stranger_signed_is_not_taken(employer, papers, scan_of):
    person = employer().arrive()
    page = person.page
    answer = person.trust()
    private, public = new_keypair()
    body = json.loads(answer["body"])
    for key in body["keys"]:
        if key["use"] == "trust":
            key["x"] = b64(public)
    body["at"] = "2031-01-01T00:00:00+00:00"
    text = json.dumps(body)
    said = json.dumps({"body": text, "kid": answer["kid"], "sig": b64(private.sign(text.encode()))})
    page.context.route("**/trust.json", lambda route: route.fulfill(body=said))
    assert person.paste(scan_of(papers.north[0])) == ("old", "offline")
    assert "没有采用" in page.inner_text("#kept")
    page.context.unroute("**/trust.json")
    assert person.paste(scan_of(papers.north[0])) == ("good", "valid")
    assert page.locator("#kept").count() == 0


def test_a_stolen_key_is_not_believed_from_its_day_on(employer, papers, scan_of, forget_lists):
    kid, day = papers.north[4].kid, papers.north[4].issued_on
    person = employer()
    for since, wanted in ((day, ("bad", "stolen")), (None, ("good", "valid"))):
        said = {"compromised_on": since, "retired_at": since and timezone.now()}
        IssuerKey.objects.filter(kid=kid).update(reason="失窃" if since else "", **said)
        forget_lists()
        connection.close()
        person.arrive()
        assert person.paste(scan_of(papers.north[4])) == wanted


def test_the_camera_reads_the_paper(chromium, papers, station, photo, tmp_path):
    """A camera that Chromium plays from a file."""
    film = tmp_path / "camera.mjpeg"
    printed = Image.open(io.BytesIO(photo(papers.north[0]))).convert("RGB")
    place = zxingcpp.read_barcodes(printed)[0].position
    left, top = place.top_left.x - 60, place.top_left.y - 60
    near = printed.crop((left, top, left + 400, top + 300)).resize((1280, 960))
    near.save(film, "JPEG", quality=90)
    args = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    args.append(f"--use-file-for-fake-video-capture={film}")
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with chromium.browser_type.launch(executable_path=program, args=args) as browser:
        person = Employer(browser.new_page(), station.url, 1280).arrive()
        person.page.click("#scan")
        assert person.verdict() == ("good", "valid")
        assert person.page.locator("video").count() == 0, "the camera is let go"


@pytest.mark.parametrize("width", [390, 1280])
def test_every_answer_can_be_read_by_everybody(employer, papers, station, scan_of, width):
    person = employer(width)
    first, second = papers.north[0], papers.north[3]
    person.arrive()
    faults = person.look("ready")
    texts = [scan_of(first), scan_of(second, first.token), f"{station.url}/c/{first.code}"]
    for text in [*texts, scan_of(first).replace("centre", "center")]:
        person.paste(text)
        faults += person.look(text[-20:])
    person.page.context.set_offline(True)
    person.paste(scan_of(first))
    assert faults + person.look("offline") == []


def test_without_javascript_it_says_how_to_check_online(employer):
    person = employer(java_script_enabled=False)
    person.page.goto(f"{person.url}/verify/")
    assert "没有它也能核验" in person.page.inner_text("main")
    person.page.click("noscript a >> nth=0")
    assert person.page.url.endswith("/check/")
    person.page.click("main a[href='/verify/']")
    assert person.page.url.endswith("/verify/")
