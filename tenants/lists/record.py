"""The page of a record's history."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from tenants.lists.history import HISTORIES, Entry
from tenants.lists.shape import local
from tenants.staff.access import actor
from tenants.tables import wants_excel, workbook_response


def record_history(request: HttpRequest, kind: str, pk: int) -> HttpResponseBase:
    """Whoever may see the record sees what was done to it."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    history = HISTORIES.get(kind)
    if history is None:
        raise Http404
    if not request.user.has_perms(history.permissions):
        raise PermissionDenied
    found = history.find(actor(request), pk)
    if found is None:
        raise Http404
    entries = history.entries(found)
    if wants_excel(request):
        return _workbook(f"{kind}-{pk}-history", entries)
    context = {
        "name": history.name_of(found),
        "back": history.back(found),
        "page": Paginator(entries, 100).get_page(request.GET.get("page")),
    }
    return render(request, "lists/history.html", context)


def _workbook(name: str, entries: list[Entry]) -> HttpResponse:
    """A line for each value that changed, so that Excel can filter by it."""
    header = [_("时间"), _("经办人"), _("事项"), _("内容"), _("项目"), _("原来"), _("改为")]
    lines = [
        [local(entry.at), entry.who, entry.what, entry.text, *change]
        for entry in entries
        for change in (entry.changes or [("", "", "")])
    ]
    return workbook_response(name, header, lines)
