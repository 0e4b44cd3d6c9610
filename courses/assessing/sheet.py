"""The Excel sheet of questions: read as clerks write it, given back with what is wrong, written out."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from courses.assessing import rules
from courses.assessing.models.bank import OPTIONS, Kind, Question
from courses.models import Project
from courses.rules import fold_width
from tenants.models import Trade, in_language
from tenants.tables import write_text

MOST = 2000  # rows of a sheet
HEADER_WITHIN = 20  # rows from the top
#: Field -> its title out, in Chinese and English, and what else sheets call it.
COLUMNS: dict[str, tuple[str, str, set[str]]] = {
    "kind": ("题型", "Kind", {"类型", "题目类型", "试题类型"}),
    "text": ("题干", "Question", {"题目", "试题", "问题", "内容", "题目内容", "试题内容"}),
    **{
        f"option_{letter.lower()}": (
            f"选项 {letter}",
            f"Option {letter}",
            {
                letter.lower(),
                f"{letter.lower()}选项",
                f"答案{letter.lower()}",
                f"选项{letter.lower()}",
            },
        )
        for letter in rules.LETTERS
    },
    "answer": ("答案", "Answer", {"正确答案", "标准答案", "参考答案", "key"}),
    "points": ("分值", "Points", {"分数", "每题分值", "score"}),
    "topic": ("知识点", "Topic", {"章节", "单元", "模块", "考点", "知识模块"}),
    "difficulty": ("难度", "Difficulty", {"难易", "难易度", "难度系数"}),
    "state": ("状态", "State", {"是否使用"}),
    "project": ("只用于项目", "Only for project", {"项目", "项目代码"}),
    "options": ("选项", "Options", {"备选项", "备选答案"}),  # all in one cell
}
KINDS = {
    **dict.fromkeys(("单选", "单选题", "单项选择", "单项选择题", "选择题", "single"), Kind.SINGLE),
    **dict.fromkeys(("多选", "多选题", "多项选择", "多项选择题", "multiple"), Kind.MULTIPLE),
    **dict.fromkeys(("判断", "判断题", "是非题", "对错题", "judge", "trueorfalse"), Kind.JUDGE),
}
DIFFICULTIES = {"易": 1, "简单": 1, "容易": 1, "easy": 1, "1": 1}
DIFFICULTIES |= {"中": 2, "一般": 2, "中等": 2, "middle": 2, "2": 2, "": 2}
DIFFICULTIES |= {"难": 3, "困难": 3, "较难": 3, "hard": 3, "3": 3}
OUT = [name for name in COLUMNS if name != "options"]
ADDED = ("检查结果 Result", "需要改什么 What to change")
RED = "FFFFC7CE"


class NoTitles(ValidationError):
    def __init__(self) -> None:
        super().__init__(
            "没有找到表头：至少要有“题干”和“答案”两列，可先下载空表"
            " / no titles found: 题干 and 答案 at least; download the empty sheet"
        )


@dataclass(frozen=True)
class Row:
    """A row of the sheet, counted as Excel counts filled rows; `faults` in both languages."""

    number: int
    question: Question
    faults: list[str]

    @property
    def said(self) -> list[str]:
        return [in_language(*(f.split(" / ", 1) if " / " in f else (f, f))) for f in self.faults]


def _folded(text: str) -> str:
    return re.sub(r"[\s:：（）()_]+", "", fold_width(text)).lower()


_TITLES = {
    _folded(word): name for name, (zh, en, more) in COLUMNS.items() for word in (zh, en, *more)
}


def _columns(cells: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if name := _TITLES.get(_folded(cell)):
            found.setdefault(name, place)
    return found


def read(rows: Sequence[Sequence[str]], trade: Trade) -> list[Row]:
    """Every question of the sheet, the wrong ones with what is wrong. Raises NoTitles."""
    for start, cells in enumerate(rows[:HEADER_WITHIN]):
        columns = _columns(cells)
        if {"text", "answer"} <= columns.keys():
            break
    else:
        raise NoTitles
    projects = {key: p for p in Project.objects.filter(trade=trade) for key in (p.code, p.name)}
    found: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(rows[start + 1 :], start + 2):
        got = {f: cells[n].strip() if n < len(cells) else "" for f, n in columns.items()}
        if not got["text"] and not got["answer"]:
            continue
        question, faults = _question(got, trade, projects)
        key = (question.kind, question.text)
        if key in seen:
            faults.append(f"与第 {seen[key]} 行相同 / the same as row {seen[key]}")
        seen.setdefault(key, number)
        found.append(Row(number, question, faults))
    return found


def _question(
    got: Mapping[str, str], trade: Trade, projects: Mapping[str, Project]
) -> tuple[Question, list[str]]:
    faults = []
    question = Question(trade=trade, text=got["text"], topic=got.get("topic", ""))
    options = [got.get(name, "") for name in OPTIONS]
    if not any(options) and got.get("options"):
        options = _split(got["options"])
    question.kind = _kind(got, options)
    if question.kind != Kind.JUDGE:
        for name, words in zip(OPTIONS, options):
            setattr(question, name, words)
    question.answer = got["answer"][:12]
    points = fold_width(got.get("points", "")).removesuffix("分").strip()
    if points:
        question.points = int(points) if points.isascii() and points.isdigit() else 0
    level = DIFFICULTIES.get(_folded(got.get("difficulty", "")))
    if level is None:
        faults.append("难度应为 易、中、难 / difficulty is easy, middle or hard")
    question.difficulty = level or 2
    if _folded(got.get("state", "")) in ("停用", "已停用", "否", "retired", "no"):
        question.state = Question.State.RETIRED
    if wanted := got.get("project"):
        question.project = projects.get(wanted)
        if question.project is None:
            faults.append(f"没有项目“{wanted[:30]}” / no project “{wanted[:30]}” of this trade")
    try:
        question.full_clean(exclude=["trade"])
    except ValidationError as error:
        faults += _named(error)
    return question, faults


def _kind(got: Mapping[str, str], options: Sequence[str]) -> str:
    """As it says, or by the look of it: no options is a judgement, several letters are several."""
    said = KINDS.get(_folded(got.get("kind", "")))
    if said:
        return said
    if got.get("kind"):
        return got["kind"][:8]
    if not any(options):
        return Kind.JUDGE
    letters = re.sub(r"[^A-Fa-f]", "", fold_width(got["answer"]))
    return Kind.MULTIPLE if len(letters) > 1 else Kind.SINGLE


def _split(text: str) -> list[str]:
    """`A.甲 B.乙` or lines, as options."""
    marked = re.split(r"(?:^|\s|；|;)\(?（?[A-Fa-fＡ-Ｆ][)）.．、:：]\s*", " " + text)
    found = [part.strip() for part in marked[1:]] or [p.strip() for p in text.splitlines()]
    return [*found[:6], *[""] * (6 - len(found[:6]))]


def _named(error: ValidationError) -> list[str]:
    """The faults of a model with the title of the column before them."""
    said = []
    for name, texts in error.message_dict.items():
        zh, en = COLUMNS[name][:2] if name in COLUMNS else ("", "")
        for text in texts:
            if " / " in text:
                said.append(text)
            else:
                said.append(f"{zh}：{_plain(name)} / {en}: {_plain_en(name)}")
    return list(dict.fromkeys(said))


def _plain(name: str) -> str:
    return {
        "points": "应为 1 到 20 的整数",
        "kind": "应为 单选题、多选题 或 判断题",
        "text": "不能为空，最多 500 字",
        "topic": "最多 40 字",
        "answer": "不能为空，单选写 A，多选写 ABD，判断写 对 或 错",
    }.get(name, "太长或格式不对，选项最多 200 字")


def _plain_en(name: str) -> str:
    return {
        "points": "a whole number of 1 to 20",
        "kind": "single, multiple or judge",
        "text": "not empty, 500 characters at most",
        "topic": "40 characters at most",
        "answer": "not empty: A, ABD, or 对 and 错",
    }.get(name, "too long or not of this form; an option has 200 characters at most")


def header() -> list[str]:
    return [in_language(*COLUMNS[name][:2]) for name in OUT]


def row_of(question: Question) -> list[Any]:
    """As it is read again."""
    answer = question.answer
    if question.kind == Kind.JUDGE:
        answer = "对" if answer == "A" else "错"
    return [
        question.get_kind_display(),
        question.text,
        *(getattr(question, name) for name in OPTIONS),
        answer,
        question.points,
        question.topic,
        question.get_difficulty_display(),
        question.get_state_display(),
        question.project.code if question.project else "",
    ]


def marked(rows: Sequence[Sequence[str]], judged: Iterable[Row]) -> bytes:
    """The sheet as it came, with two columns at its right that say what to change."""
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill

    book, red = Workbook(), PatternFill("solid", fgColor=RED)
    sheet = book.active
    assert sheet is not None
    width = max(map(len, rows), default=0)
    said = {row.number: row for row in judged}
    for number, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            write_text(sheet.cell(number, column), text)
        if (row := said.get(number)) is None:
            continue
        write_text(sheet.cell(number, width + 1), "× 未导入 refused" if row.faults else "√")
        write_text(sheet.cell(number, width + 2), "\n".join(row.faults))
        if row.faults:
            for column in range(1, width + 3):
                sheet.cell(number, column).fill = red
    first = min(said, default=2) - 1
    for place, title in enumerate(ADDED, width + 1):
        write_text(sheet.cell(first, place), title)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
