"""Whatever happens on the way: all of it arrives, once, and the phone believes nothing before."""

import random
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest

from courses.fieldlog.models import Blob, FieldEvent, Reading
from courses.fieldlog.services.project import digest, read_pending, rebuild
from lms.plugin.testing import inside
from tests.courses.fieldlog.test_blobs import name_of, noise
from tests.faults import FAULTS, FaultProxy
from tests.sync import NoAnswer, Sync

PHOTOS = (20_000, 300_000)


@pytest.fixture
def proxy(site):
    found = FaultProxy(("127.0.0.1", urlsplit(site("north")).port))
    address = f"http://127.0.0.1:{urlsplit(site('north')).port}/api/field/v1/status"
    with urlopen(Request(address, headers={"Host": "north.localhost"}), timeout=120) as warm:
        assert warm.status == 200
    yield found
    found.close()


@pytest.fixture
def way(proxy, lasting):
    """`way(events, seed)`: a new phone of so many events and two photos, and its way home."""

    def make(events, seed):
        phone = lasting.enrol()
        photos = [noise(size, f"{seed} {size}") for size in PHOTOS]
        for n in range(events - len(photos)):
            phone.say("note", session=None, text=f"{n}")
        for each in photos:
            phone.say("photo", [name_of(each)], session=1, image=name_of(each), note="")
        return Sync(phone, "north.localhost", proxy.port, photos, patience=6)

    return make


def stored(sync):
    """The bodies of the phone's events that are stored, and its photos that are whole."""
    with inside("north"):
        rows = FieldEvent.objects.filter(device__uuid=sync.phone.uuid).order_by("seq")
        whole = Blob.objects.filter(hash__in=sync.files, whole_at__isnull=False).count()
        return list(rows.values_list("body", flat=True)), whole


def arrives_once(sync):
    assert sync.until_home(40), (sync.receipt, sync.tries)
    assert stored(sync) == ([each["body"] for each in sync.phone.events], len(PHOTOS))


def believes_nothing_of_others(proxy, sync):
    for fault in ("portal", "portal_json", "error", "unauthorised", "half_answer", "lost"):
        proxy.choose = lambda line, fault=fault: fault
        with pytest.raises(NoAnswer):
            sync.send()
        assert sync.receipt is None and len(sync.missing()) == len(sync.phone.events)


def test_cut_in_every_place_in_every_way_everything_arrives_once(proxy, way):
    believes_nothing_of_others(proxy, way(3, "doubt"))
    draw = random.Random(5)
    for fault in FAULTS:
        proxy.seen.clear()
        first = iter(["none", fault])  # at least once each, then by chance
        proxy.choose = lambda line, f=fault, first=first: next(first, draw.choice([f, "none"]))
        sync = way(8, fault)
        sync.patience = 1 if fault == "hang" else 6
        arrives_once(sync)
        assert fault in {seen for seen, _ in proxy.seen}
    proxy.choose = lambda line: draw.choice([*FAULTS, "none", "none", "none"])
    sync = way(25, "mixed")
    sync.patience = 2
    assert sync.until_home(60, most=7), sync.receipt
    assert stored(sync)[0] == [each["body"] for each in sync.phone.events]
    with inside("north"):
        read_pending()
        assert Reading.objects.count() == FieldEvent.objects.count()
        assert digest() == rebuild()
