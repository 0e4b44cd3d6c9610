"""The fonts of the paper: made once at set-up, found by the worker, asked by whoever issues.

`script/fonts` calls this file. The font is cut in two: the 7,800 characters that nearly every
paper is made of, and the other 23,000. A paper without a rare character opens and cuts a font of
3 MB instead of one of 15 MB. Debian's Noto CJK stands behind both.
"""

import ctypes
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

COMMON, RARE = "Trainbase Serif", "Trainbase Serif Rare"
BEHIND = ("Noto Serif CJK SC", "Noto Sans CJK SC")
#: In the order in which a character is looked for.
FAMILIES = (COMMON, RARE, *BEHIND)
WEIGHTS = {"Regular": "400Regular", "Bold": "700Bold"}
PACKAGE = "node_modules/@expo-google-fonts/noto-serif-sc"
HERE = Path(__file__).parent / "designs" / "fonts"
SYSTEM = ("/usr/share/fonts", "/usr/local/share/fonts")
CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>{dirs}<cachedir>{cache}</cachedir></fontconfig>
"""
LEFT_OUT = ("GSUB", "BASE", "STAT", "vhea", "vmtx", "VORG", "gasp", "DSIG")
_NO_HINTING = 1  # HB_SUBSET_FLAGS_NO_HINTING
_TABLES_DROPPED = 3  # HB_SUBSET_SETS_DROP_TABLE_TAG


class FontsMissing(RuntimeError):
    """The fonts of the paper are not installed: no certificate is made with empty boxes."""

    SAID = (
        "证书字体没有装好，请运维运行 script/fonts（或安装 fonts-noto-cjk）"
        " / the fonts of the certificates are missing: an operator runs script/fonts"
    )


def folder() -> Path:
    """Where the fonts are made: beside the other files of this installation."""
    from django.conf import settings

    return Path(settings.VAR) / "fonts"


def use(made: Path) -> None:
    """Let this process find the fonts in `made`. Call before WeasyPrint is imported.

    Fontconfig reads its configuration once a process, and the system's own takes longer to ask.
    """
    if (made / "fonts.conf").is_file():
        os.environ["FONTCONFIG_FILE"] = str(made / "fonts.conf")


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that the paper cannot print."""
    known = _coverage(folder())
    return [c for c in dict.fromkeys(text) if not c.isspace() and ord(c) not in known]


def is_ready() -> bool:
    return bool(_coverage(folder()))


@cache
def _coverage(made: Path) -> frozenset[int]:
    """Code points that a paper can print; empty without any font. 10 ms, once a process."""
    try:
        kept = json.loads((made / "coverage.json").read_text(encoding="utf-8"))
        if all(Path(file).is_file() for file in kept["files"]):
            return frozenset(c for first, last in kept["runs"] for c in range(first, last + 1))
    except (OSError, ValueError, KeyError):
        pass
    return frozenset(_in_files(_behind()))


def _behind() -> list[tuple[str, str]]:
    """(family, file) of Debian's fonts that are installed."""
    found = []
    for family in BEHIND:
        said = ["fc-match", "-f", "%{family}\n%{file}", family]
        answer = subprocess.run(said, capture_output=True, text=True, check=False)
        names, _, file = answer.stdout.partition("\n")
        if family in names:
            found.append((family, file))
    return found


def _in_files(files: Iterable[tuple[str, str]]) -> set[int]:
    from fontTools.ttLib import TTCollection, TTFont

    found: set[int] = set()
    for family, file in files:
        fonts = TTCollection(file, lazy=True).fonts if file.endswith(".ttc") else [TTFont(file)]
        for font in fonts:
            if font["name"].getDebugName(1) == family:
                found |= set(font.getBestCmap())
    return found


def _common() -> set[int]:
    """GB 2312 with Latin and the usual signs: 通用 of nearly every name and project."""
    found = {*range(0x20, 0x250), *range(0x2000, 0x2070), *range(0x3000, 0x3040)}
    found |= {*range(0xFF00, 0xFFF0), 0x2022, 0x00B7}
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            character = bytes([high, low]).decode("gb2312", errors="ignore")
            found |= {ord(c) for c in character}
    return found


def build(made: Path) -> str:
    """Make the fonts, their configuration and the list of what they hold; says what was made."""
    from fontTools.ttLib import TTFont

    packed = made / "npm" / PACKAGE
    files, held = [], set()
    for weight, name in WEIGHTS.items():
        source = packed / name / f"NotoSerifSC_{name}.ttf"
        has = set(TTFont(source, lazy=True).getBestCmap())
        # A space of its own: a run of text takes one font for its spaces too.
        for family, wanted in ((COMMON, has & _common()), (RARE, (has - _common()) | {0x20})):
            target = made / f"{family.replace(' ', '')}-{weight}.ttf"
            target.write_bytes(_cut(source.read_bytes(), wanted))
            _rename(target, family, weight)
            files.append(str(target))
        held |= has
    shutil.copy(packed / "LICENSE_FONT", made / "LICENSE")
    dirs = "".join(f"<dir>{path}</dir>" for path in (made, *SYSTEM))
    (made / "fonts.conf").write_text(CONF.format(dirs=dirs, cache=made / "cache"), encoding="utf-8")
    behind = _behind()
    held |= _in_files(behind)
    files += [file for _family, file in behind]
    kept = {"files": files, "runs": list(_runs(held))}
    (made / "coverage.json").write_text(json.dumps(kept), encoding="utf-8")
    shutil.rmtree(made / "npm")
    return f"fonts of the certificates: {len(held)} characters"


def _runs(points: set[int]) -> Iterator[tuple[int, int]]:
    first = last = -2
    for point in sorted(points):
        if point != last + 1:
            if last >= 0:
                yield first, last
            first = point
        last = point
    if last >= 0:
        yield first, last


def _cut(font: bytes, wanted: set[int]) -> bytes:
    """The part of a TrueType font with these characters, by HarfBuzz: 40 times as fast as Python."""
    hb, cutter = ctypes.CDLL("libharfbuzz.so.0"), ctypes.CDLL("libharfbuzz-subset.so.0")
    for library, name in (
        *((hb, n) for n in ("hb_blob_create", "hb_face_create", "hb_face_reference_blob")),
        *((hb, n) for n in ("hb_blob_get_data",)),
        *((cutter, f"hb_subset_{n}") for n in ("input_create_or_fail", "or_fail", "input_set")),
        (cutter, "hb_subset_input_unicode_set"),
    ):
        getattr(library, name).restype = ctypes.c_void_p
    held = ctypes.create_string_buffer(font, len(font))
    blob = ctypes.c_void_p(hb.hb_blob_create(held, len(font), 0, None, None))
    face = ctypes.c_void_p(hb.hb_face_create(blob, 0))
    asked = ctypes.c_void_p(cutter.hb_subset_input_create_or_fail())
    characters = ctypes.c_void_p(cutter.hb_subset_input_unicode_set(asked))
    for point in wanted:
        hb.hb_set_add(characters, point)
    dropped = ctypes.c_void_p(cutter.hb_subset_input_set(asked, _TABLES_DROPPED))
    for tag in LEFT_OUT:
        hb.hb_set_add(dropped, int.from_bytes(tag.encode(), "big"))
    cutter.hb_subset_input_set_flags(asked, _NO_HINTING)
    done = ctypes.c_void_p(cutter.hb_subset_or_fail(face, asked))
    if not done:
        raise FontsMissing("HarfBuzz could not cut the font")
    length = ctypes.c_uint()
    result = ctypes.c_void_p(hb.hb_face_reference_blob(done))
    data = hb.hb_blob_get_data(result, ctypes.byref(length))
    return ctypes.string_at(data, length.value)


def _rename(file: Path, family: str, weight: str) -> None:
    """A name of our own: the system may have another edition under the font's first name."""
    from fontTools.ttLib import TTFont

    # Without the moment of making: a paper that is drawn again is the same bytes.
    font = TTFont(file, lazy=True, recalcTimestamp=False)
    kept = {n: font["name"].getDebugName(n) for n in (0, 13, 14)}
    font["name"].names = []
    plain = f"{family.replace(' ', '')}-{weight}"
    names = {1: family, 2: weight, 3: plain, 4: f"{family} {weight}", 6: plain}
    for number, text in (kept | names).items():
        if text:
            font["name"].setName(text, number, 3, 1, 0x409)
    font.save(file.with_suffix(".new"))
    font.close()
    os.replace(file.with_suffix(".new"), file)


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
