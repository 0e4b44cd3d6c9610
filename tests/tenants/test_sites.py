"""The centre opens, renames, moves and closes a base's site, without an engineer."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_exists, tenant_context

from courses.directory.models import RuleSet
from courses.models import CoursePage, Project
from courses.services.classes import rule_set_on, season_note
from tenants import hosts, sites
from tenants.designations.models import TrainingBase
from tenants.designations.services import Places, apply_for, designate, take_step
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.models import Division, Domain, OffSeason, SiteChange, Tenant
from tenants.sites import Season, Wanted
from tenants.staff.models import User
from tests.cast import OFFICIAL, base
from tests.story import a_class
from tests.tenants.test_console import USCC

ROOT = Path(__file__).parents[2]
TODAY = timezone.localdate()
NEW = {
    "slug": "new-base",
    "host": "",
    "rule_code": "standard",
    "seasons": "冬闲 11-01 03-31",
    "page_set": "on",
}


@pytest.fixture(autouse=True)
def _no_memory():
    hosts.forget()
    yield
    hosts.forget()


def designated(on=TODAY):
    record = apply_for(
        base("centre"), USCC, "新基地", Division.objects.get(code="222403"), OFFICIAL, on
    )
    take_step(record, "check", OFFICIAL, reason="合格", on=on)
    designate(
        record,
        OFFICIAL,
        document="测劳认〔2026〕88号",
        starts_on=on,
        ends_on=on + timedelta(days=365),
        trades={"sewing": Places(60, 40, 120)},
        reason="合格",
        on=on,
    )
    return record


def opened(**changes):
    return sites.open_site(designated(), Wanted(**{"slug": "new-base"} | changes), "主任")


def browser(host):
    return Client(HTTP_HOST=host)


def test_a_button_opens_the_site_and_its_first_manager_comes_in_by_link(visit):
    record = designated()
    director = visit("centre", "director")
    page = f"/admin/bases/{record.pk}/"
    assert "开通网站" in director.get(page).content.decode()
    job = director.post(f"{page}site/open/", NEW).url
    again = director.post(f"{page}site/open/", NEW).url
    assert job == again, "a second click starts no second job"
    assert "<progress" in director.get(job).content.decode()
    with tenant_context(base("centre")):
        perform(JobRun.objects.get())
    assert "http://new-base.localhost:8000/" in director.get(job).content.decode()

    tenant = base("new-base")
    assert (tenant.name, tenant.uscc, tenant.rule_code) == ("新基地", USCC, "standard")
    assert str(OffSeason.objects.get(tenant=tenant)) == "冬闲 11-01–03-31"
    assert browser("new-base.localhost").get("/").status_code == 200
    assert browser("new-base.localhost").get("/sewing/").status_code == 404, "only a draft"
    with tenant_context(tenant):
        assert not CoursePage.objects.get(slug="sewing").live
        assert Project.objects.get().total_hours == 40

    form = {"display_name": "新主任", "username": "xin"}
    said = director.post(f"{page}site/first/", form).content.decode()
    link = said.split("new-base.localhost:8000")[1].split("<")[0]
    new = browser("new-base.localhost")
    both = {"password1": "a-password-of-my-own", "password2": "a-password-of-my-own"}
    assert new.post(link, both).url == "/login/"
    with tenant_context(tenant):
        assert [g.name for g in User.objects.get(username="xin").groups.all()] == ["管理员"]


def test_every_sequence_of_a_new_schema_is_ahead_of_its_table(db):
    tenant = opened()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = %s AND is_identity = 'YES'",
            [tenant.schema_name],
        )
        columns = cursor.fetchall()
        assert len(columns) > 50
        for table, column in columns:
            name = f'"{tenant.schema_name}"."{table}"'
            cursor.execute(f'SELECT coalesce(max("{column}"), 0) FROM {name}')
            highest = cursor.fetchone()[0]
            cursor.execute(f"SELECT nextval(pg_get_serial_sequence('{name}', '{column}'))")
            assert cursor.fetchone()[0] > highest, table


def test_a_site_is_opened_once(db):
    record = designated()
    first = sites.open_site(record, Wanted("new-base"), "主任")
    assert sites.open_site(record, Wanted("other"), "主任") == first
    assert SiteChange.objects.filter(tenant=first).count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slug": "north"}, "占用"),
        ({"slug": "x" * 40}, "简称"),
        ({"slug": "9base"}, "简称"),
        ({"host": "north.localhost"}, "占用"),
        ({"host": "http://x.cn"}, "域名"),
        ({"host": "x"}, "域名"),
        ({"host": "www.x.localhost"}, "www"),
        ({"host": "elsewhere.cn"}, "TRAINBASE_HOSTS"),
        ({"slug": "abc-"}, "简称"),
        ({"seasons": [Season("冬闲", "13-01", "03-31")]}, "MM-DD"),
    ],
)
def test_a_bad_wish_is_refused_with_what_to_do_and_leaves_nothing(db, changes, said):
    record = designated()
    with pytest.raises(ValidationError, match=said):
        sites.open_site(record, Wanted(**{"slug": "new-base"} | changes), "主任")
    assert Tenant.objects.filter(uscc=USCC).count() == 0
    assert not schema_exists("b_new_base")
    record.refresh_from_db()
    assert record.tenant_id is None


def test_the_form_names_what_is_wrong_before_a_job_is_started(visit):
    record = designated()
    director = visit("centre", "director")
    for changes in (
        {"slug": "north"},
        {"slug": "North"},
        {"host": "north.localhost"},
        {"seasons": "冬闲 十一月"},
        {"seasons": "冬闲 99-01 03-31"},
    ):
        page = director.post(f"/admin/bases/{record.pk}/site/open/", NEW | changes)
        assert page.status_code == 200, changes
        assert "error" in page.content.decode(), changes
    with tenant_context(base("centre")):
        assert not JobRun.objects.exists()


def test_an_institution_that_is_not_designated_gets_no_site(db):
    record = designated()
    take_step(record, "suspend", OFFICIAL, reason="x", document="测停9号")
    with pytest.raises(ValidationError, match="先认定"):
        sites.open_site(record, Wanted("new-base"), "主任")


@pytest.mark.parametrize("role", ["officer", "township_officer"])
def test_only_a_director_opens_and_changes_sites(visit, role):
    record = TrainingBase.objects.get(tenant__slug="north")
    for path in ("first", "renamed", "moved", "closed"):
        answer = visit("centre", role).get(f"/admin/bases/{record.pk}/site/{path}/")
        assert answer.status_code in (302, 403)


def test_a_new_name_is_everywhere_but_on_old_certificates(visit):
    director = visit("centre", "director")
    record = TrainingBase.objects.get(tenant__slug="north")
    form = {"name": "测试基地新名", "reason": "更名登记"}
    assert director.post(f"/admin/bases/{record.pk}/site/renamed/", form).status_code == 302
    assert "测试基地新名" in browser("north.localhost").get("/").content.decode()
    record.refresh_from_db()
    assert record.name == base("north").name == "测试基地新名"
    change = SiteChange.objects.get()
    assert (change.before, change.after, change.by) == (
        "测试基地north",
        "测试基地新名",
        "中心主任甲",
    )


def test_an_old_host_leads_to_the_new_one(visit, settings):
    settings.ALLOWED_HOSTS = [".localhost", ".example.cn"]
    sites.change_host(base("north"), "north.example.cn", "主任", "启用正式域名")
    old = browser("north.localhost").get("/sewing/?q=1")
    assert (old.status_code, old["Location"]) == (302, "http://north.example.cn:8000/sewing/?q=1")
    assert browser("north.localhost").post("/login/", {}).status_code == 307
    assert visit("centre").get("/courses/").content.decode().count("north.example.cn") >= 1
    with pytest.raises(ValidationError, match="占用"):
        sites.change_host(base("north"), "south.localhost", "主任", "x")
    sites.change_host(base("north"), "north.localhost", "主任", "改回")
    assert browser("north.localhost").get("/").status_code == 200
    assert browser("north.example.cn").get("/").status_code == 302


def test_a_closed_base_says_so_and_loses_nothing(visit):
    tenant = base("north")
    with pytest.raises(ValidationError, match="先取消资格"):
        sites.close(tenant, "主任", "停办")
    record = TrainingBase.objects.get(tenant=tenant)
    with tenant_context(tenant):
        running = a_class()
    take_step(record, "remove", OFFICIAL, reason="停办", document="测撤9号")
    sites.close(tenant, "主任", "停办")  # its running classes may not be finished any more
    with pytest.raises(ValidationError, match="已经关闭"):
        sites.close(base("north"), "主任", "停办")
    for path in ("/", "/desk/", "/admin/", "/login/"):
        answer = browser("north.localhost").get(path)
        assert answer.status_code == 410
        assert "已关闭" in answer.content.decode()
    sites.reopen(base("north"), "主任", "恢复")
    assert browser("north.localhost").get("/").status_code == 200
    with tenant_context(tenant):
        assert running.enrolments.count() == 3
    assert "测试基地north" not in visit("centre").get("/bases/").content.decode(), "removed"


def test_a_host_of_nobody_gets_a_bare_page_and_no_tenant(db):
    answer = browser("nobody.localhost").get("/desk/")
    assert answer.status_code == 404
    assert "没有这个站点" in answer.content.decode()
    assert connection.schema_name == "public"
    assert "sessionid" not in answer.cookies


def test_a_host_is_remembered_and_dropped_on_change(db, django_assert_num_queries):
    first = hosts.find("north.localhost")
    with django_assert_num_queries(0):
        second = hosts.find("north.localhost")
    assert first.tenant is not second.tenant, "no request writes on another one's tenant"
    Tenant.objects.get(slug="north").save()
    assert "north.localhost" not in hosts._known
    for number in range(20):
        assert hosts.find(f"stranger{number}.localhost") is None
    assert not hosts._known, "what a stranger makes up is not remembered"


def test_a_base_has_the_rule_set_that_the_centre_gave_it(db):
    RuleSet.objects.create(
        code="single", version=1, effective_from=date(2020, 1, 1), document="单项1号",
        attendance_percent=80, theory_percent=0, practice_percent=80, pass_theory=0,
        pass_practice=60,
    )  # fmt: skip
    assert "single" in sites.rule_codes()
    tenant = opened(rule_code="single")
    with tenant_context(tenant):
        assert rule_set_on(TODAY).document == "单项1号"
    with tenant_context(base("north")):
        assert rule_set_on(TODAY).code == "standard"


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 11, 1), True),
        (date(2026, 12, 31), True),
        (date(2026, 1, 1), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 1), False),
        (date(2026, 10, 31), False),
        (date(2026, 8, 1), True),
    ],
)
def test_a_class_outside_the_off_season_is_warned_of_and_not_refused(db, day, inside):
    tenant = opened(seasons=[Season("冬闲", "11-01", "03-31"), Season("夏闲", "07-15", "08-20")])
    with tenant_context(tenant):
        assert (season_note(day) is None) == inside


KILLED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
django.setup()
from tenants import provisioning, sites
from tenants.designations.models import TrainingBase
copy = provisioning.copy_template
def slow(schema):
    copy(schema)
    print("half", flush=True)
    import time; time.sleep(60)
provisioning.copy_template = slow
sites.open_site(TrainingBase.objects.get(uscc=sys.argv[1]), sites.Wanted("new-base"), "x")
"""


def test_a_kill_in_the_middle_leaves_no_half_tenant(committed):
    record = designated()
    connection.close()
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, USCC], cwd=ROOT, stdout=subprocess.PIPE, env=os.environ
    )
    assert child.stdout.readline() == b"half\n"
    child.send_signal(signal.SIGKILL)
    child.wait(10)
    time.sleep(0.3)
    assert not Tenant.objects.filter(uscc=USCC).exists()
    assert not Domain.objects.filter(domain__startswith="new-base").exists()
    assert not schema_exists("b_new_base")
    tenant = sites.open_site(record, Wanted("new-base"), "主任")
    assert schema_exists(tenant.schema_name)


def test_a_director_exports_a_base_by_button_and_nobody_else_gets_the_file(visit):
    director = visit("centre", "director")
    record = TrainingBase.objects.get(tenant__slug="north")
    job = director.post(f"/desk/bases/{record.pk}/export/").url
    with tenant_context(base("centre")):
        run = JobRun.objects.get()
        perform(run)
    page = director.get(job).content.decode()
    assert f"/desk/exports/{run.pk}.zip" in page
    content = b"".join(director.get(f"/desk/exports/{run.pk}.zip").streaming_content)
    assert content.startswith(b"PK")
    assert SiteChange.objects.filter(tenant__slug="north", kind="exported").exists()
    for browser_of in (visit("centre", "officer"), visit("centre")):
        assert browser_of.get(f"/desk/exports/{run.pk}.zip").status_code in (302, 403)
    assert visit("north", "manager").get(f"/desk/exports/{run.pk}.zip").status_code == 404
    assert visit("centre", "officer").post(f"/desk/bases/{record.pk}/export/").status_code == 403
