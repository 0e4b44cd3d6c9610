from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenants.lists.views import show
from tenants.outbox.lists import MESSAGES
from tenants.outbox.models import Message
from tenants.staff.access import may


@may("outbox.view_message")
def message_list(request: HttpRequest) -> HttpResponseBase:
    """What was written to people outside, and what became of it."""
    return show(request, MESSAGES, Message.objects.all())
