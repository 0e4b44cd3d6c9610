"""A dossier as data: its tables, its digest, and what differs between two versions. Pure.

A snapshot is a dict of plain values. Workbook and paper are both made of `tables_of`, so that neither
says what the other does not.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORMAT = "trainbase-dossier/1"
Facts = Mapping[str, Any]
Row = list[Any]


@dataclass(frozen=True)
class Table:
    """`key` names it in the snapshot; `keys` are the columns by which a row is known again."""

    key: str
    title: str
    header: tuple[str, ...]
    rows: list[Row]
    keys: tuple[int, ...] = (0,)


#: Key of the snapshot, title, columns, and the columns that name a row. Chinese: the office reads it.
SECTIONS: tuple[tuple[str, str, tuple[str, ...], tuple[int, ...]], ...] = (
    ("opening", "开班申请", ("项目", "内容"), (0,)),
    ("plan", "教学计划", ("课次", "日期", "时间", "类别", "计划分钟", "内容"), (0,)),
    (
        "roster",
        "学员花名册",
        ("序号", "姓名", "性别", "身份证号（隐去）", "乡镇", "村", "报名日期"),
        (1, 3),
    ),
    (
        "log",
        "教学日志",
        (
            *("课次", "日期", "开课", "下课", "实授分钟", "类别", "地点", "点名人数", "到课人数"),
            *("记录方式", "可信度", "审核", "审核人"),
        ),
        (0,),
    ),
    (
        "attendance",
        "考勤汇总",
        (
            *("姓名", "身份证号（隐去）", "理论分钟", "实操分钟", "合计", "计划", "出勤率%"),
            *("缺勤课次", "各课次可信度", "达标"),
        ),
        (0, 1),
    ),
    (
        "assessment",
        "考核成绩",
        ("姓名", "身份证号（隐去）", "理论", "实操", "考核日期", "录入人", "合格"),
        (0, 1),
    ),
    (
        "certificates",
        "发证名单",
        ("证书编号", "姓名", "身份证号（隐去）", "发证日期", "版本", "状态"),
        (0,),
    ),
    (
        "employment",
        "就业名单",
        (
            *("证书编号", "姓名", "去向", "用人单位", "统一社会信用代码", "就业地", "岗位"),
            *("起始日期", "依据", "登记人", "登记时间"),
        ),
        (0,),
    ),
    ("notice", "公示名单", ("序号", "姓名", "身份证号（隐去）", "村", "培训项目", "结果"), (1, 2)),
)
TITLES = {key: title for key, title, _header, _keys in SECTIONS}


def masked(last4: str) -> str:
    """A resident ID as it may be posted on a wall: its last four places."""
    return f"**************{last4}" if last4 else "—"


def canonical(snapshot: Facts) -> str:
    """One text for one meaning: sorted members, no spaces."""
    return json.dumps(snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(body: str) -> str:
    """SHA-256 of the canonical text, in 64 hexadecimal digits."""
    return hashlib.sha256(body.encode()).hexdigest()


def short(digest: str) -> str:
    """For people who compare by eye: the first 16 digits in groups of four."""
    return " ".join(digest[n : n + 4] for n in range(0, 16, 4)).upper()


def tables_of(snapshot: Facts) -> list[Table]:
    """Every table of the snapshot in the order of the file."""
    facts = snapshot["facts"]
    return [
        Table(key, title, header, [list(row) for row in facts[key]], keys)
        for key, title, header, keys in SECTIONS
    ]


def summary(snapshot: Facts) -> list[tuple[str, str]]:
    """What stands on the first page: (name, value)."""
    facts = snapshot["facts"]
    counts = facts["counts"]
    evidence = "，".join(f"{name} {n}" for name, n in counts["evidence"]) or "—"
    lines = [
        ("培训基地", facts["base"]["name"]),
        ("统一社会信用代码", facts["base"]["uscc"]),
        ("服务中心", facts["base"]["centre"]),
        ("班次", facts["class"]["code"]),
        ("培训项目", facts["class"]["project"]),
        ("资金项目", facts["class"]["programme"] or "—"),
        ("规则文件", facts["class"]["rules"]),
        ("版本", f"第 {snapshot['number']} 版"),
        ("制作时间", snapshot["made_at"]),
        ("制作人", snapshot["made_by"]),
        ("花名册人数", str(counts["people"])),
        ("学时达标", f"{counts['trained']} / {counts['people']}"),
        ("考核合格", f"{counts['qualified']} / {counts['people']}"),
        ("发证", f"{counts['certified']} / {counts['people']}"),
        ("已就业", f"{counts['employed']} / {counts['certified']}（依据：{evidence}）"),
        ("去向未知", f"{counts['unknown']} / {counts['certified']}（未知不等于未就业）"),
    ]
    if snapshot["differs"]:
        lines.append(("与上一版不同", "；".join(snapshot["differs"])))
    return lines


def differences(before: Facts, after: Facts) -> list[str]:
    """What is not as in the version before, each in words. Both are `facts` of a snapshot."""
    found = []
    for key, title, header, keys in SECTIONS:
        old, new = _by_name(before[key], keys), _by_name(after[key], keys)
        for name in [*old, *(each for each in new if each not in old)]:
            if name not in new:
                found.append(f"{title}：少了“{name}”")
            elif name not in old:
                found.append(f"{title}：多了“{name}”")
            elif old[name] != new[name]:
                pairs = zip(header, old[name], new[name], strict=True)
                changed = [f"{what} {a or '—'}→{b or '—'}" for what, a, b in pairs if a != b]
                found.append(f"{title}“{name}”：{'，'.join(changed)}")
    if not found and before != after:
        found.append("基地或班次的基本情况")
    return found


def _by_name(rows: list[Row], keys: tuple[int, ...]) -> dict[str, Row]:
    return {" ".join(str(row[n]) for n in keys): list(row) for row in rows}


def is_dossier(snapshot: Any) -> bool:
    """Whether a JSON value from outside has the shape of a snapshot of this format."""
    if not isinstance(snapshot, dict) or snapshot.get("format") != FORMAT:
        return False
    facts = snapshot.get("facts")
    if not isinstance(facts, dict):
        return False
    widths = {key: len(header) for key, _title, header, _keys in SECTIONS}
    return all(
        isinstance(facts.get(key), list)
        and all(isinstance(row, list) and len(row) == width for row in facts[key])
        for key, width in widths.items()
    )
