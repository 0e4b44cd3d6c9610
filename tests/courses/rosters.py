"""Small rosters for tests."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from stdnum.cn.ric import calc_check_digit

DAY = date(2026, 11, 1)
GOOD = "11010519491231002X"
HEADER = ("姓名", "身份证号码")


def resident_id(order: int, county: str = "222403", born: str = "19800101") -> str:
    first = f"{county}{born}{order:03}"
    return first + calc_check_digit(first + "0")


def saved(book: Workbook) -> BytesIO:
    file = BytesIO()
    book.save(file)
    return file


def roster(*rows: Iterable[Any], header: Iterable[Any] = HEADER) -> BytesIO:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    return saved(book)
