"""Statistics, the panel, reminders, what stands against switching off, the demo."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hotline_cast import department, filed, person
from trainbase_hotline import clock
from trainbase_hotline.counts import open_counts
from trainbase_hotline.demo import COMPLAINTS, build
from trainbase_hotline.models import Complaint, HotlineSettings, Reminder, Step
from trainbase_hotline.report import HotlineReport, month_span
from trainbase_hotline.services import handling
from trainbase_hotline.services.reminding import remind

from lms.plugin import Message
from lms.plugin.testing import inside

HOUR = timedelta(hours=1)


def lived(hours_ago, *stamps, close=""):
    """A complaint of so long ago, with (kind, hours after receipt)."""
    start, clerk = timezone.now() - hours_ago * HOUR, person("clerk")
    with clock.at(start):
        found = filed(text=f"{hours_ago} 小时前 {stamps} {close}")
    for kind, hours in stamps:
        verb = handling.answer if kind == "answered" else handling.give_opinion
        found.refresh_from_db()
        with clock.at(start + hours * HOUR):
            verb(found.pk, clerk, found.version, "已登记")
    if close:
        found.refresh_from_db()
        with clock.at(start + 50 * HOUR):
            handling.close(found.pk, clerk, found.version, close)
    found.refresh_from_db()
    return found


def total(**asked):
    return list(HotlineReport().rows(asked))[-1]


def test_a_share_stands_with_what_it_is_made_of(hotline):
    lived(100, ("answered", 23), ("opinion", 25), close="satisfied")
    lived(100, ("answered", 24), close="")
    lived(1)
    row = total()
    assert row[:4] == ["合计", 3, 1, 0]
    assert row[4:7] == [2, 2, "100.0%"]
    assert row[7:10] == [0, 2, "0.0%"]
    assert row[10:] == [1, 0, 0, 0]


def test_reopening_does_not_polish_the_first_round(hotline):
    case = lived(200, ("answered", 30), ("opinion", 31), close="not")
    handling.reopen(case.pk, person("clerk"), case.version, "没有付")
    row = total()
    assert row[1:4] == [1, 0, 1] and row[4:7] == [0, 1, "0.0%"] and sum(row[10:]) == 0


def test_an_empty_month_has_no_percentage(hotline):
    assert total(month="2020-01") == ["合计", 0, 0, 0, 0, 0, "", 0, 0, "", 0, 0, 0, 0]


def test_the_report_can_be_asked_for_a_month_a_kind_and_a_department(hotline):
    office = department("法援")
    case = filed()
    handling.assign(case.pk, office, person("clerk"), 1)
    filed(kind="injury", text="手")
    month = f"{timezone.localdate():%Y-%m}"
    assert total(month=month)[1] == 2
    assert total(kind="injury")[1] == 1
    assert total(department=str(office.pk))[1] == 1
    assert total(month="'; DROP", kind="<b>", department="x")[1] == 2
    assert [f.name for f in HotlineReport().filters] == ["month", "kind", "department"]


def test_a_month_begins_at_local_midnight():
    start, end = month_span("2024-02")
    assert start.astimezone(UTC) == datetime(2024, 1, 31, 16, tzinfo=UTC)
    assert end.astimezone(UTC) == datetime(2024, 2, 29, 16, tzinfo=UTC)
    assert month_span("2024-13") is None
    assert month_span("2024-12")[1].year == 2025


def test_the_panel_counts_complaints(hotline):
    lived(1)
    lived(21)
    lived(30)
    lived(30, ("answered", 1))
    lived(100, ("answered", 1), ("opinion", 2), close="partly")
    found = open_counts()
    assert (found.open, found.soon, found.overdue) == (4, 1, 2)


def test_the_panel_stands_on_the_desk_of_a_manager(hotline, visit):
    lived(30)
    page = visit("north", "manager").get("/desk/").content.decode()
    assert "维权热线" in page and "/hotline/desk/breaches/" in page


def test_the_report_screen_shows_the_definition(hotline, visit):
    lived(30)
    page = visit("north", "manager").get("/desk/reports/hotline/complaints/").content.decode()
    assert "分母" in page and "拖欠工资" in page


def test_breaches_list_late_and_overdue_ones(hotline, visit):
    late = lived(100, ("answered", 25), ("opinion", 26), close="not")
    overdue, fine = lived(25), lived(2)
    page = visit("north", "clerk").get("/hotline/desk/breaches/").content.decode()
    assert str(late) in page and str(overdue) in page and str(fine) not in page
    assert page.count(str(late)) == 1


def test_reminders_are_sent_before_and_at_the_deadline_each_once(hotline):
    case = filed()
    handling.assign(case.pk, department("监察", "0433-7"), person("clerk"), 1)
    sent = []
    for hours in (1, 19, 20.1, 20.2, 23, 24, 24.1, 50):
        with clock.at(case.received_at + hours * HOUR):
            sent.append(remind())
    assert sent == [0, 0, 2, 0, 0, 2, 0, 0]
    rows = Reminder.objects.values_list("stamp", "moment", "to")
    assert set(rows) == {
        (s, m, "0433-7") for s in ("answered", "opinion") for m in ("before", "due")
    }
    texts = " ".join(Message.objects.values_list("text", flat=True))
    assert "金大山" not in texts and "三个月" not in texts and f"/hotline/desk/{case.pk}/" in texts


def test_what_is_stamped_is_not_reminded_of(hotline):
    settings = HotlineSettings.load()
    settings.remind_to = "0433-1"
    settings.save()
    case = filed()
    handling.answer(case.pk, person("clerk"), 1, "已联系")
    with clock.at(case.received_at + 30 * HOUR):
        assert remind() == 1
    assert Reminder.objects.get().stamp == "opinion"


def test_without_anybody_to_remind_nothing_is_marked_as_sent(hotline):
    case = filed()
    with clock.at(case.received_at + 30 * HOUR):
        assert remind() == 0
    assert not Reminder.objects.exists()


def test_the_desk_says_when_nobody_would_be_reminded(hotline, visit):
    def warned():
        page = visit("north", "clerk").get("/hotline/desk/").content.decode()
        return "没有提醒对象" in page

    assert not warned()
    with inside("north"):
        case = filed()
    assert warned()
    with inside("north"):
        handling.assign(case.pk, department("监察", "0433-7"), person("clerk"), 1)
    assert not warned()


def test_open_complaints_stand_against_switching_off(hotline):
    from django.apps import apps

    config = apps.get_app_config("hotline")
    assert config.blockers(hotline) == []
    lived(100, ("answered", 1), ("opinion", 2), close="partly")
    assert config.blockers(hotline) == []
    filed()
    (said,) = config.blockers(hotline)
    assert said.startswith("还有 1 件") and " / 1 " in said


@pytest.mark.parametrize("slug", ["north", "centre"])
def test_the_demo_has_every_state_and_some_that_are_late(hotline, slug):
    with inside(slug):
        build()
        build()
        assert Complaint.objects.count() == len(COMPLAINTS) == 12
        assert set(Complaint.objects.values_list("state", flat=True)) == {
            *("received", "handling", "closed")
        }
        assert Step.objects.filter(late=True).count() >= 3
        assert Complaint.objects.filter(round=2).exists()
        found = open_counts()
        assert found.overdue and found.soon
        satisfactions = set(Complaint.objects.values_list("satisfaction", flat=True))
        assert {"satisfied", "not", "unreached"} <= satisfactions


def test_south_counts_nothing_of_norths(hotline):
    lived(30)
    with inside("south"):
        assert total()[1] == 0 and open_counts().open == 0 and remind() == 0
