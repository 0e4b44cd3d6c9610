"""Which installation serves a tenant: a cell is one database of at most 500 bases, with its own
web and worker processes.

TRAINBASE_CELL names the cell that this process belongs to, TRAINBASE_CELLS a TOML file that knows
all of them:

    [east]
    address = "https://{host}:8443"               # where a base of the cell is reached
    centre = "https://centre-east.example.org"    # where its certificates are checked
    database = "postgresql://..."                 # for moves and for the check across cells
    files = "/srv/trainbase-east"

`{host}` is the base's primary host and `{slug}` its short name.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError

from tenants.models import Domain, Tenant

KEYS = {"address", "centre", "database", "files"}


@dataclass(frozen=True)
class Cell:
    """An installation. Empty texts are what the file does not say."""

    name: str
    address: str = ""
    centre: str = ""
    database: str = ""
    files: str = ""

    def reach(self, tenant: Tenant, path: str = "/") -> str:
        """The address of `path` on the tenant's site there; empty when the file names none."""
        if not self.address:
            return ""
        host = Domain.objects.get(tenant_id=tenant.pk, is_primary=True).domain
        return self.address.format(host=host, slug=tenant.slug).rstrip("/") + path


@cache
def _read(path: str) -> dict[str, Cell]:
    if not path:
        return {}
    try:
        said = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        found = {name: Cell(name, **values) for name, values in said.items()}
        for cell in found.values():
            cell.address.format(host="h", slug="s")
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ImproperlyConfigured(
            f"分区文件 {path} 读不懂：{error}。每个分区一节，只用 {', '.join(sorted(KEYS))}"
            f" / the file of cells cannot be read: one table a cell, with these keys alone"
        ) from error
    for cell in found.values():
        for text in (cell.address, cell.centre):
            if text and urlsplit(text).scheme not in ("http", "https"):
                raise ImproperlyConfigured(
                    f"分区 {cell.name} 的地址须以 http:// 或 https:// 开头：{text}"
                    " / the addresses of a cell begin with http:// or https://"
                )
    return found


def all_cells() -> dict[str, Cell]:
    """Every cell of the file, by name. Raises ImproperlyConfigured that says what is wrong."""
    return _read(str(settings.CELLS))


def others() -> list[Cell]:
    return [cell for name, cell in all_cells().items() if name != settings.CELL]


def cell_of(tenant: Tenant) -> Cell:
    return all_cells().get(tenant.cell, Cell(tenant.cell))


def is_here(tenant: Tenant) -> bool:
    return bool(tenant.cell == settings.CELL)


def elsewhere(tenant: Tenant, path: str = "/") -> str:
    """The address of `path` on a site that another cell serves; empty when nobody knows it."""
    return "" if is_here(tenant) else cell_of(tenant).reach(tenant, path)


def must_be_here(tenant: Tenant) -> None:
    """Raises ValidationError for a base that another cell serves, or that is on its way there."""
    if not is_here(tenant):
        raise ValidationError(
            f"该基地已迁到分区“{tenant.cell}”，请到那里办理"
            f" / this base is served by the cell {tenant.cell}: do it there"
        )
    if tenant.moving:
        raise ValidationError(
            "该基地正在搬迁，几分钟后再试，什么也没有丢失"
            " / this base is being moved: try again in some minutes, nothing is lost"
        )
