"""The pages: preview with a real person, the price before, progress and cost after."""

import pytest
from django_tenants.utils import tenant_context

from courses.models import Trainee
from courses.notices.models import NoticeTemplate, OptOut, Sending
from lms.plugin.testing import plugin_on
from tests.cast import base
from tests.courses.notices.test_sending import TEXT, prepared, run


@pytest.fixture
def ready(db):
    with tenant_context(base("north")):
        prepared()
        return {"to": "class:S-1", "template": NoticeTemplate.objects.get().pk, "channel": "outbox"}


def test_a_preview_shows_a_real_person_and_writes_nothing(visit, ready):
    page = visit("north", "clerk").get("/desk/notices/new/", ready).content.decode()
    assert "学员1您好，缝纫裁剪初级班" in page
    assert "选中 3 人，共 3 条；留存不产生费用" in page
    with tenant_context(base("north")):
        assert not Sending.objects.exists()


def test_a_carriers_price_is_told_before_it_is_spent(visit, ready):
    with plugin_on("north", "sample"):
        page = visit("north", "clerk").get("/desk/notices/new/", ready | {"channel": "carrier"})
    assert "选中 3 人，共 3 条，预计 0.15 元" in page.content.decode()


def test_only_who_is_chosen_gets_it_and_the_page_says_what_became_of_it(visit, ready):
    clerk = visit("north", "clerk")
    with tenant_context(base("north")):
        chosen = list(Trainee.objects.values_list("pk", flat=True))[:2]
    sent = ready | {"person": chosen, "urgent": "on"}
    counted = clerk.post("/desk/notices/new/", sent | {"act": "count"}).content.decode()
    assert "选中 2 人" in counted
    answer = clerk.post("/desk/notices/new/", sent | {"act": "send"})
    with tenant_context(base("north")):
        sending = Sending.objects.get()
        assert len(run(sending)) == 2
    assert answer["Location"] == f"/desk/notices/{sending.pk}/"
    page = clerk.get(answer["Location"]).content.decode()
    assert "2 人，已交出 2，失败 0，不发 0" in page
    assert "留存，请自行转达" in page
    listed = clerk.get("/desk/notices/").content.decode()
    assert "一个班的学员：S-1" in listed
    assert clerk.get(answer["Location"], {"format": "xlsx"}).status_code == 200


def test_nobody_chosen_is_said(visit, ready):
    answer = visit("north", "clerk").post("/desk/notices/new/", ready | {"act": "send"})
    assert "请至少选一个人" in answer.content.decode()


def test_a_template_is_a_managers_and_an_unknown_gap_is_refused(visit, ready):
    assert visit("north", "clerk").get("/desk/notices/templates/new/").status_code == 403
    assert visit("north", "trainer").get("/desk/notices/").status_code == 403
    manager = visit("north", "manager")
    form = {"name": "提醒", "text": "{姓名}，{工资}", "in_use": "on"}
    refused = manager.post("/desk/notices/templates/new/", form).content.decode()
    assert "请改用" in refused
    assert "{工资}" in refused, "what was typed is still there"
    assert manager.post("/desk/notices/templates/new/", form | {"text": TEXT}).status_code == 302


def test_two_managers_at_one_template_lose_nothing(visit, ready):
    first, second = visit("north", "manager"), visit("north", "manager")
    path = f"/desk/notices/templates/{ready['template']}/"
    seen = {b: b.get(path).context["form"]["seen"].value() for b in (first, second)}
    form = {"name": "开班", "text": TEXT, "in_use": "on"}
    assert first.post(path, form | {"text": "{姓名}！", "seen": seen[first]}).status_code == 302
    mine = form | {"name": "开班通知", "seen": seen[second]}
    told = second.post(path, mine)
    page = told.content.decode()
    assert "别人已经改过这条记录" in page
    assert "改为“{姓名}！”" in page
    shown = told.context["form"]
    assert (shown["name"].value(), shown["text"].value()) == ("开班通知", "{姓名}！")
    again = {name: shown[name].value() for name in ("name", "text", "seen")} | {"in_use": "on"}
    assert second.post(path, again).status_code == 302
    with tenant_context(base("north")):
        found = NoticeTemplate.objects.get()
        assert (found.name, found.text) == ("开班通知", "{姓名}！")


def test_opting_out_is_recorded_and_taken_back(visit, ready):
    clerk = visit("north", "clerk")
    form = {"phone": "138-0000-0000", "said": "来电话"}
    assert clerk.post("/desk/notices/opt-outs/", form).status_code == 302
    page = clerk.get("/desk/notices/new/", ready).content.decode()
    assert "本人不愿接收" in page
    assert "请填写电话号码" in clerk.post(
        "/desk/notices/opt-outs/", form | {"phone": "x"}
    ).content.decode()  # fmt: skip
    with tenant_context(base("north")):
        pk = OptOut.objects.get().pk
    asked = {"do": "act", "act": "opt-in", "one": pk}
    assert "138" in clerk.post("/desk/notices/opt-outs/", asked).content.decode()
    with tenant_context(base("north")):
        assert OptOut.objects.exists(), "the page only asks"
    assert clerk.post("/desk/notices/opt-outs/", asked | {"sure": "1"}).status_code == 302
    assert "本人不愿接收" not in clerk.get("/desk/notices/new/", ready).content.decode()


def test_a_list_that_is_not_there_is_said(visit, ready):
    answer = visit("north", "clerk").get("/desk/notices/new/", ready | {"to": "class:NONE"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()
