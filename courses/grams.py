"""Chinese for a search index that knows only words between spaces."""

import re

CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")


def _cut(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]


def grams(text: str) -> str:
    """Every single character and every pair of the Chinese runs, and the other words as they are:
    what Wagtail's own search of pages in the admin looks into.

    缝纫裁剪 gives 缝 纫 裁 剪 缝纫 纫裁 裁剪.
    """
    found: list[str] = []
    for run in CJK.findall(text):
        found += [*run, *_cut(run)]
    return " ".join(dict.fromkeys([*found, *CJK.sub(" ", text).lower().split()]))
