"""A phone whose browser can be killed at any moment: its profile stays, as on a real phone."""

import contextlib
import os
import shutil
import signal
import tempfile
from pathlib import Path

from playwright.sync_api import Error

from tests.browser.field.handset import Handset

#: Everything of the outbox, as it lies in the browser's storage.
OUTBOX = """async () => {
  const open = indexedDB.open("trainbase-field");
  const db = await new Promise((good, bad) => {
    open.onsuccess = () => good(open.result);
    open.onerror = () => bad(open.error);
  });
  const ask = db.transaction("outbox").objectStore("outbox").getAll();
  const rows = await new Promise((good, bad) => {
    ask.onsuccess = () => good(ask.result);
    ask.onerror = () => bad(ask.error);
  });
  db.close();
  return rows.map((row) => row.body);
}"""


class Mortal(Handset):
    def __init__(self, kind, url):
        self.kind, self.url, self.width, self.faults, self.device = kind, url, 390, [], ""
        self.folder = tempfile.mkdtemp(prefix="trainbase-phone-")
        self.start()

    def start(self):
        self.context = self.kind.launch_persistent_context(
            self.folder,
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"),
            args=["--no-sandbox"],
            viewport={"width": 390, "height": 844},
            locale="zh-CN",
        )
        self.page = self.open()

    def pids(self):
        """All processes of this browser, and of no other."""
        mine = os.fsencode(f"--user-data-dir={self.folder}")
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if mine in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def kill(self):
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def rise(self):
        """Start again on the same profile, and open the session that was under way."""
        with contextlib.suppress(Error):
            self.context.close()
        for name in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            with contextlib.suppress(FileNotFoundError):
                (Path(self.folder) / name).unlink()
        self.start()

    def bodies(self):
        """The texts of its events, in the order of the chain."""
        return self.page.evaluate(OUTBOX)

    def close_for_good(self):
        with contextlib.suppress(Error):
            self.context.close()
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
