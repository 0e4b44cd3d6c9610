"""Panels of the desk's and the console's front page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from tenants.plugins.points import Point, Policy, results


@dataclass(frozen=True)
class Panel:
    """Lines of (label, value, address); the address may be empty. Texts, no markup."""

    title: str
    lines: Sequence[tuple[str, str, str]] = field(default_factory=tuple)
    note: str = ""


dashboard_panels: Point[Any] = Point("dashboard_panels", Policy.SKIP)


def panels(request: HttpRequest) -> list[Panel]:
    return [panel for _plugin, panel in results(dashboard_panels, request)]
