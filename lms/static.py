"""Static files: collected when they differ from those collected last, since it takes seconds.

Run it before Django starts: Wagtail reads the manifest while it is imported, and keeps it.
"""

import hashlib
import subprocess
import sys

from lms import database

STAMP = database.VAR / "static.stamp"


def collect_static() -> None:
    """Collect unless the collected files are those of this code and these packages."""
    own = (database.ROOT / "templates" / "static").rglob("*")
    digest = hashlib.sha256((database.ROOT / "uv.lock").read_bytes())
    for path in sorted(path for path in own if path.is_file()):
        digest.update(str(path).encode() + path.read_bytes())
    if STAMP.exists() and STAMP.read_text() == digest.hexdigest():
        return
    command = [sys.executable, str(database.ROOT / "manage.py"), "collectstatic"]
    subprocess.run([*command, "--noinput", "--clear", "-v", "0"], check=True)
    STAMP.write_text(digest.hexdigest())


if __name__ == "__main__":
    collect_static()
