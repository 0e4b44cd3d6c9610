"""All that a plugin's tests import of the core. The fixtures come with
`pytest_plugins = ["lms.plugin.testing.fixtures"]` in the first conftest.py.

The fixed cast: the centre `centre`, the bases `north` and `south`; at each base `manager`, `clerk`,
`trainer` and `examiner`, at the centre `director`, `officer` and `township_officer`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lms.plugin.testing.conformance import Conformance

__all__ = ["Conformance", "inside", "plugin_on", "tenant_of"]


def __getattr__(name: str) -> Any:
    if name == "Conformance":
        from lms.plugin.testing.conformance import Conformance

        return Conformance
    raise AttributeError(name)


def tenant_of(slug: str) -> Any:
    """A tenant of the cast: `centre`, `north` or `south`."""
    from django_tenants.utils import schema_context

    from tenants.models import Tenant

    with schema_context("public"):
        return Tenant.objects.get(slug=slug)


@contextmanager
def inside(slug: str) -> Iterator[Any]:
    """Inside that tenant, with the plugins that are on for it now."""
    from django_tenants.utils import tenant_context

    tenant = tenant_of(slug)
    with tenant_context(tenant):
        yield tenant


@contextmanager
def plugin_on(tenant: Any, name: str, on: bool = True) -> Iterator[Any]:
    """The plugin is on for `tenant` (a slug, or a tenant) inside, and as before after it."""
    from django_tenants.utils import schema_context

    from tenants import hosts
    from tenants.current import connection
    from tenants.models import Tenant

    slug = tenant if isinstance(tenant, str) else tenant.slug

    def write(plugins: list[str]) -> None:
        with schema_context("public"):
            Tenant.objects.filter(slug=slug).update(plugins=plugins)
        hosts.forget()
        if getattr(connection.tenant, "slug", None) == slug:
            connection.tenant.plugins = plugins

    before = list(tenant_of(slug).plugins)
    write([*(entry for entry in before if entry.lstrip("-") != name), name if on else f"-{name}"])
    try:
        yield tenant_of(slug)
    finally:
        write(before)
