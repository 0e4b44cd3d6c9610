"""A village in three taps: county, township, village."""

import re
from dataclasses import dataclass

from tenants.models import Division, Tenant

DIGITS = {"county": 6, "township": 9, "village": 12}


@dataclass(frozen=True)
class Picker:
    """`path` is what was tapped so far, `choices` what can be tapped next."""

    path: tuple[Division, ...]
    choices: tuple[Division, ...]

    @property
    def village(self) -> Division | None:
        last = self.path[-1] if self.path else None
        return last if last and last.level == "village" else None

    @property
    def asks(self) -> str:
        """The level that is to be tapped next; empty at the village."""
        return self.choices[0].level if self.choices else ""


def picker(code: str, tenant: Tenant) -> Picker:
    """Below the division `code`; from the beginning for what is none of the tenant's prefecture."""
    prefecture = tenant.division.code[:4]
    known = code if re.fullmatch(r"[0-9]{6}|[0-9]{9}|[0-9]{12}", code) else ""
    if not known.startswith(prefecture):
        known = ""
    codes = [known[:digits] for digits in DIGITS.values() if len(known) >= digits]
    path = tuple(Division.objects.filter(code__in=codes).order_by("code"))
    if len(path) != len(codes):
        path = ()
    if path:
        below = Division.objects.filter(parent=path[-1]).order_by("code")
        return Picker(path, tuple(below))
    counties = Division.objects.filter(level="county", code__startswith=prefecture)
    own = tenant.division.code[:6]  # the base's own county before the others
    return Picker((), tuple(sorted(counties, key=lambda each: (each.code != own, each.code))))
