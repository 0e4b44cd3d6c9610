"""A class of forty is called and marked by one trainer, at a human pace, on a phone that is six times slower."""

import shutil
import statistics
import time
from collections.abc import Callable
from contextlib import closing

PEOPLE, SLOWER, BAR = 40, 6, 180.0  # people, times, and seconds from "open" to the last mark
#: What a trainer needs beside the app: to say a name and hear the answer, to find the button with the
#: thumb, and to push the list on when a screen is done. Seconds.
CALL, TAP, PUSH = 2.0, 0.6, 1.0
SEEN = ["present"] * 33 + ["late"] * 3 + ["early_leave"] + ["excused"] + ["absent"] * 2


def session_of_forty():
    """A session of today that nobody has marked, of a class that is filled up to forty people."""
    from django.db.models import Count, Q
    from django.utils import timezone

    from bench.field.pack import enrol_many
    from courses.models import TrainingClass

    classes = TrainingClass.objects.exclude(state="finished").annotate(
        n=Count("enrolments", filter=Q(enrolments__state="enrolled"), distinct=True)
    )
    found = classes.filter(n__lte=PEOPLE, sessions__log=None).order_by("-n").first()
    enrol_many(PEOPLE - found.n, found, seed=PEOPLE)
    session = found.sessions.filter(log=None).last()
    found.sessions.filter(pk=session.pk).update(held_on=timezone.localdate())
    return session


def called(phone, session):
    """Seconds of the whole, of each answer of the app, taps, and how many are marked."""
    page = phone.page
    phone.home()
    phone.count_taps()
    slow = phone.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    began = time.perf_counter()
    page.locator(f"#home [data-session='{session}']").first.click()
    page.click("#open-do")
    page.wait_for_selector("#roll")
    answers = []
    people = phone.people()
    for person, mark in zip(people, SEEN, strict=True):
        button = page.locator(f"[data-person={person}] [data-do={mark}]")
        time.sleep(CALL)
        if not button.evaluate(SEEN_ON_SCREEN):
            button.evaluate("one => one.closest('.person').scrollIntoView({ block: 'center' })")
            time.sleep(PUSH)
        time.sleep(TAP)
        tapped = time.perf_counter()
        phone.mark(person, mark)
        answers.append(time.perf_counter() - tapped)
    took = time.perf_counter() - began
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    marked = int(page.get_attribute("#roll", "data-marked"))
    return took, answers, phone.taps(), marked


SEEN_ON_SCREEN = """one => {
  const { top, bottom } = one.getBoundingClientRect();
  const bar = document.querySelector("nav.bar").getBoundingClientRect().top;
  const finder = document.querySelector(".finder").getBoundingClientRect().bottom;
  return top >= finder && bottom <= bar;
}"""


def run(say: Callable[..., bool]) -> bool:
    from playwright.sync_api import sync_playwright

    from courses.fieldlog.services.enrol import new_ticket
    from tenants.current import current_tenant
    from tenants.staff.models import User
    from tests.browser.field.handset import Handset
    from tests.station import Station

    tenant = current_tenant()
    clerk = User.objects.filter(groups__name__contains="教务").first()
    session = session_of_forty()
    ticket = new_ticket(session.training_class.trainer, clerk)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with closing(Station(spares=0)) as station, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        phone = Handset(browser, f"http://{tenant.slug}.localhost:{station.port}")
        phone.page.set_default_timeout(60_000)
        phone.enrol(ticket)
        phone.context.set_offline(True)
        took, answers, taps, marked = called(phone, session.pk)
        browser.close()
    human = PEOPLE * (CALL + TAP)
    return say(
        name="field roll call",
        value=round(took, 1),
        unit="seconds for a class of 40, at a human pace and 6x CPU slow-down",
        people=marked,
        taps=taps,
        human_seconds=round(human, 1),
        answer_median=round(statistics.median(answers), 3),
        answer_slowest=round(max(answers), 3),
        bar=BAR,
        ok=marked == PEOPLE and took < BAR and taps <= PEOPLE + 2,
    )
