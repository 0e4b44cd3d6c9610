"""Phones, with what has arrived of each."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.models import Device
from courses.fieldlog.services.lag import missing_numbers
from courses.fieldlog.services.receipts import arrived
from tenants.lists.filters import choice
from tenants.lists.history import Entry, History, by_time, register, seen
from tenants.lists.shape import Column, DeskList

MANAGE = "fieldlog.manage_device"


def came(device: Any) -> Any:
    """What has arrived, asked once a row."""
    if not hasattr(device, "_came"):
        device._came = arrived(device)
        device.arrived, device.missing = device._came, missing_numbers(device._came)
    return device._came


def _missing(device: Any) -> int:
    came(device)
    return int(device.missing)


def _in_use(rows: Any, name: str, value: str) -> Any:
    return rows.filter(revoked_at__isnull=value == "active")


def _trainers() -> list[tuple[str, str]]:
    rows = Device.objects.order_by("trainer__display_name").select_related("trainer")
    return list({(str(each.trainer_id), str(each.trainer)): None for each in rows})


DEVICES = DeskList(
    name="devices",
    title=_("手机"),
    columns=(
        Column("trainer", _("教师"), lambda d: str(d.trainer), "trainer__display_name"),
        Column("name", _("手机"), lambda d: f"{d.name} {str(d.uuid)[:8]}", "name"),
        Column("state", _("状态"), lambda d: gettext("已停用") if d.revoked_at else gettext("在用"),
               "revoked_at", badge=lambda d: "bad" if d.revoked_at else "ok"),
        Column("contact", _("最近联系"), lambda d: d.last_contact_at, "last_contact_at"),
        Column("arrived", _("已送达"), lambda d: came(d).contiguous, number=True),
        Column("missing", _("缺"), _missing, cell="fieldlog/missing_cell.html"),
        Column("app", _("应用版本"), lambda d: d.app, "app"),
        Column("all", _("全部班次"), lambda d: gettext("是") if d.all_classes else "", shown=False),
        Column("enrolled", _("登记时间"), lambda d: d.enrolled_at, "enrolled_at", shown=False),
        Column("why", _("停用原因"), lambda d: d.revoke_reason, shown=False),
    ),
    link=lambda d: reverse("device", args=[d.pk]),
    filters={
        "state": choice(_("状态"), [("active", _("在用")), ("revoked", _("已停用"))],
                        method=_in_use),
        "trainer": choice(_("教师"), _trainers, "trainer"),
    },
    search=("name", "trainer__display_name", "app"),
    search_label=_("教师、手机或版本"),
    order=("-pk",),
    size=25,  # each is asked what has arrived of it
    empty=_("还没有登记手机。按“登记手机”，教师用手机扫一次码。"),
    history="device",
)  # fmt: skip


def _entries(found: Device) -> list[Entry]:
    return by_time(
        seen(found.enrolled_at, found.ticket.made_by, gettext("登记手机"), found.name),
        seen(found.revoked_at, found.revoked_by, gettext("停用手机"), found.revoke_reason),
    )


register(
    "device",
    History(
        (MANAGE,),
        lambda user, pk: Device.objects.select_related(
            "trainer", "ticket__made_by", "revoked_by"
        ).filter(pk=pk).first(),
        _entries,
        lambda found: reverse("device", args=[found.pk]),
    ),
)  # fmt: skip
