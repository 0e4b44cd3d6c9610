"""The centre's decisions of the demo, taken step by step as an official takes them."""

import io
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw
from stdnum.cn.uscc import calc_check_digit

from lms.demo import facts
from tenants.applications.services import CHECKLIST, Sent, record_check, take_application
from tenants.designations.models import TrainingBase
from tenants.designations.services import (
    Official,
    Places,
    apply_for,
    designate,
    link_site,
    take_step,
)
from tenants.models import Division, Tenant
from tenants.staff.models import User

#: Other institutions at the doors of the centre: how far each has come.
APPLICANTS = [
    # USCC without its check digit, name, division, state to reach
    ("52222404MJ0000031", "珲春示范缝纫职业培训学校", "222404", "applied"),
    ("52222402MJ0000042", "图们示范餐饮技能培训中心", "222402", "checked"),
    ("52222405MJ0000053", "龙井示范计算机培训学校", "222405", "failed"),
    ("52222424MJ0000064", "汪清示范家政职业培训中心", "222424", "suspended"),
    ("52222426MJ0000075", "安图示范保安职业培训学校", "222426", "removed"),
]
DIRECTOR = Official("孙主任", "director")
OFFICER = Official("李科长", "officer")


def designate_base(tenant: Tenant, described: dict[str, Any]) -> None:
    """Applied, checked and designated at the beginning of 2025, for three years."""
    centre = Tenant.objects.get(pk=tenant.centre_id)
    record = apply_for(
        centre, tenant.uscc, tenant.name, tenant.division, OFFICER, date(2024, 11, 18)
    )
    take_step(record, "check", OFFICER, reason="场地、设备、教师均符合要求", on=date(2024, 12, 9))
    designate(
        record,
        DIRECTOR,
        document=described["document"],
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 12, 31),
        trades={trade: Places(*terms) for trade, terms in facts.TERMS.items()},
        reason="实地核查合格，经主任办公会研究同意",
        on=date(2024, 12, 20),
    )
    link_site(record, tenant)


def applicants(centre: Tenant) -> None:
    """Institutions in every state of the console, each with its application and papers."""
    officer = User.objects.get(username="officer")
    for number, (code, name, division, state) in enumerate(APPLICANTS):
        uscc = code + calc_check_digit(code)
        if TrainingBase.objects.filter(uscc=uscc).exists():
            continue
        began = timezone.localdate() - timedelta(days=60 - 5 * number)
        sent = take_application(
            Sent(
                uscc=uscc,
                name=name,
                division=Division.objects.get(code=division),
                address="示范街 1 号",
                contact="高老师",
                phone="0433-5550400",
                premises="教室 2 间共 160 平方米，实训室 1 间 120 平方米，平缝机 30 台。",
                teachers="崔师傅 缝纫 高级工\n朴师傅 餐饮 技师",
                trades={"sewing": 60, "catering": 40},
                files={"licence": [("登记证书.jpg", picture(name))]},
            ),
            on=began,
        )
        base = TrainingBase.objects.get(pk=sent.base_id)
        if state == "applied":
            continue
        items = {c: (True, "") for c, _zh, _en in CHECKLIST}
        if state == "failed":
            items["fire"] = (False, "灭火器过期，限 15 日内更换")
        record_check(
            base,
            officer,
            people="李科长、韩干事",
            items=items,
            note="",
            photos=[("实训室.jpg", picture("实训室"))],
            on=began + timedelta(days=9),
        )
        if state in ("suspended", "removed"):
            designate(
                base,
                DIRECTOR,
                document=f"示范劳认〔2026〕{number + 8}号",
                starts_on=began + timedelta(days=12),
                ends_on=began + timedelta(days=377),
                trades={"sewing": Places(60, 40, 120), "catering": Places(40, 40, 96)},
                reason="实地核查合格",
                on=began + timedelta(days=12),
            )
            take_step(
                base,
                "suspend" if state == "suspended" else "remove",
                DIRECTOR,
                document=f"示范劳停〔2026〕{number}号",
                reason="抽查发现考勤与实际不符",
                may_finish=state == "suspended",
                on=began + timedelta(days=30),
            )


def picture(text: str) -> bytes:
    """A scan that says what it is a scan of."""
    scan = Image.new("RGB", (900, 640), "#f4f1e8")
    ImageDraw.Draw(scan).rectangle((30, 30, 870, 610), outline="#9e1b1e", width=4)
    buffer = io.BytesIO()
    scan.save(buffer, "JPEG", comment=text.encode())
    return buffer.getvalue()
