import io
from dataclasses import replace

import pymupdf as fitz
import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from certificates.render import missing_glyphs, render_pdf
from certificates.token import new_keypair, sign_token, token_matches, verify_token
from tests.certificates.papers import CLAIMS, URL

PRIVATE, PUBLIC = new_keypair()
LINK = f"{URL}#{sign_token(CLAIMS, 'k-2026', PRIVATE, (1, 70_000))}"


@pytest.fixture(scope="module")
def pdf():
    return render_pdf(CLAIMS, LINK)


def squeezed(text):
    return "".join(text.split())


def test_the_paper_prints_every_claim_on_one_landscape_a4_page(pdf):
    document = fitz.open(stream=pdf)
    assert len(document) == 1
    page = document[0]
    assert (round(page.rect.width), round(page.rect.height)) == (842, 595)
    printed = squeezed(page.get_text())
    for key, zh, en, value in CLAIMS.labelled():
        assert squeezed(zh) in printed, key
        assert squeezed(value) in printed, key


def test_the_paper_is_the_same_bytes_each_time(pdf):
    assert render_pdf(CLAIMS, LINK) == pdf


@pytest.mark.parametrize("dpi", [150, 200])
def test_two_readers_decode_the_code_of_a_scan_and_its_token_is_proved(pdf, dpi):
    png = fitz.open(stream=pdf)[0].get_pixmap(dpi=dpi).tobytes("png")
    picture = Image.open(io.BytesIO(png))
    assert [found.text for found in zxingcpp.read_barcodes(picture)] == [LINK]
    assert [found.data.decode() for found in pyzbar.decode(picture)] == [LINK]
    assert token_matches(verify_token(LINK.split("#")[1], {"k-2026": PUBLIC}), CLAIMS)


def test_a_name_made_of_markup_is_printed_and_loads_nothing():
    hostile = "<img src=file:///etc/passwd>"
    page = fitz.open(stream=render_pdf(replace(CLAIMS, holder_name=hostile), LINK))[0]
    assert squeezed(hostile) in squeezed(page.get_text())
    assert not page.get_images()


def test_long_names_stay_on_the_page_and_clear_of_the_table():
    long = replace(
        CLAIMS,
        holder_name="阿卜杜热合曼·买买提江·" * 5,
        project_name="农村电子商务与直播带货综合技能" * 4,
        project_name_en="Rural electronic commerce and live streaming, " * 2,
    )
    document = fitz.open(stream=render_pdf(long, LINK))
    assert len(document) == 1
    page = document[0]
    for block in page.get_text("blocks"):
        assert page.rect.contains(fitz.Rect(block[:4])), block[4]
    assert squeezed(long.project_name) in squeezed(page.get_text())


def test_at_the_longest_of_every_field_nothing_leaves_the_frame_and_the_code_is_read():
    longest = replace(
        CLAIMS,
        holder_name="阿卜杜热合曼·买买提江" * 5,
        project_name="农村电子商务" * 10,
        project_name_en="Rural electronic commerce " * 3,
        level="单项能力",
        class_code="A-VERY-LONG-CLASS-CODE-THAT-GOES-ON-0001",
        base_name="敦化市农村劳动力转移就业职业技能示范培训基地" * 3 + "敦化市农村劳动",
        centre_name="示范市农村劳动力转移就业服务中心办公室和培训科" * 3 + "示范市农村劳",
        rule_document="示范市人力资源和社会保障局文件〔2026〕第一百二十三号" * 2 + " v12",
    )
    document = fitz.open(stream=render_pdf(longest, LINK))
    assert len(document) == 1
    page = document[0]
    words = page.get_text("words")
    footer = next(word for word in words if word[4] == "Printed")
    for word in words:
        assert word[1] > footer[1] - 4 or word[3] < footer[1], word
        assert page.rect.contains(fitz.Rect(word[:4])), word
    printed = squeezed(page.get_text())
    for value in (longest.centre_name, longest.rule_document, longest.base_name):
        assert squeezed(value) in printed
    png = page.get_pixmap(dpi=200).tobytes("png")
    assert [f.text for f in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))] == [LINK]


def test_a_photo_is_printed_only_when_there_is_one(pdf):
    assert not fitz.open(stream=pdf)[0].get_images()
    buffer = io.BytesIO()
    Image.new("RGB", (250, 350), "navy").save(buffer, "JPEG")
    with_photo = fitz.open(stream=render_pdf(CLAIMS, LINK, buffer.getvalue()))
    assert len(with_photo) == 1
    assert len(with_photo[0].get_images()) == 1


def test_a_character_that_no_font_has_is_named_before_it_becomes_an_empty_box():
    assert missing_glyphs("李四·Ali") == []
    assert missing_glyphs("李\U0003134a") == ["\U0003134a"]
