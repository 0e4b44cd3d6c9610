"""Find the installed plugins before Django starts; import none of them.

What is wrong with one is said in one line, in Chinese and English. By default it refuses the
start; TRAINBASE_SKIP_BAD_PLUGINS=1 starts without it.
"""

import importlib.util
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement

GROUP = "trainbase.plugin"
CORE = "trainbase"
NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")
NAME_WANTED = (
    "名称是 2 到 40 个小写字母、数字、下划线，以字母开头 / a name has 2 to 40 lower-case letters,"
    " digits and _, a letter first"
)


class PluginRefused(RuntimeError):
    """A plugin does not fit; the text is one line that says which, why, and what to do."""


@dataclass(frozen=True)
class Found:
    """An installed plugin. `fault` says why it cannot be used, in Chinese and English."""

    name: str
    package: str
    config: str
    distribution: str
    version: str
    author: str
    fault: str = ""

    @property
    def line(self) -> str:
        return (
            f"插件 {self.name}（{self.distribution} {self.version}）不能使用：{self.fault}。"
            "请升级或卸载它，或设 TRAINBASE_SKIP_BAD_PLUGINS=1 先不用它启动"
            f" / the plugin {self.name} cannot be used: upgrade or remove it, or set"
            " TRAINBASE_SKIP_BAD_PLUGINS=1 to start without it"
        )


def discover(taken: set[str], core_version: str) -> list[Found]:
    """The installed plugins by name, each with its fault. `taken` are the core's own app labels."""
    found = [_read(entry, core_version) for entry in metadata.entry_points(group=GROUP)]
    counted = Counter(plugin.name for plugin in found)
    judged = []
    for plugin in sorted(found, key=lambda p: (p.name, p.distribution)):
        fault = plugin.fault
        if plugin.name in taken:
            fault = f"名称 {plugin.name} 是系统自己的 / the core has the name {plugin.name}"
        elif counted[plugin.name] > 1:
            others = ", ".join(p.distribution for p in found if p.name == plugin.name)
            fault = f"名称 {plugin.name} 重复：{others} / two plugins have this name"
        judged.append(replace(plugin, fault=fault))
    return judged


def usable(taken: set[str], core_version: str, skip: bool) -> tuple[list[Found], list[Found]]:
    """(those to use, those with a fault). Raises PluginRefused at the first fault unless `skip`.

    With `skip` each is tried out in a process of its own: what fails while it is read would leave
    this process half-started.
    """
    found = discover(taken, core_version)
    if skip and not os.environ.get(TRIED):
        found = [plugin if plugin.fault else _tried(plugin) for plugin in found]
    if only := os.environ.get(TRIED):
        found = [plugin for plugin in found if plugin.name == only]
    bad = [plugin for plugin in found if plugin.fault]
    if bad and not skip:
        raise PluginRefused(bad[0].line)
    return [plugin for plugin in found if not plugin.fault], bad


#: Set in the process that tries one plugin out: its name.
TRIED = "TRAINBASE_TRY_PLUGIN"


def _tried(plugin: Found) -> Found:
    """Start Django with this plugin alone, in another process; its last line says what failed."""
    program = "import django; django.setup(); from django.core.checks import run_checks; "
    program += "found = [e for e in run_checks() if e.id.startswith('plugins.')]; "
    program += "assert not found, found[0].msg"
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | {TRIED: plugin.name, "DJANGO_SETTINGS_MODULE": "lms.settings"},
    )
    if done.returncode == 0:
        return plugin
    last = (done.stderr.strip().splitlines() or ["?"])[-1]
    return replace(plugin, fault=f"读取时出错 / it failed while it was read: {last[:300]}")


def culprit(error: BaseException) -> metadata.EntryPoint | None:
    """The plugin in whose code `error` arose: one of its modules is on the way there."""
    packages = {entry.module.split(".")[0]: entry for entry in metadata.entry_points(group=GROUP)}
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", "")).split(".")[0]
        if module in packages:
            return packages[module]
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:  # its module never ran
        for name, entry in packages.items():
            spec = importlib.util.find_spec(name)
            places = (spec.submodule_search_locations or []) if spec else []
            if any(Path(place) in Path(error.filename).parents for place in places):
                return entry
    return None


def blame(error: BaseException) -> str:
    """The line that refuses the start for an error in a plugin's code; empty for none's."""
    entry = culprit(error)
    if entry is None:
        return ""
    said = f"读取时出错 / it failed while it was read: {type(error).__name__}: {error}"
    return replace(_read(entry, "0"), fault=" ".join(said.split())[:400]).line


def _read(entry: metadata.EntryPoint, core_version: str) -> Found:
    dist = entry.dist
    package = entry.module.removesuffix(".apps")
    fault = ""
    if not NAME.fullmatch(entry.name):
        fault = NAME_WANTED
    elif dist is None:
        fault = "没有安装信息 / its installation has no metadata"
    elif not _there(package):
        fault = f"没有模块 {package} / there is no module {package}"
    else:
        fault = _unmet(dist, core_version)
    return Found(
        name=entry.name,
        package=package,
        config=entry.value.replace(":", "."),
        distribution=str(dist.metadata["Name"]) if dist else "?",
        version=dist.version if dist else "?",
        author=_author(dist) if dist else "",
        fault=fault,
    )


def _author(dist: metadata.Distribution) -> str:
    """Who made it: a name, else the address alone."""
    said: Any = dist.metadata
    return str(said.get("Author") or said.get("Author-email") or "")


def _there(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except (ImportError, ValueError):
        return False


def _unmet(dist: metadata.Distribution, core_version: str) -> str:
    """What the plugin asks for and does not get; it must say which core it is for."""
    bound = False
    for text in dist.requires or []:
        try:
            wanted = Requirement(text)
        except InvalidRequirement:
            return f"依赖写错了：{text} / this dependency cannot be read: {text}"
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        name = wanted.name.lower().replace("_", "-")
        if name == CORE:
            bound = bool(str(wanted.specifier))
            there = core_version
        else:
            try:
                there = metadata.version(wanted.name)
            except metadata.PackageNotFoundError:
                return f"缺少 {text} / it needs {text}, which is not installed"
        if not wanted.specifier.contains(there, prereleases=True):
            return f"它要求 {text}，这里是 {there} / it needs {text}, here is {there}"
    if not bound:
        return f"它没有写明适用的 {CORE} 版本 / it does not say which versions of {CORE} it is for"
    return ""
