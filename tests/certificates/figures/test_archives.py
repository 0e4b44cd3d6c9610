"""What the centre sees of its bases' archives, and clears of its own."""

import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from openpyxl import load_workbook

from courses.models import TrainingClass
from courses.retention.centre import clear_messages, digest_of, old_messages
from courses.retention.daily import count_due
from courses.retention.models import RetentionRun
from courses.retention.services import carry_out, plan
from courses.retention.shared.models import DueFiles
from lms.plugin.testing import inside
from tenants.models import Tenant
from tenants.outbox.models import Message
from tenants.outbox.services import send_message
from tenants.staff.models import User
from tests.story import a_class

PAGE = "/desk/figures/archives/"


def ended(code, day, people, seed):
    one = a_class(people=people, code=code, seed=seed)
    TrainingClass.objects.filter(pk=one.pk).update(starts_on=day, ends_on=day)


@pytest.fixture
def story(db):
    """At north six people whose term is over, two whose term ends in some days, two next year."""
    today = timezone.localdate()
    year = today.year
    soon = date(year - 10, today.month, min(today.day, 28)) + timedelta(days=4)
    with inside("north"):
        ended("A-1", date(year - 12, 3, 1), 6, 1)
        ended("A-2", soon, 2, 2)
        ended("A-3", date(year - 9, 6, 1), 2, 3)
        ended("A-4", date(year - 3, 6, 1), 4, 4)
        count_due()
    return Tenant.objects.get(slug="north")


def test_a_base_counts_what_is_due_now_this_year_and_next_without_people(story):
    row = DueFiles.objects.get(tenant=story)
    assert (row.over["classes"], row.over["people"], row.over["rosters"]) == (1, 6, 1)
    assert (row.next_year["classes"] + row.this_year["classes"]) == 2
    assert (row.next_year["people"] + row.this_year["people"]) == 4
    assert row.ran_at is None
    with inside("north"):
        carry_out(plan().digest, said_by="operator")
    row.refresh_from_db()
    assert set(row.over.values()) == {0}, "cleared, and counted again in the same transaction"
    assert (row.ran_counts["people"], row.ran_at is not None) == (6, True)


def test_the_centre_sees_numbers_and_asks_no_base(story, visit):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = visit("centre", "director")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = client.get(PAGE)
    text = page.content.decode()
    assert "学员 6" in text
    assert "学员1" not in text
    assert not any("b_north" in query["sql"] for query in asked.captured_queries)
    rows = {row["base"].slug: row for row in page.context["rows"]}
    assert next(iter(rows)) == "north", "what is past its term first"
    assert (rows["north"]["late"], rows["south"]["late"]) == (False, True)
    book = client.get(f"{PAGE}?format=xlsx")
    sheet = [*load_workbook(io.BytesIO(book.content)).active.iter_rows(values_only=True)]
    assert sheet[1][1:4] == (1, 6, 0)
    assert sheet[2][1] is None, "south has not counted"
    DueFiles.objects.update(counted_at=timezone.now() - timedelta(days=4))
    assert "没有按时统计" in client.get(PAGE).content.decode()


def test_an_officer_sees_no_count_of_people_under_five_and_clears_nothing(story, visit):
    client = visit("centre", "officer")
    page = client.get(PAGE)
    north = page.context["rows"][0]
    assert dict(north["over"])["学员"] == 6
    assert {n for t, n in [*north["this_year"], *north["next_year"]] if t == "学员"} == {None}
    assert "own" not in page.context
    assert client.post(PAGE, {"digest": "x"}).status_code == 403
    township = visit("centre", "township_officer").get(PAGE)
    assert "测试基地south" not in township.content.decode()
    assert visit("north", "manager").get(PAGE).status_code == 404


def test_the_director_clears_old_messages_of_the_centre_by_a_list_and_the_record_stays(
    story, visit
):
    with inside("centre"):
        for n in range(3):
            send_message(f"1380000000{n}", "登记", "您好")
        old = Message.objects.order_by("pk")[:2]
        long_ago = timezone.now() - timedelta(days=366 * 11)
        Message.objects.filter(pk__in=[m.pk for m in old]).update(created_at=long_ago)
        assert len(old_messages()) == 2
        digest = digest_of(old_messages())
        with pytest.raises(ValidationError, match="已有变化"):
            clear_messages("0" * 64, User.objects.get(username="director"))
    client = visit("centre", "director")
    assert "到期的消息 2 条" in client.get(PAGE).content.decode()
    answer = client.post(PAGE, {"digest": digest}, follow=True)
    assert "没有到期的资料" in answer.content.decode()
    with inside("centre"):
        assert Message.objects.count() == 1
        run = RetentionRun.objects.get()
        assert (run.counts, run.by.username) == ({"messages": 2}, "director")
        assert "1380000" not in str(run.plan)
