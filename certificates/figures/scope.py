"""Which bases' figures somebody sees, and by what names their keys are called."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certificates.figures.provinces import PROVINCES
from courses.directory.models import Programme
from tenants.console.access import bases_of
from tenants.current import current_tenant
from tenants.models import Division, Tenant, Trade, in_language
from tenants.staff.models import User

NAMES = "standing.view_names"


@dataclass(frozen=True)
class Scope:
    """The bases in somebody's sight. `prefix` is the division that they are in charge of, if any;
    `exact`: may see names, and so every count.
    """

    bases: dict[int, Tenant]
    prefix: str
    exact: bool

    def base(self, slug: str) -> Tenant | None:
        return next((base for base in self.bases.values() if base.slug == slug), None)


def scope_of(user: User) -> Scope:
    """Removed and closed bases are in it too: what they have done stays counted."""
    in_sight = bases_of(user).exclude(tenant=None).values("tenant")
    found = Tenant.objects.filter(centre_id=current_tenant().pk, pk__in=in_sight)
    bases = {base.pk: base for base in found.order_by("name")}
    return Scope(bases, user.division_prefix, user.has_perm(NAMES))


def titles_of(dimension: str, keys: Collection[str]) -> dict[str, str]:
    """What the keys of a dimension are called by whoever reads."""
    if dimension == "trade":
        return {row.code: row.title for row in Trade.objects.filter(code__in=keys)}
    if dimension == "programme":
        rows = Programme.objects.filter(code__in=keys)
        return {row.code: row.title for row in rows} | {"": _("没有资金项目")}
    if dimension in ("township", "place"):
        rows_ = Division.objects.filter(code__in=keys)
        named = {row.code: row.name for row in rows_}
        if dimension == "township":
            return named
        return {key: _place(key, named) for key in keys}
    return {}


def _place(key: str, named: dict[str, str]) -> str:
    """A province by its name; the prefecture by its name where it is known here, else by its code."""
    if not key:
        return _("没有登记地点")
    province = in_language(*PROVINCES.get(key[:2], (key[:2], "")))
    return f"{province} {named.get(key, key)}" if len(key) > 2 else province
