"""What a link shows to whom the holder gave it: the public answer, and papers when the holder said so."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certificates.holders.services import shares
from certificates.holders.services.held import may_download
from certificates.holders.session import private
from certificates.holders.views import paper_response
from certificates.register.status import look_up
from certificates.views.verify import answer_block, bilingual
from tenants.current import current_tenant
from tenants.throttle import too_often


def _hidden(response: HttpResponse) -> HttpResponse:
    """The address is the secret: not even our other pages learn it."""
    return private(response, "no-referrer")


@bilingual
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """One answer for a link that never was, has expired or was taken back."""
    if too_often(request, "share", 120, 60):
        return _hidden(render(request, "certificates/verify_busy.html", status=429))
    found = shares.share_of(token)
    if found is None:
        page = render(request, "holders/share_over.html", {"bilingual": True}, status=404)
        return _hidden(page)
    if request.method == "GET":
        shares.opened(found)
    lines = []
    for entry in shares.shared_entries(found):
        answer = look_up(entry.code)
        html = "" if answer.elsewhere else answer_block(answer, entry.code, current_tenant())
        lines.append((entry, answer, html, found.papers and may_download(answer)))
    context = {"bilingual": True, "share": found, "lines": lines, "token": token, "messages": ()}
    return _hidden(render(request, "holders/share.html", context))


@require_safe
def shared_paper(request: HttpRequest, token: str, number: str) -> HttpResponse:
    """Only what the link holds, and only while it holds it."""
    if too_often(request, "share", 120, 60):
        return _hidden(HttpResponse(status=429))
    found = shares.share_of(token)
    if found is None or not found.papers:
        raise Http404
    for entry in shares.shared_entries(found):
        if entry.number == number:
            return _hidden(paper_response(request, look_up(entry.code)))
    raise Http404
