"""The printed paper: what is on it, and where its files are. Drawn above, where papers are drawn."""

import hashlib
from pathlib import Path
from typing import Any

from django.core.files.storage import storages

from courses.assessing import rules
from courses.assessing.models import Picture, Sitting
from courses.assessing.services.sit import Line, ordered
from tenants.current import current_tenant

JOB = "assessing.papers"
VARIANTS = ("a", "b")
#: Kind of file -> how it is called when it is saved.
KINDS = {"a": "试卷A", "b": "试卷B", "key": "答案"}


def path_of(sitting: Sitting, kind: str) -> Path:
    return Path(storages["private"].path(f"assessing/{sitting.pk}-{sitting.seed[:16]}-{kind}.pdf"))


def file_of(sitting: Sitting, kind: str) -> bytes | None:
    path = path_of(sitting, kind)
    return path.read_bytes() if path.exists() else None


def is_made(sitting: Sitting) -> bool:
    return all(path_of(sitting, kind).exists() for kind in KINDS)


def variant_lines(sitting: Sitting, variant: str) -> list[Line]:
    return ordered(sitting, f"variant {variant.upper()}", {})


def answer_of(line: Line) -> str:
    """As the reader of this variant writes it."""
    version = line.question.version
    if version.kind == rules.JUDGE:
        return "√" if version.answer == "A" else "×"
    return rules.as_printed(version.answer, "".join(kept for _l, kept, _w in line.options))


def content_of(sitting: Sitting, kind: str) -> dict[str, Any]:
    """For the template: a variant by its kinds of question, or the key of both."""
    one = sitting.training_class
    found: dict[str, Any] = {
        "base": current_tenant().name,
        "class": one,
        "sitting": sitting,
        "pass_mark": sitting.pass_mark,
        "document": one.rule_set.document,
    }
    if kind == "key":
        found["keys"] = [
            (v.upper(), [(line.number, answer_of(line), line.question.points) for line in lines])
            for v, lines in ((v, variant_lines(sitting, v)) for v in VARIANTS)
        ]
        return found
    lines = variant_lines(sitting, kind)
    groups: list[dict[str, Any]] = []
    for line in lines:
        version = line.question.version
        if not groups or groups[-1]["kind"] != version.kind:
            groups.append({"kind": version.kind, "lines": [], "points": 0})
        groups[-1]["lines"].append(line)
        groups[-1]["points"] += line.question.points
    for group, mark in zip(groups, "一二三", strict=False):
        group["mark"] = mark
    total = sum(group["points"] for group in groups)
    return found | {"variant": kind.upper(), "groups": groups, "total": total, "lines": lines}


def pictures_of(sitting: Sitting) -> dict[str, bytes]:
    keys = sitting.questions.exclude(version__picture=None).values("version__picture")
    return {f"q{each.pk}": bytes(each.content) for each in Picture.objects.filter(pk__in=keys)}


def identifier_of(sitting: Sitting, kind: str) -> str:
    return hashlib.sha256(f"{sitting.seed} {kind}".encode()).hexdigest()
