"""The staff of a tenant, and what was done to each account."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.current import current_tenant
from tenants.lists.filters import choice
from tenants.lists.history import Entry, History, register
from tenants.lists.shape import Column, DeskList
from tenants.models import in_language
from tenants.staff.models import StaffChange, User
from tenants.staff.roles import ENGLISH, TITLES, roles_of

MANAGE = "staff.manage_staff"
SECOND = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)


def people() -> QuerySet[Any]:
    return User.objects.prefetch_related("groups").annotate(secured=Exists(SECOND))


def roles_said(person: Any) -> str:
    names = {title: in_language(title, ENGLISH[key]) for key, title in TITLES.items()}
    return "、".join(names.get(group.name, group.name) for group in person.groups.all())


def _roles() -> list[tuple[str, str]]:
    roles = roles_of(current_tenant().type)
    return [(title, in_language(title, ENGLISH[key])) for key, title in roles.items()]


def _second(rows: Any, name: str, value: str) -> Any:
    return rows.filter(secured=value == "yes")


def _state(rows: Any, name: str, value: str) -> Any:
    return rows.filter(is_active=value == "active")


PEOPLE = DeskList(
    name="staff",
    title=_("工作人员"),
    columns=(
        Column("name", _("姓名"), str, "display_name"),
        Column("username", _("用户名"), lambda u: u.username, "username"),
        Column("roles", _("角色"), roles_said),
        Column("division", _("所辖区划代码"), lambda u: u.division_prefix, "division_prefix"),
        Column("second", _("第二步验证"),
               lambda u: gettext("已开启") if u.secured else gettext("未开启"), "secured",
               badge=lambda u: "ok" if u.secured else ""),
        Column("login", _("最近登录"), lambda u: u.last_login, "last_login"),
        Column("state", _("状态"), lambda u: gettext("在用") if u.is_active else gettext("已停用"),
               "is_active", badge=lambda u: "" if u.is_active else "bad"),
        Column("joined", _("开通时间"), lambda u: u.date_joined, "date_joined", shown=False),
    ),
    link=lambda u: reverse("staff_person", args=[u.pk]),
    filters={
        "role": choice(_("角色"), _roles, "groups__name"),
        "second": choice(_("第二步验证"), [("yes", _("已开启")), ("no", _("未开启"))],
                         method=_second),
        "state": choice(_("状态"), [("active", _("在用")), ("off", _("已停用"))], method=_state),
    },
    search=("display_name", "username"),
    search_label=_("姓名或用户名"),
    order=("username",),
    empty=_("还没有工作人员。"),
    history="staff",
)  # fmt: skip


def _entries(found: User) -> list[Entry]:
    rows = StaffChange.objects.filter(account=found.username)
    return [Entry(row.at, row.by, row.said) for row in rows]


register(
    "staff",
    History(
        (MANAGE,),
        lambda user, pk: User.objects.filter(pk=pk).first(),
        _entries,
        lambda found: reverse("staff_person", args=[found.pk]),
    ),
)
