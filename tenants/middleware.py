"""Which tenant a request is for, and what its pages may load."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django_tenants.middleware.main import TenantMainMiddleware

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


class TenantMiddleware(TenantMainMiddleware):  # type: ignore[misc]
    """Answers an unknown host with a page that says so, and shows no tenant's data."""

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse:
        self.setup_url_routing(request, force_public=True)
        return render(request, "tenants/no_such_host.html", {"hostname": hostname}, status=404)


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
