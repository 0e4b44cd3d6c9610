"""The tutorial for plugin authors does what it says: its commands are run, its files are written.

A block ```` ```python PATH ```` is a new file of the plugin, ```` ```diff PATH ```` changes one: its lines without
`+` must be there once, and become its lines without `-`. A block of `console` is run; each line that
is not a command must be printed, in this order.
"""

import re

import pytest

from tests.authoring import ROOT, Author

PAGE = ROOT / "docs" / "tutorials" / "a-plugin-in-30-minutes.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = r"(?:\.\./trainbase/)?\.venv/bin/python"


@pytest.fixture
def author(tmp_path, databases):
    found = Author(tmp_path)
    yield found
    found.close()


class Reader:
    """Does what the tutorial says. `trainbase` is this project, whatever its folder is called."""

    def __init__(self, author):
        self.author, self.folder = author, author.home / "trainbase-grownup"
        self.here = ROOT

    def do(self, kind, path, text):
        if kind == "console":
            self._console(text)
        elif kind == "diff":
            self._change(self.folder / path, text)
        else:
            assert path, f"this block of {kind} names no file:\n{text}"
            assert not (self.folder / path).exists(), path
            (self.folder / path).write_text(text, encoding="utf-8")

    def _change(self, path, text):
        lines = text.splitlines(keepends=True)
        before, after = ("".join(x[1:] for x in lines if x[0] != sign) for sign in "+-")
        found = path.read_text(encoding="utf-8")
        assert found.count(before) == 1, f"{path.name}:\n{before}"
        path.write_text(found.replace(before, after), encoding="utf-8")

    def _console(self, text):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            said = self._run(command)
            at = 0
            for line in printed.splitlines():
                found = said.find(line, at)
                assert found >= 0, f"{command} does not print {line!r}, but:\n{said}"
                at = found + len(line)

    def _run(self, command):
        if command.startswith("cd "):
            self.here = {"../trainbase-grownup": self.folder, "../trainbase": ROOT}[command[3:]]
            return ""
        if re.fullmatch(r"uv pip install -e (\.|\.\./trainbase-grownup)", command):
            self.author.install(self.folder)
            return ""
        run = re.fullmatch(rf"{PYTHON} (.+)", command)
        assert run, f"the test cannot run: {command}"
        words = [
            word.replace("../trainbase/manage.py", str(ROOT / "manage.py")).replace(
                "../trainbase-grownup", str(self.folder)
            )
            for word in run[1].split()
        ]
        site = self.author.site("grownup") if words[-1] == "prepare" else ""
        said, failed = self.author.run(*words, cwd=self.here, site=site)
        assert not failed, f"{command}\n{said}"
        return said.replace(str(self.folder), "../trainbase-grownup")


def test_every_step_of_the_tutorial_does_what_it_says(author):
    reader = Reader(author)
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) > 10
    for kind, path, text in blocks:
        reader.do(kind, path, text)
