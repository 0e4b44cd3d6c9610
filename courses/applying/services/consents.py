"""What people agree to when they send their data: a text with a version, kept with what was sent."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from courses.applying.models import ConsentText
from tenants.current import current_tenant
from tenants.staff.models import User

#: Version 1, until a manager writes another: what the law wants told (PIPL, articles 17 and 29).
FIRST = {
    "application": (
        "{base}收集您的姓名、身份证号、联系电话和所在村，只用于审核培训报名、编班、考勤、发证和落实补贴。"
        "身份证号加密保存，不公开，不写入网址。没有录取的报名，一年后清除身份证号和电话。"
        "您可以随时电话查询、更正或者要求删除：{phone}。不同意可以不在网上报名，到基地或村部填表即可。"
    ),
    "proposal": (
        "{base}收集联系人的姓名和电话，只用于联系办班。您可以随时电话要求更正或者删除：{phone}。"
    ),
}


def in_force(kind: str) -> ConsentText:
    """The newest text. Version 1 is not in the database before somebody has agreed to it."""
    last = ConsentText.objects.filter(kind=kind).order_by("version").last()
    return last or ConsentText(kind=kind, version=1, text=_first(kind))


def _first(kind: str) -> str:
    base = current_tenant()
    return FIRST[kind].format(base=base.name, phone=base.phone or base.address or base.name)


def agreed(kind: str, version: int) -> ConsentText:
    """The text that somebody has agreed to. Raises ValidationError when there is a newer one."""
    now = in_force(kind)
    if now.version != version:
        raise ValidationError(
            {
                "consent": "告知书刚刚更新，请看过新的内容再勾选 / the text has changed: read it and agree"
            }
        )
    if now.pk is None:
        now, _new = ConsentText.objects.get_or_create(
            kind=kind, version=1, defaults={"text": now.text}
        )
    return now


@transaction.atomic
def write_consent(kind: str, text: str, by: User) -> ConsentText:
    """Append a version. Raises ValidationError for an empty text, or one that is in force already."""
    text = text.strip()
    if not text:
        raise ValidationError("请填写告知内容 / write the text")
    now = in_force(kind)
    if text == now.text:
        raise ValidationError("内容没有变化 / nothing has changed")
    if now.pk is None:  # what stood on the page until now stays readable
        ConsentText.objects.create(kind=kind, version=1, text=now.text)
    last = ConsentText.objects.filter(kind=kind).aggregate(last=Max("version"))["last"]
    return ConsentText.objects.create(kind=kind, version=last + 1, text=text, by=by)
