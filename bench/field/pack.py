"""A list of 5,000 people: what it costs the server, how large it is, and how soon a slow phone has it open."""

import json
import shutil
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from itertools import islice

PEOPLE, ROUNDS, SLOWER, BAR = 5000, 5, 6, 2.0  # times, and seconds


def enrol_many(count, training_class, seed=5000):
    """So many people more in the class, with names as they are."""
    from faker import Faker

    from courses.models import Enrolment, Trainee
    from courses.services import identity
    from tests.story import ids

    faker = Faker("zh_CN")
    known = {bytes(each) for each in Trainee.objects.values_list("id_digest", flat=True)}
    # Some of the numbers belong to somebody already: more are drawn than are wanted.
    free = (each for each in ids(count + 1000, seed) if identity.base_digest(each) not in known)
    new = [
        Trainee(
            name=faker.name(),
            sex="女",
            id_sealed=identity.seal_id(number),
            id_digest=identity.base_digest(number),
            id_last4=number[-4:],
        )
        for number in islice(free, count)
    ]
    made = Trainee.objects.bulk_create(new)
    Enrolment.objects.bulk_create(
        [Enrolment(trainee=each, training_class=training_class) for each in made]
    )


def _server(device):
    from courses.fieldlog.services.pack import pack

    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        found = pack(device)
        took.append(time.perf_counter() - began)
    return statistics.median(took), found.content


def _opening(url, ticket):
    """Seconds from the PIN to the list of sessions at 6x slow-down, and how many people it has."""
    from playwright.sync_api import sync_playwright

    from tests.browser.field.handset import PIN, Handset

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    opened = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        phone = Handset(browser, url)
        phone.page.set_default_timeout(60_000)
        phone.enrol(ticket)
        slow = phone.context.new_cdp_session(phone.page)
        for _ in range(ROUNDS):
            phone.page.goto(f"{url}/field/")
            phone.page.reload()
            phone.page.wait_for_selector("#pin")
            sealed = phone.page.locator("#home [data-session], #home [data-class]").count() == 0
            assert sealed, "the list is there before the PIN"
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            phone.page.fill("#pin", PIN)
            began = time.perf_counter()
            phone.page.click("#pin-open")
            phone.page.wait_for_selector("#home [data-session], #home [data-class]")
            phone.page.wait_for_selector("#pin-ask", state="detached")
            opened.append(time.perf_counter() - began)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        shown = int(phone.page.get_attribute("#home", "data-people") or 0)
        browser.close()
    return opened, shown


def run(say: Callable[..., bool]) -> bool:
    import gzip

    from bench.field.fleet import fleet
    from courses.fieldlog.models import Device
    from courses.fieldlog.services.enrol import new_ticket
    from courses.models import TrainingClass
    from tenants.current import current_tenant
    from tenants.staff.models import User
    from tests.station import Station

    tenant = current_tenant()
    enrol_many(PEOPLE, TrainingClass.objects.exclude(state="finished").first())
    device = Device.objects.get(uuid=fleet(1).phones[0].uuid)
    server, content = _server(device)
    people = len(json.loads(content)["people"])
    clerk = User.objects.filter(groups__name__contains="教务").first()
    trainer = TrainingClass.objects.exclude(state="finished").first().trainer
    ticket = new_ticket(trainer, clerk, all_classes=True)
    with closing(Station(spares=0)) as station:
        opened, shown = _opening(f"http://{tenant.slug}.localhost:{station.port}", ticket)
    value = statistics.median(opened)
    return say(
        name="field pack",
        value=round(value, 2),
        unit="seconds from the PIN to the list, at 6x CPU slow-down",
        spread=[round(min(opened), 2), round(max(opened), 2)],
        people=people,
        people_on_the_phone=shown,
        server_seconds=round(server, 2),
        kilobytes=round(len(content) / 1000),
        kilobytes_compressed=round(len(gzip.compress(content, 6)) / 1000),
        bar=BAR,
        ok=people >= PEOPLE and shown >= PEOPLE and value < BAR,
    )
