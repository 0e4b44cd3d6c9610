"""A clerk sends a notice to a class: looked at first, once each, by day, and never to who wants none."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from courses.models import Trainee
from courses.notices import services
from courses.notices.audiences import people_of
from courses.notices.models import Notice, NoticeTemplate, OptOut, Sending
from lms.plugin.testing import inside, plugin_on
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform
from tenants.outbox.models import Message
from tenants.staff.models import User
from tests.story import a_class

NOON = datetime(2026, 1, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
NIGHT = NOON.replace(hour=23)
TEXT = "{姓名}您好，{项目}{日期}在{地点}开班，请带身份证。{基地}"


def prepared(text=TEXT, people=3):
    """A class whose trainees have numbers, and a template."""
    found = a_class("S-1", people=people)
    for n, trainee in enumerate(Trainee.objects.order_by("pk")):
        trainee.phone = f"1380000{n:04}"
        trainee.save()
    template = NoticeTemplate(name="开班")
    services.write_template(template, "开班", text, True, User.objects.get(username="manager"))
    return found, template


def begin(template, now=NOON, people=None, **more):
    how = {"channel": "outbox", "link": "https://x.cn/", "urgent": False} | more
    people = people_of("class:S-1") if people is None else people
    by = User.objects.get(username="clerk")
    return services.begin(template, people, "一个班的学员：S-1", by=by, now=now, **how)


def run(sending):
    perform(JobRun.objects.get(kind=services.SEND, params={"sending": sending.pk}, state="waiting"))
    sending.refresh_from_db()
    return list(sending.notices.select_related("message", "trainee").order_by("pk"))


@pytest.fixture
def by_day(monkeypatch):
    monkeypatch.setattr(timezone, "localtime", lambda value=None, tz=None: value or NOON)


def test_each_person_gets_the_own_text_once(north, by_day):
    found, template = prepared()
    sending = begin(template)
    notices = run(sending)
    assert [n.message.to for n in notices] == ["13800000000", "13800000001", "13800000002"]
    day = f"{found.starts_on.month}月{found.starts_on.day}日"
    assert notices[0].message.text.startswith(f"学员1您好，缝纫裁剪初级班{day}在")
    assert {n.message.state for n in notices} == {Message.State.KEPT}
    assert sending.finished_at is not None
    services.start_job(sending)
    assert [n.message_id for n in run(sending)] == [n.message_id for n in notices]
    assert Message.objects.count() == 3


def test_a_carrier_tells_the_cost_of_each(db, by_day):
    with plugin_on("north", "sample"), inside("north"):
        _found, template = prepared()
        assert services.way_named("carrier").price == Decimal("0.05")
        sending = begin(template, channel="carrier")
        assert sending.price == Decimal("0.05")
        notices = run(sending)
        assert {n.message.state for n in notices} == {Message.State.SENT}
        assert sum(n.message.cost for n in notices) == Decimal("0.15")


def test_who_wants_none_and_who_has_no_number_are_left_out_and_listed(north, by_day):
    _found, template = prepared()
    first, second, _third = Trainee.objects.order_by("pk")
    services.opt_out("+86 138 0000 0000", "来电话", None)
    Trainee.objects.filter(pk=second.pk).update(phone="")
    notices = run(begin(template))
    assert [n.skipped for n in notices] == ["opted_out", "no_phone", ""]
    assert first.notices.get().message is None
    services.opt_in(OptOut.objects.get())
    assert [d.skipped for d in services.drafts(people_of("class:S-1"), TEXT, "", "outbox")] == [
        "",
        "no_phone",
        "",
    ]


def test_who_opts_out_before_it_leaves_gets_none(north, by_day):
    _found, template = prepared()
    sending = begin(template)
    services.opt_out("13800000001", "来电话", None)
    assert [n.skipped for n in run(sending)] == ["", "opted_out", ""]


def test_at_night_it_waits_for_the_morning_unless_it_is_urgent(north):
    _found, template = prepared()
    later = begin(template, now=NIGHT)
    assert timezone.localtime(later.not_before) == datetime(
        2026, 1, 6, 8, tzinfo=ZoneInfo("Asia/Shanghai")
    )
    assert not JobRun.objects.filter(kind=services.SEND).exists()
    assert services.start_due(now=NIGHT) == 0
    assert services.start_due(now=NIGHT + timedelta(hours=9)) == 1
    assert services.start_due(now=NIGHT + timedelta(hours=9)) == 1, "the same job is found again"
    assert JobRun.objects.filter(kind=services.SEND).count() == 1
    begin(template, now=NIGHT, urgent=True)
    assert JobRun.objects.filter(kind=services.SEND).count() == 2


def test_a_run_that_the_night_overtakes_leaves_the_rest(north, monkeypatch):
    _found, template = prepared()
    sending = begin(template)
    hours = iter([NOON, NIGHT, NIGHT])
    monkeypatch.setattr(timezone, "localtime", lambda value=None, tz=None: value or next(hours))
    notices = run(sending)
    assert [bool(n.message_id) for n in notices] == [True, False, False]
    assert sending.is_open
    assert sending.not_before.astimezone(NIGHT.tzinfo).hour == 8


def test_a_stopped_sending_sends_no_more(north, by_day):
    _found, template = prepared()
    sending = begin(template)
    services.stop(sending)
    assert not any(n.message_id for n in run(sending))
    with pytest.raises(ValidationError, match="已经结束"):
        services.stop(sending)


def test_what_a_killed_run_had_in_hand_is_not_sent_twice(db, by_day):
    with plugin_on("north", "sample"), inside("north"):
        _found, template = prepared()
        sending = begin(template, channel="carrier")
        services.deliver(sending.notices.first())  # written, and killed before the carrier had it
        notices = run(sending)
        assert [n.message.state for n in notices] == ["failed", "sent", "sent"]
        assert "中断" in notices[0].message.error
        again = people_of(f"unreached:{sending.pk}")
        assert [person.trainee.name for person in again] == ["学员1"]
        assert run(begin(template, people=again, channel="carrier"))[0].message.state == "sent"


def test_an_unknown_gap_and_an_empty_one_are_refused_with_what_to_do(north):
    _found, template = prepared()
    with pytest.raises(ValidationError, match="请改用：{姓名}"):
        services.check_template("{工资}")
    services.write_template(template, "链接", "{姓名} {链接}", True, template.changed_by)
    with pytest.raises(ValidationError, match="学员1没有{链接}可填"):
        begin(template, link="")
    assert not Sending.objects.exists()


def test_a_list_of_nobody_and_a_channel_that_is_off_are_refused(north):
    _found, template = prepared()
    Trainee.objects.update(phone="")
    with pytest.raises(ValidationError, match="请先补上电话"):
        begin(template)
    with pytest.raises(ValidationError, match="没有这个通道"):
        begin(template, channel="carrier")


def test_numbers_of_people_whose_time_is_over_go_from_the_messages(north, by_day):
    _found, template = prepared(people=1)
    sending = begin(template)
    run(sending)
    Trainee.objects.update(phone="")
    assert services.forget_gone() == 0, "too young"
    Sending.objects.update(at=timezone.now() - timedelta(days=31))
    assert services.forget_gone() == 1
    assert Message.objects.get().to == "—"
    assert Notice.objects.count() == 1
