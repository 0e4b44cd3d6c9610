"""Extension points: what a plugin can add, and what happens when that fails.

Three policies. `BLOCK`: a crash, a hang, nonsense, or a plugin that is on and not loaded refuses.
`FALL_BACK`: the core's own way is taken. `SKIP`: the contribution is left out. Every failure is
recorded with its plugin, for the Plugins page.
"""

import enum
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Generic, Self, TypeVar, overload

from django.conf import settings

from tenants.plugins import faults
from tenants.plugins.limits import Bounded, TimeLimit
from tenants.plugins.registry import installed, is_on, missing, owner_of_module, served
from tenants.verdict import Verdict

F = TypeVar("F", bound=Callable[..., Any])


class Policy(enum.Enum):
    BLOCK = "block"
    FALL_BACK = "fall back"
    SKIP = "skip"


@dataclass(frozen=True)
class Contribution(Generic[F]):
    """What one plugin has added to a point."""

    plugin: str
    order: int
    fn: F

    @property
    def name(self) -> str:
        return str(getattr(self.fn, "__name__", type(self.fn).__name__))


class Registered(RuntimeError):
    """A contribution that cannot be taken; raised where the plugin is read."""


#: All points, by name.
POINTS: dict[str, "Point[Any]"] = {}


class Point(Generic[F]):
    """One extension point. It is the decorator that registers, and knows who has registered."""

    def __init__(self, name: str, policy: Policy) -> None:
        self.name, self.policy = name, policy
        self._all: list[Contribution[F]] = []
        POINTS[name] = self

    @overload
    def __call__(self, fn: F) -> F: ...
    @overload
    def __call__(self, *, order: int = 100) -> Callable[[F], F]: ...
    def __call__(self, fn: F | None = None, *, order: int = 100) -> Any:
        """Register `fn`; raises Registered for what no plugin has made."""
        if fn is None:
            return lambda given: self._add(given, order)
        return self._add(fn, order)

    def _add(self, fn: F, order: int) -> F:
        module = getattr(fn, "__module__", "")
        owner = owner_of_module(module)
        if not owner:
            raise Registered(
                f"{module}: {self.name} 只收插件的 / only a plugin adds to {self.name}"
            )
        if not callable(fn):
            raise Registered(f"{owner}: {self.name} 要函数或类 / takes a function or class: {fn!r}")
        self._all.append(Contribution(owner, order, fn))
        self._all.sort(key=lambda c: (c.order, c.plugin, c.name))
        return fn

    def all(self) -> list[Contribution[F]]:
        """Every contribution, in the order in which they are asked."""
        return list(self._all)

    def on(self, tenant: Any = None) -> list[Contribution[F]]:
        """Those of plugins that are on for the tenant (the one that is served)."""
        return [c for c in self._all if is_on(c.plugin, tenant)]


def results(point: Point[Any], *args: Any) -> Iterator[tuple[str, Any]]:
    """(plugin, what it gave) for a point whose failures are left out."""
    for contribution in point.on():
        with faults.kept(contribution.plugin, point.name) as outcome:
            outcome.value = contribution.fn(*args)
        if not outcome.failed and outcome.value is not None:
            yield contribution.plugin, outcome.value


class Judges:
    """The blocking rules of a point, for one batch of cases of the tenant that is served."""

    def __init__(self, *points: Point[Any]) -> None:
        self._points = points
        self._rules = [(point, c) for point in points for c in point.on()]
        self._missing = missing() if points else []
        self._bounded = Bounded(served())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *what: object) -> None:
        self.close()

    def close(self) -> None:
        self._bounded.close()

    @property
    def wanted(self) -> bool:
        """Whether there is anything to ask, or anybody missing."""
        return bool(self._rules or self._missing)

    @property
    def asked(self) -> dict[str, str]:
        """Name and version of the plugins whose rules are asked."""
        versions = {plugin.name: plugin.version for plugin in settings.PLUGINS}
        return {c.plugin: versions[c.plugin] for _point, c in self._rules}

    def verdicts(self, facts: Any) -> list[Verdict]:
        """What all rules say; whatever fails is a refusal that names its plugin."""
        found = [_absent(name) for name in self._missing]
        for point, contribution in self._rules:
            try:
                given = self._bounded.call(contribution.fn, facts)
                found += [
                    replace(verdict, rule=f"{contribution.plugin}.{verdict.rule}")
                    for verdict in _as_verdicts(given)
                ]
            except (Exception, SystemExit) as error:
                faults.record(contribution.plugin, point.name, error)
                found.append(_failed(contribution, error))
        return found


def _as_verdicts(given: Any) -> list[Verdict]:
    """Raises TypeError for what is no verdict."""
    if given is None:
        return []
    listed = [given] if isinstance(given, Verdict) else given
    if isinstance(listed, str | bytes) or not isinstance(listed, Iterable):
        raise TypeError(f"a rule gives a Verdict, a list of them, or None, and not {given!r:.80}")
    listed = list(listed)
    for verdict in listed:
        said = isinstance(verdict, Verdict) and verdict.ok in (True, False)
        if not (said and verdict.zh.strip() and verdict.en.strip()):
            raise TypeError(f"this is no verdict in Chinese and English: {verdict!r:.80}")
    return listed


def _failed(contribution: Contribution[Any], error: BaseException) -> Verdict:
    title = installed()[contribution.plugin].title
    hung = isinstance(error, TimeLimit)
    zh = "没有在限时内回答" if hung else "出错"
    en = "did not answer in time" if hung else "failed"
    return Verdict(
        rule=f"{contribution.plugin}.{contribution.name}",
        ok=False,
        value=type(error).__name__,
        threshold="—",
        source=str(title),
        zh=f"插件“{title}”的规则{zh}，不能放行，请联系服务中心检查插件或停用它",
        en=f"a rule of the plugin {contribution.plugin} {en}, so that nothing can pass: ask the centre"
        " to mend the plugin or to switch it off",
    )


def _absent(name: str) -> Verdict:
    return Verdict(
        rule=f"{name}.missing",
        ok=False,
        value="—",
        threshold="—",
        source=name,
        zh=f"已启用的插件“{name}”没有装载，不知道它会不会拒绝，请修好它或停用它",
        en=f"the plugin {name} is switched on and not loaded, so that nobody knows what it would refuse:"
        " mend it or switch it off",
    )
