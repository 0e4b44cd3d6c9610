from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tenants.outbox.models import Message
from tenants.staff.access import may
from tenants.tables import wants_excel, workbook_response


@may("outbox.view_message")
def message_list(request: HttpRequest) -> HttpResponse:
    """What was written to people outside, and what became of it."""
    found = Message.objects.all()
    state = request.GET.get("state", "")
    if state in Message.State.values:
        found = found.filter(state=state)
    if wants_excel(request):
        header = [
            _("写入时间"),
            _("收件人"),
            _("标题"),
            _("内容"),
            _("通道"),
            _("状态"),
            _("费用（元）"),
        ]
        rows = (
            [m.created_at.replace(tzinfo=None), m.to, m.subject, m.text, m.channel,
             m.get_state_display(), float(m.cost)]
            for m in found
        )  # fmt: skip
        return workbook_response("messages", header, rows)
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    context = {"page": page, "state": state, "states": Message.State.choices}
    return render(request, "outbox/list.html", context)
