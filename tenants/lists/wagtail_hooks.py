from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from tenants.lists.history import CHANGED, MADE


@hooks.register("register_log_actions")
def actions_of_the_desk(actions: Any) -> None:
    actions.register_action(MADE, _("新建"), _("新建"))
    actions.register_action(CHANGED, _("修改"), _("修改"))
