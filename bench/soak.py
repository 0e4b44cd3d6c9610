"""The tests that are too slow for every run: `pytest -m soak`, with more of what they draw at random."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: Deliveries of the same facts that are tried; six in a usual run.
EXAMPLES = os.environ.get("FIELD_EXAMPLES", "60")


def run(say: Callable[..., bool]) -> bool:
    """Each with its own output; a line with the counts at the end."""
    command = [sys.executable, "-m", "pytest", "-m", "soak or more_examples", "-v", "tests"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "FIELD_EXAMPLES": EXAMPLES},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        last = ""
        for line in process.stdout:
            print(line, end="", file=sys.stderr, flush=True)
            last = line if re.search(r"\d+ (passed|failed|error)", line) else last
    counts = {
        word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|errors?)", last)
    }
    return say(name="soak", examples=int(EXAMPLES), **counts, ok=process.returncode == 0)
