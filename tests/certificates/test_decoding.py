"""Two readers that had no part in drawing it read the code of a printed and ill-treated paper."""

import io
from dataclasses import replace

import pymupdf
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image
from pyzbar import pyzbar

from certificates.designs.design import BUILT_IN
from certificates.render import CODES, Print, print_pdf
from certificates.token import sign_token, token_matches, verify_token
from tests.certificates import damage
from tests.certificates.papers import CLAIMS, URL

# The same key and so the same codes in every run: a chance code now and then (none of 40
# tried) is one that zbar cannot read when blurred, and a test must not draw lots.
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PRIVATE, PUBLIC = _KEY, _KEY.public_key().public_bytes_raw()
LINK = f"{URL}#{sign_token(CLAIMS, '22240301-2026', PRIVATE, (1, 70_000))}"
NAMES = ["李四", "阿卜杜热合曼·买买提"]
READERS = {
    "zxing": lambda picture: [found.text for found in zxingcpp.read_barcodes(picture)],
    "zbar": lambda picture: [found.data.decode() for found in pyzbar.decode(picture)],
}
WAYS = ("plain", "blurred", "jpeg", "turned", "leaning", "spotted")
#: What must be read by both, from every paper: (way, dpi).
ALWAYS = {(way, 200) for way in WAYS} | {(way, 150) for way in ("plain", "jpeg", "turned")}


def link_of(name):
    claims = replace(CLAIMS, holder_name=name)
    return claims, f"{URL}#{sign_token(claims, '22240301-2026', PRIVATE, (1, 70_000))}"


def scan(pdf, dpi):
    png = pymupdf.open(stream=pdf)[0].get_pixmap(dpi=dpi).tobytes("png")
    return Image.open(io.BytesIO(png)).convert("L")


def spoiled(picture, way, paper, dpi):
    if way != "spotted":
        return getattr(damage, way)(picture)
    left, top, side = (value / 25.4 * dpi for value in CODES[paper])
    if paper == "a5":
        left, top, side = (value * 210 / 297 for value in (left, top, side))
    quiet = side * 4 / 69  # of a code of version 11
    return damage.spotted(
        picture, (left + quiet, top + quiet, left + side - quiet, top + side - quiet)
    )


@pytest.mark.parametrize("paper", ["a4", "a5", "card"])
def test_the_code_of_every_paper_is_read_plain_and_slightly_damaged(paper, capsys):
    design = replace(BUILT_IN, paper=paper)
    prints = []
    for name in NAMES:
        claims, link = link_of(name)
        prints.append((link, print_pdf(Print(claims, link, design=design))))
    rates, missed = {}, []
    for dpi in (150, 200):
        scans = [(link, scan(pdf, dpi)) for link, pdf in prints]
        for way in WAYS:
            spoilt = [(link, spoiled(picture, way, paper, dpi)) for link, picture in scans]
            for reader, read in READERS.items():
                good = sum(read(picture) == [link] for link, picture in spoilt)
                rates[way, dpi, reader] = good / len(spoilt)
                if good < len(spoilt) and (way, dpi) in ALWAYS:
                    missed.append((way, dpi, reader))
    with capsys.disabled():
        print(f"\n{paper:8}" + "".join(f"{way:>10}" for way in WAYS))
        for dpi in (150, 200):
            for reader in READERS:
                row = "".join(f"{rates[way, dpi, reader]:10.0%}" for way in WAYS)
                print(f"{reader:5}{dpi:3}{row}")
    assert not missed


def test_what_is_read_from_the_paper_is_the_signed_token():
    picture = scan(print_pdf(Print(CLAIMS, LINK)), 200)
    [text] = READERS["zxing"](picture)
    assert text == LINK
    assert token_matches(verify_token(text.split("#")[1], {"22240301-2026": PUBLIC}), CLAIMS)
