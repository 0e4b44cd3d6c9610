"""The Plugins page: who may switch what, what stands against it, and who did it when."""

import pytest
from django.core.exceptions import ValidationError

from lms.plugin.testing import inside, plugin_on, tenant_of
from tenants import hosts
from tenants.models import SiteChange
from tenants.plugins.registry import installed, is_on
from tenants.plugins.services import switch

PAGE = "/desk/plugins/"


def send(visit, slug, role, name="sample", on="1", **more):
    answer = visit(slug, role).post(f"{PAGE}{name}/switch/", {"on": on, **more})
    hosts.forget()
    return answer


def test_a_manager_switches_a_plugin_on_and_off_and_both_are_on_record(visit, db):
    page = visit("north", "manager").get(PAGE).content.decode()
    for said in (
        "样例",
        "用到每一个扩展点。",
        "1.0",
        "Sample Author",
        "发证条件",
        "未启用",
    ):
        assert said in page
    assert send(visit, "north", "manager").status_code == 302
    assert is_on("sample", tenant_of("north"))
    assert not is_on("sample", tenant_of("south"))
    assert visit("north").get("/sample/").status_code == 200
    assert (
        "/admin/settings/sample/samplesettings/"
        in visit("north", "manager").get(PAGE).content.decode()
    )
    send(visit, "north", "manager", on="0")
    assert visit("north").get("/sample/").status_code == 404
    kinds = [(c.kind, c.after, c.by) for c in SiteChange.objects.filter(tenant__slug="north")]
    assert kinds == [
        ("plugin_off", "sample", "管理员甲"),
        ("plugin_on", "sample", "管理员甲"),
    ]


@pytest.mark.parametrize("role", ["clerk", "trainer", "examiner"])
def test_nobody_else_at_a_base_switches(visit, db, role):
    assert send(visit, "north", role).status_code == 403
    assert visit("north", role).get(PAGE).status_code == 403
    assert not is_on("sample", tenant_of("north"))


def test_the_centre_switches_for_each_of_its_bases(visit, db):
    page = visit("centre", "director").get(PAGE).content.decode()
    assert "测试基地north" in page
    send(visit, "centre", "director", base="south")
    assert is_on("sample", tenant_of("south"))
    assert not is_on("sample", tenant_of("centre"))
    assert send(visit, "north", "manager", base="south").status_code == 404
    assert send(visit, "centre", "director", base="nobody").status_code == 404


def test_a_restricted_plugin_is_switched_by_the_centre_alone(visit, db, monkeypatch):
    monkeypatch.setattr(type(installed()["sample"]), "restricted", True)
    send(visit, "north", "manager")
    assert not is_on("sample", tenant_of("north"))
    assert "只由服务中心开关" in visit("north", "manager").get(PAGE).content.decode()
    send(visit, "centre", "director", base="north")
    assert is_on("sample", tenant_of("north"))


def test_what_stands_against_it_is_named_and_it_stays_on(visit, db):
    with plugin_on("north", "sample"):
        with inside("north"):
            from trainbase_sample.models import Note

            Note.objects.create(text="欠条", open=True)
        page = visit("north", "manager").get(PAGE).content.decode()
        assert "现在不能停用" in page
        assert "欠条" in page
        send(visit, "north", "manager", on="0")
        assert is_on("sample", tenant_of("north"))


def test_a_plugin_that_cannot_say_what_stands_against_it_stays_on(db, monkeypatch):
    from trainbase_broken import extensions

    monkeypatch.setattr(extensions, "HOW", "raise")
    with plugin_on("north", "broken"), pytest.raises(ValidationError, match="broken in blockers"):
        switch(tenant_of("north"), "broken", False, "x", at_centre=True)


def test_a_plugin_that_is_on_by_default_is_off_where_somebody_said_so(db, monkeypatch):
    monkeypatch.setattr(type(installed()["sample"]), "default_on", True)
    assert is_on("sample", tenant_of("north"))
    switch(tenant_of("north"), "sample", False, "x", at_centre=False)
    assert not is_on("sample", tenant_of("north"))
    assert is_on("sample", tenant_of("south"))


def test_one_that_is_on_by_default_is_written_down_and_missed_when_it_cannot_be_loaded(
    db, monkeypatch
):
    from tenants.plugins import registry
    from tenants.plugins.services import settle_defaults

    switch(tenant_of("south"), "sample", True, "x", at_centre=False)
    switch(tenant_of("south"), "sample", False, "x", at_centre=False)
    monkeypatch.setattr(type(installed()["sample"]), "default_on", True)
    settle_defaults()
    assert tenant_of("north").plugins == ["sample"]
    assert tenant_of("south").plugins == ["-sample"], "somebody has decided"
    monkeypatch.setattr(registry, "installed", dict)
    assert registry.missing(tenant_of("north")) == ["sample"]
    assert registry.missing(tenant_of("south")) == []


def test_a_plugin_of_the_centre_does_not_exist_at_a_base(visit, db, monkeypatch):
    from lms.plugin import Audience

    monkeypatch.setattr(type(installed()["sample"]), "audience", Audience.CENTRE)
    with pytest.raises(ValidationError, match="not made for this site"):
        switch(tenant_of("north"), "sample", True, "x", at_centre=True)
    with plugin_on("north", "sample"):
        assert visit("north").get("/sample/").status_code == 404
    assert "样例" not in visit("north", "manager").get(PAGE).content.decode()
