"""The signature of a PDF, read by a program that had no part in it."""

import json
import shutil
import subprocess

import pymupdf
import pytest

from certificates.render import Print, print_pdf
from certificates.signing import new_key
from tests.certificates.papers import CLAIMS, URL

ATTACHED = {"certificate.json": json.dumps(CLAIMS.as_json()).encode()}


@pytest.fixture(scope="module")
def signed():
    key = new_key("敦化示范职业培训基地", "22240301-2026-paper", 2026)
    return print_pdf(Print(CLAIMS, URL, attached=ATTACHED, signer=key))


def pdfsig(content, folder):
    assert shutil.which("pdfsig"), "apt-get install poppler-utils"
    file = folder / "paper.pdf"
    file.write_bytes(content)
    # Its exit code is 0 for a digest that does not match: what it writes counts.
    done = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=False)
    return done.stdout


def test_poppler_reads_the_signature_and_it_covers_the_whole_file(signed, tmp_path):
    said = pdfsig(signed, tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.99])
def test_one_changed_byte_is_found(signed, tmp_path, place):
    changed = bytearray(signed)
    changed[int(len(changed) * place)] ^= 1
    assert "Signature is Valid" not in pdfsig(bytes(changed), tmp_path)


def test_the_attachment_is_in_the_file_and_under_the_signature(signed):
    document = pymupdf.open(stream=signed)
    assert document.embfile_names() == ["certificate.json"]
    assert json.loads(document.embfile_get("certificate.json")) == CLAIMS.as_json()
    assert "pdfaid:part" in document.get_xml_metadata()


def test_the_same_paper_is_signed_with_the_same_bytes():
    key = new_key("测试基地", "k", 2026)
    wanted = Print(CLAIMS, URL, attached=ATTACHED, signer=key)
    assert print_pdf(wanted) == print_pdf(wanted)


def test_the_private_key_is_in_no_text_of_it():
    key = new_key("测试基地", "k", 2026)
    assert key.private.hex() not in repr(key)
    assert str(key.private) not in repr(key)
