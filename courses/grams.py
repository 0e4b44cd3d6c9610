"""Chinese for a search index that knows only words between spaces."""

import re

CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


def _cut(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def grams(text: str) -> str:
    """Every single character and every pair of the Chinese runs, and the other words as they are.

    缝纫裁剪 gives 缝 纫 裁 剪 缝纫 纫裁 裁剪: a query of any length is found pair by pair.
    """
    found: list[str] = []
    for run in CJK.findall(text):
        found += [*run, *_cut(run)]
    return " ".join(dict.fromkeys([*found, *CJK.sub(" ", text).lower().split()]))


def search_terms(query: str) -> str:
    """A query cut in the same way: all of its terms must be found."""
    found = [piece for run in CJK.findall(query) for piece in _cut(run)]
    return " ".join(dict.fromkeys([*found, *CJK.sub(" ", query).lower().split()]))
