"""A list of the desk: filtered, sorted, laid out and kept as somebody wants it, on screen and in Excel."""

import io
from datetime import timedelta

import pytest
from django.test.client import Client
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import TrainingClass
from lms.plugin.testing import inside
from tenants.lists.models import ListMemory, SavedView
from tenants.staff.models import User
from tests.counting import statements
from tests.courses.applying_story import an_open_class

LIST = "/desk/classes/"


def copies(count: int) -> list[TrainingClass]:
    """Classes L-01 and so on, each a day after the one before, the even ones in session."""
    one = TrainingClass.objects.order_by("-code").first() or an_open_class("L-00")
    begun = int(one.code[2:])
    for n in range(begun + 1, begun + count + 1):
        if begun == 0 and n == 1:  # the one that was opened is the first
            TrainingClass.objects.filter(pk=one.pk).update(code="L-01")
            continue
        one.pk, one.code = None, f"L-{n:02}"
        one.starts_on += timedelta(days=1)
        one.ends_on += timedelta(days=1)
        one.state = "in_session" if n % 2 == 0 else "open"
        one.save(force_insert=True)
    return list(TrainingClass.objects.order_by("code"))


def book(browser: Client, query: str) -> list[tuple]:
    answer = browser.get(f"{LIST}?{query}&format=xlsx")
    return list(load_workbook(io.BytesIO(answer.content)).active.values)


def codes(page: str) -> list[str]:
    import re

    return re.findall(r'class="open" href="/desk/classes/(L-\d+)/"', page)


def text(browser: Client, query: str = "") -> str:
    return browser.get(f"{LIST}?{query}" if query else LIST, follow=True).content.decode()


def test_filter_sort_and_columns_stay_over_pages_and_in_excel(visit, north):
    copies(99)
    TrainingClass.objects.exclude(code="L-50").update(state="open")
    browser = visit("north", "clerk")
    asked = "state=open&sort=-code&columns=code,state,place"
    page = text(browser, asked)
    assert codes(page)[:2] == ["L-99", "L-98"] and len(codes(page)) == 50
    assert 'aria-sort="descending"' in page and "培训项目</a>" not in page
    assert "去掉" in page and "状态：招生中" in page
    assert "columns=code%2Cstate%2Cplace" in page and "page=2" in page
    second = text(browser, f"{asked}&page=2")
    assert codes(second)[0] == "L-48" and len(codes(second)) == 48
    rows = book(browser, asked)
    assert rows[0] == ("班次代码", "状态", "地点") and len(rows) == 99
    assert [rows[1][0], rows[98][0]] == ["L-99", "L-01"]
    assert len(codes(text(browser, f"{asked}&format=print"))) == 98


def test_search_and_days_narrow_and_a_wrong_word_is_said(visit, north):
    made = copies(5)
    browser = visit("north", "clerk")
    assert codes(text(browser, "q=l-03")) == ["L-03"]
    assert codes(text(browser, f"from={made[3].starts_on}")) == ["L-05", "L-04"]
    page = text(browser, "state=x&from=gestern")
    assert codes(page) == [] and page.count("errorlist") == 2
    sent = {"do": "act", "act": "rosters", "all": "1"}
    answer = browser.post(f"{LIST}?state=x", sent, follow=True).content.decode()
    assert "请先选中" in answer, "a filter that says nothing is not everybody"
    assert "没有符合条件的记录" in text(browser, "q=nichts")


def test_what_looks_like_a_formula_stays_text(visit, north):
    [one] = copies(1)
    TrainingClass.objects.filter(pk=one.pk).update(place="=1+1")
    answer = visit("north", "clerk").get(f"{LIST}?columns=code,place&format=xlsx")
    cell = load_workbook(io.BytesIO(answer.content)).active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_a_list_costs_as_many_statements_with_many_rows_as_with_few(visit, north):
    copies(2)
    browser = visit("north", "clerk")
    few = statements(lambda: browser.get(LIST))
    copies(40)
    assert statements(lambda: browser.get(LIST)) == few


def test_columns_are_remembered_by_person(visit, north):
    copies(1)
    browser = visit("north", "clerk")
    browser.post(LIST, {"do": "columns", "column": ["code", "place", "gone"]})
    assert book(browser, "")[0] == ("班次代码", "地点")
    assert len(book(visit("north", "manager"), "")[0]) == 8
    browser.post(LIST, {"do": "columns"})
    assert book(browser, "")[0] == ("班次代码", "地点")
    browser.post(LIST, {"do": "columns", "usual": "1"})
    assert len(book(browser, "")[0]) == 8


def kept(browser: Client, name: str, query: str = "state=open", **more: str) -> SavedView:
    browser.post(f"{LIST}?{query}", {"do": "save", "name": name} | more)
    return SavedView.objects.get(name=name)


def test_a_view_is_kept_opened_first_renamed_and_deleted(visit, north):
    copies(4)
    browser = visit("north", "clerk")
    view = kept(browser, "在招", "state=open&sort=code&columns=code,state", first="1")
    assert (view.query, view.columns) == ("state=open&sort=code", ["code", "state"])
    page = text(browser)
    assert codes(page) == ["L-01", "L-03"] and 'aria-current="page">在招' in page
    assert len(codes(text(browser, "view=0"))) == 4
    shown = f"state=&view={view.pk}"
    assert "筛选、顺序或者列与保存的不同" in text(browser, shown)
    browser.post(f"{LIST}?{shown}", {"do": "rename", "view": view.pk, "name": "招生"})
    view.refresh_from_db()
    assert view.name == "招生" and not view.shared
    kept(browser, "第二")
    answer = browser.post(LIST, {"do": "rename", "view": view.pk, "name": "第二"}, follow=True)
    assert "同名" in answer.content.decode()
    browser.post(f"{LIST}?view={view.pk}", {"do": "delete", "view": view.pk})
    assert not SavedView.objects.filter(pk=view.pk).exists()
    assert len(codes(text(browser))) == 4


def test_a_colleague_sees_a_view_that_is_shared_and_changes_none(visit, north):
    copies(4)
    clerk, manager = visit("north", "clerk"), visit("north", "manager")
    own, shared = kept(clerk, "自己的"), kept(clerk, "大家的", shared="1")
    page = text(manager)
    assert "大家的" in page and "自己的" not in page
    assert len(codes(text(manager, f"state=open&view={shared.pk}"))) == 2
    gone = text(manager, f"state=open&view={own.pk}")
    assert "没有这个视图" in gone and "自己的" not in gone
    for do in ("rename", "delete"):
        for view in (own, shared):
            sent = {"do": do, "view": view.pk, "name": "改"}
            assert "它是别人的" in manager.post(LIST, sent, follow=True).content.decode()
    assert {v.name for v in SavedView.objects.all()} == {"自己的", "大家的"}
    manager.post(f"{LIST}?state=open&view={shared.pk}", {"do": "first"})
    assert ListMemory.objects.get(user__username="manager").opens_with == shared
    clerk.post(LIST, {"do": "rename", "view": shared.pk, "name": "大家的"})
    assert len(codes(text(manager))) == 4


def test_a_view_of_another_base_is_not_there(visit):
    browser = visit("north", "clerk")
    browser.post(f"{LIST}?state=open", {"do": "save", "name": "北", "shared": "1"})
    with inside("north"):
        view = SavedView.objects.get()
    there = visit("south", "clerk")
    answer = there.get(f"{LIST}?view={view.pk}", follow=True).content.decode()
    assert "没有这个视图" in answer and "北" not in answer
    with inside("north"):
        view.delete()


@pytest.mark.parametrize("name", ["", "  ", "长" * 41])
def test_a_view_needs_a_name_of_some_length(visit, north, name):
    answer = visit("north", "clerk").post(LIST, {"do": "save", "name": name}, follow=True)
    assert "notice bad" in answer.content.decode() and not SavedView.objects.exists()


def test_nobody_keeps_more_views_than_there_are_tabs(visit, north):
    browser = visit("north", "clerk")
    by = User.objects.get(username="clerk")
    SavedView.objects.bulk_create(
        SavedView(owner=by, of_list="classes", name=f"v{n}") for n in range(30)
    )
    answer = browser.post(LIST, {"do": "save", "name": "一"}, follow=True).content.decode()
    assert "最多保存 30 个视图" in answer and SavedView.objects.count() == 30
    browser.post(f"{LIST}?state=open", {"do": "save", "name": "v3"})
    assert SavedView.objects.get(name="v3").query == "state=open"


def test_rosters_of_the_classes_that_are_ticked_are_printed(visit, north):
    made = copies(60)
    browser = visit("north", "clerk")
    sent = {"do": "act", "act": "rosters", "one": [made[0].pk, made[1].pk]}
    page = browser.post(LIST, sent).content.decode()
    assert page.count('class="sheet"') == 2 and "L-01" in page and "L-03" not in page
    sent = {"do": "act", "act": "rosters", "all": "1"}
    page = browser.post(f"{LIST}?state=open", sent).content.decode()
    assert page.count('class="sheet"') == 30


def test_rows_of_nobody_and_acts_without_permission_do_nothing_and_say_so(visit, north):
    [one] = copies(1)
    clerk = visit("north", "clerk")
    sent = {"do": "act", "act": "rosters", "one": ["999999", "x", "²"]}
    page = clerk.post(LIST, sent, follow=True).content.decode()
    assert "有 3 条已不在名单里" in page and "请先选中" in page
    trainer = visit("north", "trainer")
    assert "打印花名册" not in trainer.get(LIST).content.decode()
    sent = {"do": "act", "act": "rosters", "one": one.pk}
    assert trainer.post(LIST, sent).status_code == 403
    assert clerk.post(LIST, sent | {"act": "none"}).status_code == 403
    assert clerk.post(LIST, {"do": "none"}).status_code == 403


def test_the_history_of_a_class_says_who_moved_it_on(visit, north):
    [one] = copies(1)
    browser = visit("north", "clerk")
    page = text(browser)
    assert f'href="/desk/history/class/{one.pk}/"' in page
    TrainingClass.objects.update(starts_on=timezone.localdate())
    browser.post(f"/desk/classes/{one.code}/state/", {"state": "in_session"})
    page = browser.get(f"/desk/history/class/{one.pk}/").content.decode()
    assert "教务员甲" in page and "招生中" in page and "培训中" in page
    browser.cookies["django_language"] = "en"
    page = browser.get(f"/desk/history/class/{one.pk}/").content.decode()
    assert "Open for enrolment" in page and "In session" in page and "招生中" not in page
    browser.cookies["django_language"] = "zh-hans"
    coming = TrainingClass.objects.filter(pk=one.pk)
    for day, is_there in (
        (timezone.localdate(), True),
        (timezone.localdate() + timedelta(days=1), False),
    ):
        coming.update(state="open", starts_on=day)
        page = browser.get(f"/desk/classes/{one.code}/").content.decode()
        assert ('value="in_session"' in page) is is_there
    rows = browser.get(f"/desk/history/class/{one.pk}/?format=xlsx").content
    assert load_workbook(io.BytesIO(rows)).active["E1"].value == "项目"


def test_a_history_is_for_whoever_may_see_the_record(visit, north):
    [one] = copies(1)
    address = f"/desk/history/class/{one.pk}/"
    assert visit("north", "liaison").get(address).status_code == 403
    assert visit("north").get(address).url.startswith("/login/")
    clerk = visit("north", "clerk")
    assert clerk.get("/desk/history/class/999999/").status_code == 404
    assert clerk.get(f"/desk/history/nothing/{one.pk}/").status_code == 404
    assert address not in visit("north", "trainer").get(LIST).content.decode()
