"""Rosters of invented people, as workbooks: the demo goes in through the same door as a clerk's."""

import io
import random
from datetime import date, timedelta

from faker import Faker
from openpyxl import Workbook
from stdnum.cn.ric import calc_check_digit

from tenants.models import Division


def invented_id(county: str, draw: random.Random, used: set[str]) -> str:
    """A resident ID that no card has to have: real county, birth day of an adult, true check."""
    while True:
        born = date(1966, 1, 1) + timedelta(days=draw.randrange(365 * 40))
        number = f"{county}{born:%Y%m%d}{draw.randrange(1, 999):03}"
        number += calc_check_digit(number + "0")
        if number not in used:
            used.add(number)
            return number


def roster(title: str, count: int, seed: int, villages: list[Division]) -> bytes:
    """A roster of `count` people of `villages`, with title, header and a total below."""
    faker, draw = Faker("zh_CN"), random.Random(seed)
    faker.seed_instance(seed)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([title])
    sheet.append(["序号", "姓名", "性别", "身份证号码", "联系电话", "乡镇", "村"])
    used: set[str] = set()
    for number in range(1, count + 1):
        village = draw.choice(villages)
        resident_id = invented_id(village.code[:6], draw, used)
        male = int(resident_id[16]) % 2
        name = faker.name_male() if male else faker.name_female()
        sex, phone = "男" if male else "女", f"1{draw.choice('3578')}{draw.randrange(10**9):09}"
        assert village.parent is not None
        sheet.append([number, name, sex, resident_id, phone, village.parent.name, village.name])
    sheet.append(["合计", count])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
