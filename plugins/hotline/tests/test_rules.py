"""Rules without a database: numbers, the clock, what may follow what, what may be written."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from trainbase_hotline import rules
from trainbase_hotline.rules import Duty, Share, Standing

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=SHANGHAI)
DAY = timedelta(hours=24)


def test_a_receipt_number_has_no_letter_that_is_misread():
    assert not set("01OIL") & set(rules.ALPHABET)
    assert len(set(rules.ALPHABET)) == len(rules.ALPHABET) == 31


def test_receipt_numbers_do_not_repeat_and_use_the_whole_alphabet():
    numbers = {rules.new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert {len(n) for n in numbers} == {12}
    assert set("".join(numbers)) == set(rules.ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "K7PM3WQX9HTA",
        "k7pm-3wqx-9hta",
        " K7PM 3WQX 9HTA ",
        "Ｋ７ＰＭ－３ＷＱＸ－９ＨＴＡ",
        "K7PM—3WQX—9HTA",
        "K7PM\u200b3WQX9HTA",
    ],
)
def test_a_number_is_read_however_a_phone_types_it(typed):
    assert rules.read_number(typed) == "K7PM3WQX9HTA"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7PM",
        "K7PM3WQX9HT0",
        "K7PM3WQX9HTI",
        "K7PM3WQX9HTAA",
        "' OR 1=1 --",
        "😀" * 12,
        "A" * 10_000,
    ],
)
def test_what_is_no_number_reads_as_nothing(typed):
    assert rules.read_number(typed) == ""


def test_a_number_is_spoken_in_groups_of_four():
    assert rules.spoken("K7PM3WQX9HTA") == "K7PM-3WQX-9HTA"
    assert rules.read_number(rules.spoken("K7PM3WQX9HTA")) == "K7PM3WQX9HTA"


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 28, 12, tzinfo=BERLIN),  # summer time begins that night
        datetime(2026, 10, 24, 12, tzinfo=BERLIN),  # and ends that night
        datetime(1986, 5, 3, 12, tzinfo=SHANGHAI),  # China had it too
        datetime(2026, 1, 31, 23, 59, 59, tzinfo=SHANGHAI),
        datetime(2024, 2, 28, 9, tzinfo=SHANGHAI),
        datetime(2024, 2, 29, 9, tzinfo=SHANGHAI),
        datetime(2026, 12, 31, 18, tzinfo=SHANGHAI),
        datetime(2026, 10, 1, 8, tzinfo=SHANGHAI),  # a holiday
        datetime(2026, 3, 6, 17, tzinfo=SHANGHAI),  # Friday evening
    ],
)
def test_24_hours_are_24_hours_that_pass(start):
    due = rules.due_at(start, 24)
    assert due.astimezone(UTC) - start.astimezone(UTC) == DAY


def test_summer_time_moves_the_hour_on_the_wall_and_not_the_deadline():
    due = rules.due_at(datetime(2026, 3, 28, 12, tzinfo=BERLIN), 24)
    assert due.astimezone(BERLIN) == datetime(2026, 3, 29, 13, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (datetime(2024, 2, 28, 9), datetime(2024, 2, 29, 9)),
        (datetime(2024, 2, 29, 9), datetime(2024, 3, 1, 9)),
        (datetime(2026, 2, 28, 9), datetime(2026, 3, 1, 9)),
        (datetime(2026, 4, 30, 0), datetime(2026, 5, 1, 0)),
        (datetime(2026, 12, 31, 23, 59), datetime(2027, 1, 1, 23, 59)),
    ],
)
def test_the_deadline_over_the_end_of_months_and_leap_days(start, due):
    found = rules.due_at(start.replace(tzinfo=SHANGHAI), 24).astimezone(SHANGHAI)
    assert found.replace(tzinfo=None) == due


def test_at_the_deadline_itself_is_in_time_and_a_microsecond_later_is_late():
    due = rules.due_at(NOON, 24)
    assert not rules.is_late(due, due)
    assert rules.is_late(due, due + timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("hours", "stamped", "standing"),
    [
        (0, None, "open"),
        (19, None, "open"),
        (20, None, "soon"),
        (24, None, "soon"),
        (25, None, "overdue"),
        (25, 23, "in_time"),
        (25, 24, "in_time"),
        (30, 25, "late"),
    ],
)
def test_where_a_duty_stands(hours, stamped, standing):
    done = None if stamped is None else NOON + timedelta(hours=stamped)
    duty = Duty(rules.due_at(NOON, 24), done)
    assert duty.standing(NOON + timedelta(hours=hours)) == standing


def test_the_share_leaves_out_what_is_not_decided_and_counts_what_is_overdue():
    due = rules.due_at(NOON, 24)
    duties = [Duty(due, NOON), Duty(due, due), Duty(due, due + DAY), Duty(due), Duty(due + 9 * DAY)]
    assert rules.share_in_time(duties, due + DAY) == Share(2, 4)
    assert Share(2, 4).percent == "50.0%"


def test_nothing_of_nothing_is_no_share():
    assert rules.share_in_time([], NOON).percent == ""


@pytest.mark.parametrize(
    ("hours", "moment"), [(19.9, ""), (20, "before"), (23.9, "before"), (24, "due"), (99, "due")]
)
def test_which_reminder_stands(hours, moment):
    duty = Duty(rules.due_at(NOON, 24))
    now = NOON + timedelta(hours=hours)
    assert rules.reminder_due(duty, now, timedelta(hours=4)) == moment


def test_a_stamp_ends_the_reminders():
    duty = Duty(rules.due_at(NOON, 24), NOON)
    assert rules.reminder_due(duty, NOON + DAY, timedelta(hours=4)) == ""


def test_closing_waits_for_both_stamps_and_says_which_is_missing():
    neither = rules.may_close(Standing("handling"))
    assert not neither.ok and "首次答复、处理意见" in neither.zh and "answer" in neither.en
    one = rules.may_close(Standing("handling", answered_at=NOON))
    assert not one.ok and "首次答复" not in one.zh and "opinion" in one.en
    assert rules.may_close(Standing("handling", NOON, NOON)).ok


def test_a_stamp_is_set_once_and_the_refusal_names_the_rules_document():
    verdict = rules.may_stamp(Standing("handling", NOON), rules.ANSWERED, "测劳转〔2026〕9号")
    assert not verdict.ok and verdict.source == "测劳转〔2026〕9号"
    assert rules.may_stamp(Standing("handling", NOON), rules.OPINION).ok


def test_only_what_is_closed_is_reopened_and_it_is_only_reopened():
    assert rules.may_reopen(Standing("closed")).ok and not rules.may_act(Standing("closed")).ok
    assert not rules.may_reopen(Standing("handling")).ok and rules.may_act(Standing("handling")).ok


def test_a_hand_over_goes_elsewhere_and_says_why():
    assert rules.may_assign(Standing("received"), "1", "").ok
    assert not rules.may_assign(Standing("handling", department="1"), "2", "").ok
    assert rules.may_assign(Standing("handling", department="1"), "2", "归口").ok
    assert not rules.may_assign(Standing("handling", department="1"), "1", "归口").ok


@pytest.mark.parametrize(
    ("state", "answered", "opinion", "rounds", "status"),
    [
        ("received", False, False, 1, "received"),
        ("handling", False, False, 1, "assigned"),
        ("handling", True, False, 1, "answered"),
        ("received", True, True, 1, "opinion"),
        ("handling", False, False, 2, "reopened"),
        ("closed", True, True, 2, "closed"),
    ],
)
def test_what_the_complainant_reads(state, answered, opinion, rounds, status):
    assert rules.public_status(state, answered, opinion, rounds) == status


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  欠薪 ", "欠薪"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\u202e反向\u2066x\u2069", "反向x"),
        ("a\x00b\x07c", "abc"),
        ("😀 拖欠", "😀 拖欠"),
        ("مرحبا", "مرحبا"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE x; --", "'; DROP TABLE x; --"),
        ("\ud800", ""),
    ],
)
def test_text_keeps_every_script_and_loses_what_deceives(typed, kept):
    assert rules.plain(typed) == kept


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("13900000001", "13900000001"),
        ("１３９００００００１１", "13900000011"),
        ("(0433)2512345", "0433-2512345"),
        ("+86 139 0000 0001", "+86 139 0000 0001"),
        ("12333", "12333"),
        ("1234", ""),
        ("打我电话", ""),
        ("1" * 30, ""),
        ("", ""),
    ],
)
def test_a_phone_number_is_read_or_is_none(typed, read):
    assert rules.read_phone(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [("123x", "123X"), ("１２３４", "1234"), ("12345", ""), ("12a4", ""), ("", "")],
)
def test_the_last_four_of_an_id(typed, read):
    assert rules.read_last4(typed) == read


def test_a_public_text_names_nobody():
    assert rules.faults_of_public("已联系单位，请拨 0433-2512345。", ["吴教务", ""]) == []
    assert "吴教务" in rules.faults_of_public("请找吴教务。", ["吴教务"])[0]
    assert rules.faults_of_public("电话 13900000001", [])
    assert rules.faults_of_public("证件 11010519491231002X", [])
    assert rules.faults_of_public("一共 13900000001234 元", []) == []
