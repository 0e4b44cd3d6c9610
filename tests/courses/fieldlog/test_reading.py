"""What was stored is read soon after, by the worker, whatever happens in between."""

from courses.fieldlog.jobs import KIND
from courses.fieldlog.models import Reading, Unread
from courses.fieldlog.signals import read_what_waits
from lms.plugin.testing import inside
from tenants.jobs.models import JobRun
from tenants.jobs.services import perform


def test_arrivals_ask_for_one_reading_and_a_run_under_way_is_not_trusted_to_see_them(line, phone):
    phone.say("note", session=None, text="一")
    phone.say("note", session=None, text="二")
    line.send(phone, phone.events[:1])
    line.send(phone, phone.events[1:])
    with inside("north"):
        run = JobRun.objects.get(kind=KIND)
        JobRun.objects.update(state=JobRun.State.RUNNING)
    phone.say("note", session=None, text="三")
    line.send(phone)
    with inside("north"):
        assert JobRun.objects.filter(kind=KIND).count() == 2
        perform(JobRun.objects.exclude(pk=run.pk).get(kind=KIND))
        assert Reading.objects.count() == 3 and not Unread.objects.exists()


def test_a_batch_of_duplicates_asks_for_nothing(line, phone):
    phone.say("note", session=None, text="一")
    line.send(phone)
    with inside("north"):
        JobRun.objects.update(state=JobRun.State.DONE)
    line.send(phone)
    with inside("north"):
        assert not JobRun.objects.filter(kind=KIND, state=JobRun.State.WAITING).exists()


def test_a_deploy_reads_what_its_migration_has_put_into_the_log(line, phone):
    phone.say("note", session=None, text="一")
    line.send(phone)
    with inside("north"):
        JobRun.objects.all().delete()
        read_what_waits()
        perform(JobRun.objects.get(kind=KIND))
        assert Reading.objects.count() == 1
        read_what_waits()
        assert JobRun.objects.filter(kind=KIND).count() == 1
