"""What every service asks before it writes. Faults are ValidationErrors in both languages."""

from typing import Any

from django.core.exceptions import ValidationError

REASON = 400


def fault(zh: str, en: str, field: str = "") -> ValidationError:
    said = f"{zh} / {en}"
    return ValidationError({field: said}) if field else ValidationError(said)


def text(value: Any, field: str, longest: int = REASON) -> str:
    """The text without its margins; raises for none, and for too much."""
    found = str(value or "").strip()
    if not found:
        raise fault("请填写，不能为空", "must not be empty", field)
    if len(found) > longest:
        raise fault(
            f"最多 {longest} 字，现有 {len(found)} 字",
            f"at most {longest} characters, these are {len(found)}",
            field,
        )
    return found


def signature(user: Any) -> dict[str, Any]:
    """Who, for a fact: the account and the name that it has now."""
    return {"by": user, "by_name": str(user)[:60]}
