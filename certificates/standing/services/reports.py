"""Freeze a month that is over, sign it off, and correct it only by a numbered correction."""

import hashlib
import json
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from certificates.figures.rules import report as rules
from certificates.figures.rules.counts import REPORT
from certificates.figures.scope import titles_of
from certificates.figures.services import sums, under
from certificates.standing.models import MonthlyReport, ReportSignature
from certificates.standing.services.labour import labour_on
from tenants.current import current_tenant
from tenants.models import Tenant
from tenants.staff.models import User

REPORTS_LOCK = 7_240


@transaction.atomic
def draft(month: date, by: User, reason: str = "") -> MonthlyReport:
    """Freeze what the figures say of the month: a draft, or the next correction of what was signed.

    The same again gives the same draft. Raises ValidationError for a month that is not over, and for a
    correction without a reason or without a difference.
    """
    month = month.replace(day=1)
    if not rules.is_over(month, timezone.localdate()):
        raise ValidationError(
            f"{month:%Y-%m} 还没有过完，请在 {rules.next_month(month)} 及以后编制"
            f" / the month is not over: draft it on {rules.next_month(month)} or later"
        )
    _alone(month)
    last = newest(month)
    signed = last if last and is_signed(last) else None
    number = (signed.number + 1) if signed else (last.number if last else 0)
    base = signed or MonthlyReport.objects.filter(month=month, number=number - 1).last()
    content = _content(month, number)
    if number:
        reason = reason.strip()[:400] or (last.reason if last and not signed else "")
        content["corrects"] = _corrects(base, content, reason)
    text = rules.canonical(content)
    if last and not signed and last.content == text:
        return last
    return MonthlyReport.objects.create(
        month=month,
        number=number,
        take=1 if signed or not last else last.take + 1,
        content=text,
        digest=_digest(text),
        reason=reason if number else "",
        drafted_by=by,
    )


def _alone(month: date) -> None:
    with connection.cursor() as cursor:
        number = current_tenant().pk * 100_000 + month.year * 12 + month.month
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [REPORTS_LOCK, number % 2**31])


def _content(month: date, number: int) -> dict[str, Any]:
    centre = current_tenant()
    bases = Tenant.objects.filter(centre_id=centre.pk).order_by("slug")
    figures = sums(under([b.pk for b in bases], month.year, REPORT), "key")
    labour = labour_on(rules.next_month(month))
    codes = {row["key"].partition(" ")[2] for row in figures} | set(labour)
    rows = rules.rows_of(month, figures, titles_of("township", codes), labour)
    return {
        "format": rules.FORMAT,
        "month": f"{month:%Y-%m}",
        "number": number,
        "centre": {"name": centre.name, "uscc": centre.uscc},
        "bases": [[base.slug, base.name] for base in bases],
        "definitions": {
            **{name: list(words) for name, words in rules.COLUMNS.items()},
            "share": list(rules.SHARE),
            "township": list(rules.TOWNSHIP),
        },
        "rows": rows,
        "total": rules.total_of(rows),
        "corrects": None,
    }


def _corrects(before: MonthlyReport | None, content: dict[str, Any], reason: str) -> dict[str, Any]:
    assert before is not None  # a correction has what it corrects
    if not reason:
        raise ValidationError("请写明更正原因 / say why the report is corrected")
    differ = rules.differences(content_of(before)["rows"], content["rows"])
    if not differ:
        raise ValidationError(
            "现在的数与已签发的月报相同，没有要更正的"
            " / the figures are those of the signed report: there is nothing to correct"
        )
    return {"number": before.number, "digest": before.digest, "reason": reason} | {
        "differences": differ
    }


@transaction.atomic
def sign(report: MonthlyReport, by: User) -> ReportSignature:
    """Sign the newest draft off. From then on the database itself refuses to change it."""
    _alone(report.month)
    last = newest(report.month)
    if last is None or last.pk != report.pk or is_signed(report):
        raise ValidationError(
            "这份草稿已签发，或已有更新的草稿，请刷新页面"
            " / this draft is signed, or there is a newer one: load the page anew"
        )
    if not is_proved(report):
        raise ValidationError(
            "草稿内容与摘要不符，请重新编制 / the draft is not what was frozen: draft it anew"
        )
    return ReportSignature.objects.create(
        report=report, month=report.month, number=report.number, signed_by=by, name=str(by)[:60]
    )


def newest(month: date) -> MonthlyReport | None:
    return MonthlyReport.objects.filter(month=month).order_by("number", "take").last()


def is_signed(report: MonthlyReport) -> bool:
    return ReportSignature.objects.filter(report=report).exists()


def current(month: date, number: int) -> MonthlyReport | None:
    """The report or correction of that number: its signed draft, else its last one."""
    rows = MonthlyReport.objects.filter(month=month, number=number).select_related("signature")
    return rows.filter(signature__isnull=False).first() or rows.order_by("take").last()


def all_current() -> QuerySet[MonthlyReport]:
    """The last take of each number, the newest month first."""
    rows = MonthlyReport.objects.select_related("signature", "drafted_by")
    return rows.order_by("-month", "-number", "-take").distinct("month", "number")


def content_of(report: MonthlyReport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.content)
    return found


def is_proved(report: MonthlyReport) -> bool:
    """Whether its content is what was frozen."""
    return _digest(report.content) == report.digest


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
