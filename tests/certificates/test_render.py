import io
from dataclasses import replace

import pymupdf as fitz
import pytest
import zxingcpp
from PIL import Image

from certificates import fonts
from certificates.claims import Claims
from certificates.designs.design import BUILT_IN, ON_EVERY_CARD, Design, Signature
from certificates.designs.design import CLAIMS as ALL
from certificates.drawing import ForeignFile, Sheet, draw
from certificates.render import Print, missing_glyphs, print_pdf, render_pdf
from certificates.token import new_keypair, sign_token
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


FEW = replace(BUILT_IN, shown=("number", "holder_name", "code"), bilingual=False)


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize("bilingual", [True, False])
def test_a_design_that_shows_few_claims_prints_the_others_small(paper, bilingual):
    design = replace(FEW, paper=paper, bilingual=bilingual)
    document = fitz.open(stream=print_pdf(Print(CLAIMS, LINK, design=design)))
    assert len(document) == 1
    printed = squeezed(document[0].get_text())
    for key, zh, _en, value in CLAIMS.labelled():
        assert squeezed(zh) in printed, key
        assert squeezed(value) in printed, key


@pytest.mark.parametrize("paper", ["a4", "a5", "card"])
def test_the_longest_claims_stay_on_every_paper_and_off_the_code(paper):
    long = longest_claims()
    signatures = (Signature("欧阳建国", "培训基地主任"), Signature("李四", "考评组长"))
    design = replace(BUILT_IN, paper=paper, signatures=signatures, note="由服务中心监制" * 5)
    document = fitz.open(stream=print_pdf(Print(long, LINK, design=design)))
    assert len(document) == 1
    page = document[0]
    assert "".join(page.get_text().split()).count(squeezed(long.code)) >= 1
    printed = squeezed(page.get_text())
    wanted = ON_EVERY_CARD if paper == "card" else ALL
    for key in wanted:
        assert squeezed(str(getattr(long, key))) in printed, key
    for word in page.get_text("words"):
        assert page.rect.contains(fitz.Rect(word[:4])), word
    png = page.get_pixmap(dpi=200).tobytes("png")
    assert [f.text for f in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))] == [LINK]


def longest_claims():
    return replace(
        CLAIMS,
        holder_name="阿卜杜热合曼·买买提江" * 3,
        project_name="农村电子商务" * 6,
        project_name_en="Rural electronic commerce " * 3,
        base_name="敦化市农村劳动力转移就业职业技能示范培训基地",
        centre_name="示范市农村劳动力转移就业服务中心办公室和培训科",
        rule_document="示范市人力资源和社会保障局文件〔2026〕第一百二十三号 v12",
    )


def test_a_card_says_that_it_prints_a_part_and_where_all_of_it_is():
    design = replace(BUILT_IN, paper="card")
    page = fitz.open(stream=print_pdf(Print(CLAIMS, LINK, design=design)))[0]
    assert (round(page.rect.width / 72 * 25.4), round(page.rect.height / 72 * 25.4)) == (86, 54)
    assert "全部内容以扫码页面为准" in squeezed(page.get_text())
    for key in ON_EVERY_CARD:
        assert squeezed(str(getattr(CLAIMS, key))) in squeezed(page.get_text()), key


@pytest.mark.parametrize(
    "html",
    [
        '<img src="http://127.0.0.1:{port}/x.png">',
        '<link rel="stylesheet" href="http://127.0.0.1:{port}/x.css">',
        '<style>@import "http://127.0.0.1:{port}/x.css";</style>',
        '<p style="background: url(http://127.0.0.1:{port}/x.png)">x</p>',
        '<script src="http://127.0.0.1:{port}/x.js"></script><p>x</p>',
        '<object data="http://127.0.0.1:{port}/x.svg"></object>',
        '<svg><image href="http://127.0.0.1:{port}/x.png"/></svg>',
        '<img src="file:///etc/hostname"><p>x</p>',
        '<link rel="attachment" href="file:///etc/hostname"><p>x</p>',
    ],
)
def test_nothing_but_our_own_files_is_loaded_whatever_a_template_says(html):
    import socket

    with socket.socket() as ear:
        ear.bind(("127.0.0.1", 0))
        ear.listen()
        ear.setblocking(False)
        text = html.replace("{port}", str(ear.getsockname()[1]))
        try:
            made = draw(Sheet(text, "", "x", CLAIMS.issued_on), fonts.folder())
        except ForeignFile as error:
            assert "loads nothing" in str(error)
        else:
            document = fitz.open(stream=made)
            assert not document[0].get_images()
            assert not document.embfile_names()
        with pytest.raises(BlockingIOError):
            ear.accept()


def test_a_design_is_read_as_it_was_written_and_nothing_else_is_read():
    design = replace(FEW, signatures=(Signature("李四", "主任"),))
    assert Design.from_json(design.as_json()) == design
    assert Design.from_json(design.as_json()).digest() == design.digest()
    for wrong in ({"paper": "a3"}, {"colour": "url(x)"}, {"shown": ["resident_id"]}):
        with pytest.raises(ValueError):
            Design.from_json(design.as_json() | wrong)


def test_the_rare_half_of_the_font_is_there_and_printed():
    claims = replace(CLAIMS, holder_name="㛃䶮龑")
    assert missing_glyphs(claims.holder_name) == []
    assert isinstance(claims, Claims)
    text = fitz.open(stream=render_pdf(claims, LINK))[0].get_text()
    assert "㛃䶮龑" in squeezed(text)
