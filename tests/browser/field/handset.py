"""A phone with the app, and what a trainer does with it: by ids and data attributes of the screens."""

from axe_playwright_python.sync_playwright import Axe

PIN = "284951"


class Handset:
    def __init__(self, browser, url, width=390, locale="zh-CN", **more):
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, locale=locale, accept_downloads=True, **more
        )
        self.url, self.width, self.faults = url, width, []
        self.device = ""
        self.page = self.open()

    def open(self):
        """Another tab."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def enrol(self, ticket, worker="green"):
        page = self.page
        page.goto(f"{self.url}/field/#enrol={ticket}")
        with page.expect_response("**/enrol") as answer:
            page.click("#enrol-do")
        self.device = answer.value.json()["device"]
        page.fill("#pin", PIN)
        page.fill("#pin-again", PIN)
        page.click("#pin-save")
        page.click("#pack-get")
        page.wait_for_selector("#pack-done")
        page.wait_for_selector(f"[data-check=worker][data-light={worker}]", timeout=20_000)
        return self

    def lights(self):
        """What the readiness check says, asked again: of each of its lights, and of all."""
        page = self.page
        with page.expect_response("**/status*"):
            page.click("#check-again")
        page.wait_for_timeout(300)
        found = page.locator("[data-check]").evaluate_all(
            "all => all.map(one => [one.dataset.check, one.dataset.light])"
        )
        return dict(found)

    def set(self, key, value):
        """Change what the app has noted for itself."""
        self.page.evaluate(
            """([key, value]) => new Promise((done, failed) => {
              const open = indexedDB.open("trainbase-field-pack");
              open.onsuccess = () => {
                const change = open.result.transaction("settings", "readwrite");
                const store = change.objectStore("settings");
                const before = store.get(key);
                before.onsuccess = () => {
                  const old = before.result?.value;
                  store.put({ key, value: typeof old === "object" ? { ...old, ...value } : value });
                };
                change.oncomplete = () => { open.result.close(); done(); };
                change.onerror = failed;
              };
            })""",
            [key, value],
        )

    def unlock(self, page=None):
        page = page or self.page
        page.fill("#pin", PIN)
        page.click("#pin-open")
        page.wait_for_selector("#pin-ask", state="detached")

    def home(self):
        self.page.click("#home-link")
        self.page.wait_for_selector("#home")

    def begin(self):
        """Open the session of today."""
        self.home()
        self.page.locator("#home [data-session]").first.click()
        self.page.click("#open-do")
        self.page.wait_for_selector("#roll")

    def people(self):
        return self.page.locator(".person").evaluate_all(
            "all => all.map(one => one.dataset.person)"
        )

    def mark(self, person, mark, page=None):
        page = page or self.page
        page.click(f"[data-person={person}] [data-do={mark}]")
        page.wait_for_selector(f"[data-person={person}][data-mark={mark}]")

    def count_taps(self):
        """From now on `taps()` says how often a finger came down on the screen."""
        self.page.evaluate(
            """() => { window.taps = 0; window.addEventListener(
              "pointerdown", (event) => { if (event.isTrusted) window.taps += 1; }, true); }"""
        )

    def taps(self):
        return self.page.evaluate("window.taps")

    def draw_now(self):
        """Let chance have chosen this moment for the roll call."""
        session = self.page.evaluate("location.hash.split('/')[2]")
        self.set(f"roll:{session}", {"moments": [0], "done": 0})

    def sign(self, person):
        page = self.page
        page.click(f"[data-person={person}] .who")
        page.click("#person-sign")
        box = page.locator("#pad").bounding_box()
        page.mouse.move(box["x"] + 40, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + 150, steps=6)
        page.mouse.up()
        page.click("#sign-save")
        page.wait_for_selector("#sign", state="detached")

    def close(self, headcount=None):
        page = self.page
        page.click("#do-close")
        if headcount is not None:
            page.fill("#headcount", str(headcount))
        page.click("#close-do")
        return page.inner_text("#witness")

    def unsent(self):
        self.page.wait_for_timeout(400)  # the count follows what was written at once
        return int(self.page.get_attribute("#pill", "data-unsent"))

    def sync(self):
        self.page.click("#pill")
        self.page.click("#sync-now")
        self.page.wait_for_selector("#sync-now:not([disabled])")
        return self.page.inner_text("#sync")

    def arrives(self):
        """Wait until the receipt covers everything, files too."""
        self.page.wait_for_selector("#pill[data-unsent='0'][data-photos='0']", timeout=20_000)

    def look(self, where):
        """What breaks WCAG, or lies beside the screen: [(where, what, html)]."""
        self.page.wait_for_timeout(100)
        options = {
            "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        }
        found = Axe().run(self.page, options=options).response["violations"]
        faults = [(where, v["id"], v["nodes"][0]["html"]) for v in found]
        if self.page.evaluate("document.documentElement.scrollWidth") > self.width:
            faults.append((where, "wider than the screen", ""))
        return faults
