"""Static files: collected when they differ from those collected last, since it takes seconds.

Run it before Django starts: Wagtail reads the manifest while it is imported, and keeps it.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from lms import database
from tenants.plugins.discover import discover

STAMP = database.VAR / "static.stamp"


def collect_static() -> bool:
    """Collect unless the collected files are those of this code, these packages and these plugins;
    says whether it did.
    """
    folders = [database.ROOT / "templates" / "static"]
    for plugin in discover(set(), "0"):
        spec = importlib.util.find_spec(plugin.package)
        for place in (spec.submodule_search_locations or []) if spec else []:
            folders.append(Path(place) / "static")
    own = [path for folder in folders for path in folder.rglob("*")]
    digest = hashlib.sha256((database.ROOT / "uv.lock").read_bytes())
    for path in sorted(path for path in own if path.is_file()):
        digest.update(str(path).encode() + path.read_bytes())
    if STAMP.exists() and STAMP.read_text() == digest.hexdigest():
        return False
    command = [sys.executable, str(database.ROOT / "manage.py"), "collectstatic"]
    subprocess.run([*command, "--noinput", "--clear", "-v", "0"], check=True)
    STAMP.parent.mkdir(parents=True, exist_ok=True)
    STAMP.write_text(digest.hexdigest())
    return True


if __name__ == "__main__":
    collect_static()
