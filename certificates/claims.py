"""Every claim that a certificate prints: the same list for the paper, the page and the digest."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import date

LABELS = {
    "number": ("证书编号", "Certificate number"),
    "code": ("核验码", "Verification code"),
    "holder_name": ("姓名", "Name"),
    "project_name": ("培训项目", "Project"),
    "project_name_en": ("项目英文名", "Project in English"),
    "level": ("级别", "Level"),
    "theory_hours": ("理论课时", "Theory class hours"),
    "practice_hours": ("实操课时", "Practice class hours"),
    "started_on": ("培训开始", "Training began"),
    "ended_on": ("培训结束", "Training ended"),
    "theory_score": ("理论成绩", "Theory score"),
    "practice_score": ("实操成绩", "Practice score"),
    "class_code": ("班次", "Class"),
    "base_name": ("培训基地", "Training base"),
    "base_uscc": ("统一社会信用代码", "Unified Social Credit Code"),
    "centre_name": ("服务中心", "Service centre"),
    "rule_document": ("规则文件", "Rule document"),
    "issued_on": ("发证日期", "Issued on"),
    "replaces": ("换发自", "Replaces"),
}

#: Claims that are printed only where there is something to say.
WHEN_SAID = {"replaces"}


@dataclass(frozen=True)
class Claims:
    """Hours are class hours; scores are of 100; dates are days.

    `replaces` is the number of the version that this one corrects. It is no claim while it is empty:
    certificates from before there were corrections keep their digest.
    """

    number: str
    code: str
    holder_name: str
    project_name: str
    project_name_en: str
    level: str
    theory_hours: str
    practice_hours: str
    started_on: date
    ended_on: date
    issued_on: date
    class_code: str
    base_name: str
    base_uscc: str
    centre_name: str
    rule_document: str
    theory_score: str
    practice_score: str
    #: SHA-256 of the printed photo: compared as a picture, not as a line.
    photo_sha256: str = ""
    replaces: str = ""

    @property
    def total_hours(self) -> str:
        return str(int(self.theory_hours) + int(self.practice_hours))

    def as_json(self) -> dict[str, str]:
        said = {field.name: str(getattr(self, field.name)) for field in fields(self)}
        return {key: value for key, value in said.items() if value or key not in WHEN_SAID}

    @classmethod
    def from_json(cls, kept: dict[str, str]) -> "Claims":
        """Raises KeyError, TypeError or ValueError for what was never a certificate's claims."""
        wanted = [field.name for field in fields(cls)]
        read = {key: kept[key] for key in wanted if key in kept or key not in WHEN_SAID}
        days = {name: date.fromisoformat(read[name]) for name in read if name.endswith("_on")}
        return cls(**{**read, **days})  # type: ignore[arg-type]

    def digest(self) -> bytes:
        """SHA-256 over the claims as canonical JSON: sorted keys, no spaces, UTF-8."""
        text = json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).digest()

    def labelled(self) -> list[tuple[str, str, str, str]]:
        """(key, Chinese label, English label, value), in the order of the page."""
        values = self.as_json()
        return [(key, zh, en, values[key]) for key, (zh, en) in LABELS.items() if key in values]
