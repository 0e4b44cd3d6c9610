"""Two at the same moment, with real transactions: one complaint, one stamp."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from hotline_cast import filed, person
from trainbase_hotline.models import Complaint
from trainbase_hotline.services import handling

from lms.plugin.testing import inside, plugin_on


@pytest.fixture
def base(committed):
    with plugin_on("north", "hotline"):
        yield


def together(act, times=4):
    """Run `act` in threads that begin at once; what each gave or raised."""
    barrier, found = Barrier(times), []

    def run():
        try:
            with inside("north"):
                barrier.wait(10)
                found.append(act())
        except ValidationError as error:
            found.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_a_form_that_arrives_four_times_at_once_is_one_complaint(base):
    found = together(filed)
    assert len(found) == 4 and len({complaint.pk for complaint in found}) == 1
    with inside("north"):
        assert Complaint.objects.get().steps.count() == 1


def test_of_four_that_stamp_at_once_one_succeeds_and_the_others_are_told(base):
    with inside("north"):
        case, clerk = filed(), person("clerk")
    found = together(lambda: handling.answer(case.pk, clerk, 1, "已联系单位"))
    told = [one for one in found if isinstance(one, handling.Changed)]
    assert len(found) == 4 and len(told) == 3
    assert all("首次答复" in one.messages[0] for one in told)
    with inside("north"):
        assert case.steps.filter(kind="answered").count() == 1


def test_the_models_and_the_migrations_agree(committed):
    call_command("makemigrations", "hotline", check=True, dry_run=True, verbosity=0)
