"""Believable complaints for the demo, made through the services, on days that the clock pretends."""

import struct
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from lms.plugin import User
from trainbase_hotline import clock
from trainbase_hotline.models import Complaint, Department, HotlineSettings
from trainbase_hotline.services import handling
from trainbase_hotline.services.consent import consent_now
from trainbase_hotline.services.intake import Sent, file_complaint

DEPARTMENTS = (
    ("劳动监察联络组", "Labour inspection liaison", "0433-12333"),
    ("培训管理科", "Training management", "0433-12334"),
    ("法律援助联络点", "Legal aid contact point", "0433-12348"),
)


class Told(NamedTuple):
    """One complaint: `ago` hours old; `acts` are (hours after receipt, verb, words)."""

    ago: float
    kind: str
    channel: str
    about: str
    text: str
    name: str
    phone: str
    acts: Sequence[tuple[float, str, str]] = ()
    photo: bool = False


ANSWER = "已经联系您核实情况，我们正在与单位联系。"
COMPLAINTS = (
    Told(
        900, "wages", "web", "示范服装厂",
        "去年秋天在服装厂做了三个月，最后两个月的工资 5600 元一直没发，问了四次都说等货款。",
        "金大山", "13900000001",
        ((2, "assign:0", ""), (6, "answer", ANSWER), (20, "opinion", "单位书面承诺十日内付清欠薪。"),
         (260, "close:satisfied", "钱已到账")), True,
    ),
    Told(
        760, "fee", "qr", "某培训点",
        "说好免费培训，报名的时候却让每人交 200 元材料费，没有收据，全班二十几个人都交了。",
        "", "",
        ((3, "assign:1", ""), (30, "answer", "已受理，正在核对收费情况。"),
         (44, "opinion", "责令退还全部费用，并在班上公布。"), (90, "close:unreached", "匿名，无法联系"))),
    Told(
        640, "injury", "phone", "示范家具厂",
        "锯木头伤了手指，老板只给了 500 元医药费，不给报工伤，单子都在我手里。",
        "朴哲", "13900000003",
        ((1, "assign:0", ""), (4, "answer", "已指导您准备工伤认定材料。"),
         (22, "opinion", "请在一年内申请工伤认定，我们陪同办理。"),
         (300, "close:partly", "认定还在等"), (420, "reopen", "认定已下来，单位不付停工工资"),
         (428, "answer", "已重新联系单位。"), (440, "opinion", "单位同意按月补发，下月十日前首付。"))),
    Told(
        500, "contract", "web", "示范物业", "干了半年保安，一直没签合同，要求签就说不想干就走。",
        "崔明", "13900000004",
        ((5, "assign:0", ""), (9, "handover:2", "需要法律援助"), (12, "answer", ANSWER),
         (23, "opinion", "单位已补签合同，请您核对后签字。"), (130, "close:satisfied", ""))),
    Told(
        330, "insurance", "phone", "示范酒店", "后厨五个人都没交社保，说试用期不交。",
        "李英", "13900000005",
        ((6, "assign:0", ""), (18, "answer", ANSWER), (52, "opinion", "单位应自用工之日起参保，已通知补缴。"),
         (150, "close:not", "想要现金，不要补缴"))),
    Told(
        210, "training", "qr", "", "电脑班一共十台机器，坏了四台，两个人用一台，练不会。",
        "", "",
        ((2, "assign:1", ""), (5, "answer", "已到现场查看。"), (19, "opinion", "已补充设备，缺的课时另补。"))),
    Told(
        120, "hours", "web", "示范电子厂", "每天干十二个小时，没有休息日，加班费一分没有。",
        "池海", "13900000007", ((4, "assign:0", ""), (28, "answer", ANSWER))),
    Told(
        50, "wages", "phone", "某工地", "跟着包工头干了四十天，人走了，工钱一万二没给，一起的有七个人。",
        "赵铁柱", "13900000008", ((1, "assign:0", ""), (3, "answer", ANSWER)), True),
    Told(
        26, "fee", "web", "某培训点", "结业以后让交 80 元证书费才给证，不是说免费吗？", "", ""),
    Told(
        22, "contract", "qr", "示范物流", "合同是空白的，让先签字，工资一栏没写。", "韩雪", "13900000010",
        ((3, "assign:2", ""), (8, "answer", "请先不要在空白处签字，我们已联系单位。"))),
    Told(6, "other", "web", "", "想外出务工，中介说要交 3000 元保证金，不知道合不合法。", "白玉", "13900000011",
         ((1, "assign:2", ""),)),
    Told(1, "wages", "qr", "示范服装厂", "计件单价说好一块二，发钱按八毛算。", "尹红", "13900000012"),
)  # fmt: skip


@transaction.atomic
def build() -> None:
    """Make them where there are none. Needs one member of staff; harmless to repeat."""
    staff = list(User.objects.filter(is_active=True).order_by("id"))
    if Complaint.objects.exists() or not staff:
        return
    settings = HotlineSettings.load()
    settings.phone = settings.phone or "0433-12333"
    settings.hours = settings.hours or "8:30–17:00"
    settings.save()
    departments = [
        Department.objects.get_or_create(name=n, defaults={"name_en": e, "contact": c})[0]
        for n, e, c in DEPARTMENTS
    ]
    now = timezone.now()
    for number, told in enumerate(COMPLAINTS):
        by = next((u for u in staff if u.username in ("clerk", "officer")), staff[0])
        received = now - timedelta(hours=told.ago)
        with clock.at(received):
            complaint = file_complaint(_sent(told, number), by if told.channel == "phone" else None)
        for after, verb, words in told.acts:
            _act(complaint, received + timedelta(hours=after), by, verb, words, departments)


def _sent(told: Told, number: int) -> Sent:
    files = [SimpleUploadedFile("欠条.png", _photo())] if told.photo else []
    return Sent(
        kind=told.kind,
        text=told.text,
        channel=told.channel,
        consent_version=consent_now().version,
        once=f"demo-{number}",
        about=told.about,
        anonymous=not told.name,
        name=told.name,
        phone=told.phone,
        files=files,
    )


def _photo() -> bytes:
    """A plain sheet of 60 by 40 points as PNG."""
    rows = b"".join(b"\x00" + b"\xef\xe8\xd8" * 60 for _row in range(40))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in (*parts, (b"IEND", b""))
    )


def _act(
    complaint: Complaint,
    when: datetime,
    by: User,
    verb: str,
    words: str,
    departments: Sequence[Any],
) -> None:
    complaint.refresh_from_db()
    pk, seen = complaint.pk, complaint.version
    name, _colon, what = verb.partition(":")
    with clock.at(when):
        match name:
            case "assign" | "handover":
                handling.assign(pk, departments[int(what)], by, seen, words)
            case "answer":
                handling.answer(pk, by, seen, words)
            case "opinion":
                handling.give_opinion(pk, by, seen, words)
            case "close":
                handling.close(pk, by, seen, what, words)
            case "reopen":
                handling.reopen(pk, by, seen, words)
