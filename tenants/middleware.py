"""Which tenant a request is for, and what its pages may load."""

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, QueryDict
from django.shortcuts import render
from django_tenants.middleware.main import TenantMainMiddleware

from tenants import cells, hosts
from tenants.current import connection
from tenants.links import absolute
from tenants.models import Tenant

PUBLIC_POLICY = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
#: Wagtail's admin has inline scripts and styles (wagtail issue 1288).
ADMIN_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "script-src 'self' 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
)


#: The schemas that each living connection has served.
_visited: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def _cap_memory(schema: str) -> None:
    """Begin a new connection when this one has served many tenants.

    A backend of PostgreSQL keeps 0.3 to 4 MB for each schema it has visited, until it ends.
    """
    link = connection.connection
    if link is None:
        return
    schemas = _visited.setdefault(link, set())
    if schema not in schemas and len(schemas) >= settings.TENANTS_PER_CONNECTION:
        connection.close()
        return
    schemas.add(schema)


class TenantMiddleware(TenantMainMiddleware):  # type: ignore[misc]
    """Sets the tenant of the host that was asked.

    An unknown host gets a bare page, a closed base's host one that says so, another host of a
    tenant leads to its primary one, and a base of another cell to its address there: none of them
    chooses a tenant. While a base is moved, what would write is asked to wait.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        connection.set_schema_to_public()
        try:
            hostname = self.hostname_from_request(request)
        except DisallowedHost:
            return HttpResponseNotFound()
        found = hosts.find(hostname)
        if found is None:
            return self.no_tenant_found(request, hostname)
        if not cells.is_here(found.tenant):
            address = cells.elsewhere(found.tenant, request.get_full_path())
            return _lead(request, address) if address else self._wait(request, found.tenant)
        if found.tenant.closed_on:
            return self._bare(request, "tenants/closed.html", 410, base=found.tenant)
        if found.primary != hostname:
            return _lead(request, absolute(found.tenant, request.get_full_path()))
        reads = request.method in ("GET", "HEAD", "OPTIONS")
        if found.tenant.moving and not (reads and found.tenant.moving == Tenant.Moving.WRITES):
            return self._wait(request, found.tenant)
        _cap_memory(found.tenant.schema_name)
        found.tenant.domain_url = hostname
        request.tenant = found.tenant  # type: ignore[attr-defined]
        connection.set_tenant(found.tenant)
        self.setup_url_routing(request)
        return None

    def _bare(self, request: HttpRequest, template: str, status: int, **said: Any) -> HttpResponse:
        self.setup_url_routing(request, force_public=True)
        return render(request, template, said, status=status)

    def _wait(self, request: HttpRequest, tenant: Tenant) -> HttpResponse:
        """Not now: the base is between two cells. Nothing of what was sent is taken."""
        answer = self._bare(request, "tenants/moving.html", 503, base=tenant)
        answer["Retry-After"] = "60"
        return answer

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse:
        return self._bare(request, "tenants/no_such_host.html", 404, hostname=hostname)


def _lead(request: HttpRequest, address: str) -> HttpResponse:
    """Not for ever: a host may come back, and a browser would keep a permanent answer."""
    safe = request.method in ("GET", "HEAD")
    return HttpResponse(status=302 if safe else 307, headers={"Location": address})


def refuse_null(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 to a NUL character in an address or a form: PostgreSQL keeps none in a text."""

    def answer(request: HttpRequest) -> HttpResponse:
        sent = (value for data in (request.GET, request.POST) for value in _values(data))
        if "\x00" in request.path or any("\x00" in value for value in sent):
            return render(request, "400.html", status=400)
        return get_response(request)

    return answer


def _values(data: QueryDict) -> list[str]:
    return [str(item) for _, items in data.lists() for item in items]


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        admin = request.path.startswith("/admin/")
        response.headers.setdefault(
            "Content-Security-Policy", ADMIN_POLICY if admin else PUBLIC_POLICY
        )
        return response

    return answer
