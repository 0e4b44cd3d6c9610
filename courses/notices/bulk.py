"""A notice to the people who are ticked in a list: it leads to the page that shows it before it is sent."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from courses.notices.audiences import chosen_value
from tenants.lists.shape import Bulk, Outcome

LONGEST = 2800  # of an address, so that every server takes it


def notice_to(trainee_of: Callable[[Any], int]) -> Bulk:
    def lead(request: HttpRequest, rows: list[Any], said: dict[str, Any]) -> Outcome:
        to = chosen_value(trainee_of(row) for row in rows)
        if len(to) > LONGEST:
            raise ValidationError("选中的人太多，请分几次 / too many people: do it in parts")
        return Outcome(to=f"{reverse('notice_new')}?{urlencode({'to': to})}")

    return Bulk("notice", _("发通知"), lead, may="notices.send_notice", asks=False)
