"""Panels of the desk's and the console's front page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from tenants.plugins import faults
from tenants.plugins.points import Point, Policy, results


@dataclass(frozen=True)
class Panel:
    """Lines of (label, value, address); the address may be empty. Texts, no markup."""

    title: str
    lines: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    note: str = ""


dashboard_panels: Point[Any] = Point("dashboard_panels", Policy.SKIP)


def panels(request: HttpRequest) -> list[Panel]:
    found = []
    for plugin, panel in results(dashboard_panels, request):
        with faults.kept(plugin, dashboard_panels.name):
            if not isinstance(panel, Panel):
                raise TypeError(f"a panel function gives a Panel or None, not {panel!r:.80}")
            lines = [(str(label), str(value), str(link)) for label, value, link in panel.lines]
            found.append(Panel(str(panel.title), lines, str(panel.note)))
    return found
