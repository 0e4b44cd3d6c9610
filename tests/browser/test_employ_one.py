"""From an employer's scan to a dossier that the centre has checked: the fourth step, as people walk it."""

import os

import pytest
from openpyxl import load_workbook

from certificates.dossiers.models import Dossier
from certificates.services.outcomes import history_of
from lms.plugin.testing import inside
from tests.browser.test_main_job import sign_in
from tests.certificates.working import certified, link_in, sent

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in this thread
pytestmark = pytest.mark.browser


def rows_of(download):
    with open(download.value.path(), "rb") as file:
        return list(load_workbook(file).active.iter_rows(values_only=True))


def test_scan_claim_call_confirm_figures_names_excel_dossier(
    committed, site, phone, chromium, tmp_path
):
    phone.set_default_timeout(120_000)  # the first page of a cold server
    certificate, *others = certified(people=3)
    director = chromium.new_context(locale="zh-CN").new_page()
    director.set_default_timeout(120_000)
    sign_in(director, site, "director", slug="centre", after="/admin/bases/")
    director.goto(site("centre", "/desk/figures/"))
    assert director.get_by_label("去向未知 3", exact=True).inner_text() == "3"

    # An employer scans the paper and says who works there.
    phone.goto(site("centre", f"/c/{certificate.code}#{certificate.token}"))
    assert certificate.holder_name in phone.inner_text("main")
    phone.get_by_role("link", name="这个人在本单位就业").click()
    phone.get_by_label("单位名称").fill("=示范制衣厂")
    phone.get_by_label("您的姓名").fill("马厂长")
    phone.get_by_label("电话").fill("13900000001")
    phone.get_by_role("button", name="提交申报").click()
    assert "申报已收到" in phone.inner_text("main")
    director.reload()
    assert director.get_by_label("去向未知 3", exact=True).count() == 1, "a claim is no knowledge"

    # The base calls the firm's own number and sends it a link.
    sign_in(phone, site, "clerk")
    phone.goto(site("north", "/desk/claims/"))
    phone.get_by_role("link", name="示范制衣厂").click()
    phone.get_by_label("手机号或邮箱").fill("0433-2345678")
    phone.get_by_label("号码从何而来").select_option("public")
    phone.get_by_role("button", name="发出链接").click()
    link = link_in(sent("north", "就业核实").text)
    phone.context.clear_cookies()
    phone.goto(site("north", link))
    phone.get_by_label("确认在职").check()
    phone.get_by_label("岗位").fill("平缝工")
    phone.get_by_label("起始日期").fill(f"{certificate.issued_on}")
    phone.get_by_role("button", name="提交回答").click()
    assert "已收到，谢谢" in phone.inner_text("main")

    # The centre's number has moved; behind it stands the name, and Excel says the same.
    director.reload()
    assert director.get_by_label("去向未知 2", exact=True).count() == 1
    director.get_by_label("已就业 1", exact=True).click()
    director.get_by_label("测试基地north 1").click()
    assert certificate.holder_name in director.inner_text("tbody")
    assert others[0].holder_name not in director.inner_text("tbody")
    with director.expect_download() as names:
        director.get_by_role("link", name="导出 Excel").click()
    found = rows_of(names)
    assert len(found) == 2 and found[1][0] == certificate.holder_name
    assert not any(str(cell).startswith("=") for row in found for cell in row)
    with inside("north"):
        assert history_of(certificate).known.evidence == "employer_confirmed"

    # The base makes the dossier of the class; the centre believes the file, and no other.
    sign_in(phone, site, "manager")  # the clerk's code of the minute is used up
    phone.goto(site("north", "/desk/classes/T-01/dossiers/"))
    phone.get_by_role("button", name="制作补贴档案").click()
    for _ in range(120):
        with inside("north"):
            made = Dossier.objects.first()
        if made:
            break
        phone.wait_for_timeout(1000)
    phone.goto(site("north", "/desk/classes/T-01/dossiers/"))
    with phone.expect_download() as saved:
        phone.get_by_role("link", name="下载 Excel", exact=True).click()
    file = tmp_path / "dossier.xlsx"
    saved.value.save_as(file)
    director.goto(site("centre", "/desk/dossiers/"))
    director.locator("input[type=file]").set_input_files(file)
    director.get_by_role("button", name="核对", exact=True).click()
    assert "可以采信" in director.locator("[role=alert]").inner_text()
    book = load_workbook(file)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == certificate.holder_name:
                    cell.value = "李换名"
    book.save(file)
    director.locator("input[type=file]").set_input_files(file)
    director.get_by_role("button", name="核对", exact=True).click()
    assert "不可采信" in director.locator("[role=alert]").inner_text()
    director.context.close()
