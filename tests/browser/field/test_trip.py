"""A trip: enrolled in the office, two sessions' worth of marks with no signal and no server, home again."""

import io
import json

import pytest
import qrcode
from PIL import Image

from tests.browser.field.server import arrived, cards, files, marks

pytestmark = pytest.mark.browser


def picture(width=2400, height=1800):
    """A JPEG as a camera makes it, with a place in its EXIF."""
    image = Image.effect_noise((width, height), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, quality=85)
    return buffer.getvalue()


def test_a_whole_day_without_signal_arrives_once_the_phone_is_home(station, handset, ticket):
    phone = handset().enrol(ticket())
    page = phone.page
    phone.context.set_offline(True)
    station.stop()
    page.reload()
    phone.unlock()
    phone.begin()
    first, second, *_ = phone.people()
    phone.mark(first, "present")
    phone.mark(second, "late")
    minutes = int(page.get_attribute(f"[data-person={second}]", "data-minutes"))
    assert 0 < minutes < 180
    phone.sign(first)
    page.click("#do-photo")
    page.set_input_files(
        "#photo-file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.click("#photo-save:not([disabled])")
    page.wait_for_selector("#photo-sheet", state="detached")
    phone.draw_now()
    page.reload()
    phone.unlock()
    page.wait_for_selector(f"[data-person={first}][data-mark=present]")
    assert page.get_attribute("#roll", "data-marked") == "2"
    page.click("#roll-due button")
    page.locator("[data-called]").first.click()
    page.click("#roll-call-save")
    page.wait_for_selector("#roll-due", state="detached")
    page.click("#all-present")
    page.click("#all-present-do")
    page.wait_for_selector("#roll[data-marked='5']")
    code = phone.close(headcount=5)
    assert phone.unsent() == 10
    said = phone.sync()
    assert "还没有送达任何记录" in said
    assert "手机里还有 10 条未送达" in said
    assert page.locator("[data-problem=offline]").count() == 1

    station.start()
    phone.context.set_offline(False)
    phone.arrives()
    said = page.inner_text("#sync")
    assert "已送达至第 10 条" in said
    assert "全部送达" in said
    assert int(code.split("-")[0]) == 10
    numbers, kinds, faults = arrived(phone.device)
    assert numbers == list(range(1, 11))
    assert faults == []
    assert kinds.count("mark") == 5
    assert kinds[-1] == "session_closed"
    signature, photo = sorted(files(phone.device), key=len)
    assert signature.startswith(b"\x89PNG")
    assert Image.open(io.BytesIO(photo)).size == (1600, 1200)
    assert b"SecretCamera" not in photo
    assert set(marks().values()) == {"present", "late"}


def test_two_tabs_write_one_chain_and_a_forgotten_pin_loses_none_of_it(handset, ticket):
    phone = handset().enrol(ticket())
    phone.context.set_offline(True)
    phone.begin()
    people = phone.people()
    other = phone.open()
    other.goto(phone.page.url)
    phone.unlock(other)
    other.wait_for_selector("#roll")
    for n, person in enumerate(people):
        phone.mark(person, "present", (phone.page, other)[n % 2])
    for page in (phone.page, other):
        page.wait_for_selector("#roll[data-marked='5']")
    other.close()
    page = phone.page
    page.reload()
    for wrong in ("000000", "111112"):
        page.fill("#pin", wrong)
        page.click("#pin-open")
        page.wait_for_selector("#pin-said")
    assert page.locator(".person").count() == 0
    page.click("#pin-forgot")
    page.click("#pin-forget")
    page.wait_for_selector(
        "#enrol"
    )  # the clerk's QR is needed for the list, not for what is unsent
    phone.context.set_offline(False)
    phone.sync()
    phone.arrives()
    numbers, _, faults = arrived(phone.device)
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert faults == []


def test_signing_out_with_unsent_records_is_refused_and_a_neighbour_hands_in_the_file(
    handset, ticket
):
    phone = handset().enrol(ticket())
    phone.context.set_offline(True)
    phone.begin()
    first, *_ = phone.people()
    phone.mark(first, "present")
    phone.sign(first)
    page = phone.page
    page.click("#to-settings")
    page.click("#sign-out")
    assert "3 条记录、1 张照片" in page.inner_text("#sign-out-refused")
    with page.expect_download() as waiting:
        page.click("#sign-out-export")
    path = waiting.value.path()
    content = json.loads(path.read_text())
    assert len(content["events"]) == 3
    assert "学员" not in path.read_text()
    page.wait_for_selector("#enrol")
    assert phone.unsent() == 3  # signed out, and still here

    neighbour = handset(width=1280)
    desk = neighbour.page
    desk.goto(f"{neighbour.url}/field/#/handin")
    half = path.read_bytes()[:500]
    file = {"name": "half.tbx", "mimeType": "application/octet-stream", "buffer": half}
    desk.set_input_files("#handin-file", file)
    desk.wait_for_selector("#handin-fault")
    desk.set_input_files("#handin-file", str(path))
    desk.click("#handin-do")
    desk.wait_for_selector("#handin-done [data-contiguous='3'][data-missing='0']")
    assert "已送达至第 3 条" in desk.inner_text("#handin-done")
    assert arrived(phone.device)[2] == []

    phone.context.set_offline(False)
    phone.sync()
    phone.arrives()
    assert arrived(phone.device)[0] == [1, 2, 3]  # none twice


def test_walk_ins_searches_and_cards_work_without_a_signal(handset, ticket):
    phone = handset().enrol(ticket())
    phone.context.set_offline(True)
    phone.begin()
    page = phone.page
    page.click("#do-walk-in")
    page.fill("#walk-in-name", "赵新")
    page.fill("#walk-in-id", "110105194912310021")
    assert "校验位不对" in page.inner_text("#walk-in-id-said")
    page.fill("#walk-in-id", "110105491231002")
    assert "15 位身份证已停用" in page.inner_text("#walk-in-id-said")
    page.fill("#walk-in-id", "11010519491231002X")
    page.click("#walk-in-save")
    page.wait_for_selector("#walk-in", state="detached")
    page.fill("#search", "赵新")
    assert page.locator(".person").count() == 1
    page.fill("#search", "002x")
    assert page.locator(".person").count() == 1
    page.fill("#search", "xy")  # 学员
    assert page.locator(".person").count() == 5
    page.fill("#search", "")
    enrolment, name, card = cards(phone.device)[2]
    buffer = io.BytesIO()
    qrcode.make(card).save(buffer, "PNG")
    page.click("#do-scan")
    file = {"name": "card.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    page.set_input_files("#scan-file", file)
    page.wait_for_selector("#scan-said")
    assert name in page.inner_text("#scan-said")
    page.click("#sheet-close")
    page.wait_for_selector(f"[data-person=e{enrolment}][data-mark=present]")
    phone.context.set_offline(False)
    phone.sync()
    phone.arrives()
    _, kinds, faults = arrived(phone.device)
    assert faults == []
    assert kinds == ["session_opened", "walk_in", "mark", "mark"]


def test_storage_that_was_cleared_is_noticed_and_its_numbers_are_said(handset, ticket):
    phone = handset().enrol(ticket())
    phone.begin()
    people = phone.people()
    phone.mark(people[0], "present")
    phone.sync()
    phone.arrives()
    phone.context.set_offline(True)
    phone.page.go_back()
    phone.mark(people[1], "present")
    phone.mark(people[2], "present")
    assert phone.unsent() == 2
    page = phone.page
    page.evaluate(
        """async () => { for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name); }"""
    )
    phone.context.set_offline(False)
    page.goto(f"{phone.url}/field/")
    page.reload()
    page.wait_for_selector("#lost-runs")
    assert "第 3–4 条可能丢失" in page.inner_text("#lost-runs")
    page.click("#lost-enrol")
    page.fill("#ticket", ticket())
    with page.expect_response("**/enrol") as answer:
        page.click("#enrol-do")
    page.wait_for_selector("#pin-set")
    phone.sync()
    phone.arrives()
    assert arrived(phone.device)[0] == [1, 2]
    numbers, kinds, faults = arrived(answer.value.json()["device"])
    assert (numbers, kinds, faults) == ([1], ["loss"], [])


#: Everything that the browser keeps for the site, as text: what is sealed stays noise.
KEPT = """async () => {
  const out = [];
  const text = (value) => {
    if (value instanceof ArrayBuffer) return new TextDecoder("utf-8").decode(value);
    if (ArrayBuffer.isView(value)) return text(value.buffer);
    if (Array.isArray(value)) return value.map(text).join("|");
    if (value && typeof value === "object") return Object.entries(value).map((one) => one.map(text).join(":")).join("|");
    return String(value);
  };
  const ask = (request) => new Promise((good, bad) => {
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  for (const { name } of await indexedDB.databases()) {
    const db = await ask(indexedDB.open(name));
    for (const store of db.objectStoreNames) {
      out.push(store, text(await ask(db.transaction(store).objectStore(store).getAll())));
    }
    db.close();
  }
  for (const store of [localStorage, sessionStorage]) out.push(text({ ...store }));
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const one of await cache.keys()) out.push(one.url);
  }
  return out.join("\\n") + document.cookie;
}"""


def test_whoever_opens_the_phones_storage_reads_nobody_in_it(handset, ticket):
    phone = handset().enrol(ticket())
    page = phone.page
    known = [name for _, name, _ in cards(phone.device)]
    phone.context.set_offline(True)
    phone.begin()
    first, *_ = phone.people()
    phone.mark(first, "present")
    phone.sign(first)
    page.click("#do-walk-in")
    page.fill("#walk-in-name", "赵新客")
    page.fill("#walk-in-id", "11010519491231002X")
    page.fill("#walk-in-phone", "13912345678")
    page.click("#walk-in-save")
    page.wait_for_selector("#walk-in", state="detached")
    assert phone.unsent() >= 3
    kept = page.evaluate(KEPT)
    assert "outbox" in kept and "chunks" in kept and len(kept) > 5000, "it was really looked at"
    for secret in [
        *known,
        "赵新客",
        "11010519491231002",
        "13912345678",
        "284951",
        "session_opened",
    ]:
        assert secret not in kept, secret
    page.reload()
    page.wait_for_selector("#pin")
    assert not any(name in page.content() for name in known), "without the PIN no name is shown"


def test_a_phone_sends_by_itself_when_it_is_looked_at_and_after_a_while(handset, ticket):
    """No button and no `online`: the signal is there, and leads nowhere for a while."""
    phone = handset()
    phone.page.clock.install()
    phone.enrol(ticket())
    phone.begin()
    people = phone.people()
    page = phone.page
    page.clock.run_for(4_000)
    phone.arrives()
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    for person, wake in (
        (people[0], lambda: page.evaluate(look)),
        (people[1], lambda: page.clock.run_for(700_000)),
    ):
        phone.context.route("**/api/field/**", lambda route: route.abort())
        phone.mark(person, "present")
        page.clock.run_for(4_000)
        page.wait_for_selector("#pill:not([data-unsent='0'])")
        phone.context.unroute("**/api/field/**")
        wake()
        phone.arrives()
    assert arrived(phone.device)[1] == ["session_opened", "mark", "mark"]
