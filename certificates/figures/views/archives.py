"""The archives of all bases: what is past its term or soon will be, and what the centre itself keeps."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.figures.rules.hiding import SMALL
from certificates.figures.scope import Scope
from certificates.figures.views.guard import asked_scope
from certificates.standing.models import MonthlyReport, NamesSeen
from courses.retention.centre import archive_years, clear_messages, digest_of, old_messages
from courses.retention.models import RetentionRun
from courses.retention.shared.models import DueFiles
from tenants.faults import as_said
from tenants.looks.shared.models import BaseLook
from tenants.outbox.models import Message
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

CLEAR = "retention.keep_retention"
#: A base whose clock has not counted for so many days is said to be late.
LATE_DAYS = 3


def _kinds() -> dict[str, str]:
    return {
        "classes": _("班次"),
        "people": _("学员"),
        "photos": _("证件照片"),
        "rosters": _("花名册"),
        "walk_ins": _("临时登记"),
        "pictures": _("考勤照片和签名"),
        "applications": _("报名"),
    }


def _shown(counts: Mapping[str, int], exact: bool) -> list[tuple[str, int | None]]:
    """Title and number of what there is; None for a number that its reader may not see. Classes are nobody."""
    found = [(name, title, counts.get(name, 0)) for name, title in _kinds().items()]
    return [
        (title, n if exact or name == "classes" or n >= SMALL else None)
        for name, title, n in found
        if n
    ]


def _rows(scope: Scope) -> list[dict[str, Any]]:
    """A row a base, what is past its term first; without a count of a base that has not told any."""
    kept = {row.tenant_id: row for row in DueFiles.objects.filter(tenant__in=list(scope.bases))}
    found = []
    for pk, base in scope.bases.items():
        row = kept.get(pk)
        told = {name: _shown(getattr(row, name), scope.exact) for name in HORIZONS} if row else {}
        late = row is None or (timezone.now() - row.counted_at).days >= LATE_DAYS
        ran = _shown(row.ran_counts, scope.exact) if row else []
        found.append({"base": base, "row": row, "late": late, "ran": ran, **told})
    return sorted(found, key=lambda each: not each.get("over"))


HORIZONS = ("over", "this_year", "next_year")


@may("standing.view_figures")
def archives(request: HttpRequest) -> HttpResponse:
    """Numbers that the bases have counted. POST with a digest clears the centre's own old messages."""
    scope, user = asked_scope(request), actor(request)
    if request.method == "POST":
        if not user.has_perm(CLEAR):
            raise PermissionDenied
        try:
            run = clear_messages(request.POST.get("digest", ""), user)
        except ValidationError as error:
            messages.error(request, as_said(error)[0], extra_tags="bad")
        else:
            said = _("已清除，记录编号 %(digest)s。") % {"digest": run.digest[:12]}
            messages.success(request, said, extra_tags="ok")
        return redirect("figures_archives")
    rows = _rows(scope)
    if wants_excel(request):
        return _excel(rows)
    year = timezone.localdate().year
    context: dict[str, Any] = {"rows": rows, "scope": scope, "small": SMALL, "year": year}
    if user.has_perm(CLEAR):
        context |= _own()
    return render(request, "figures/archives.html", context)


def _own() -> dict[str, Any]:
    """What the centre keeps itself, how much of it, and for how long."""
    old, always = old_messages(), _("一直保留")
    years = archive_years(timezone.localdate())
    return {
        "own": [
            (_("月报"), MonthlyReport.objects.count(), always, _("没有个人信息")),
            (
                _("名单查看记录"),
                NamesSeen.objects.count(),
                always,
                _("是工作人员的记录，没有学员姓名"),
            ),
            (
                _("基地的证号查看记录"),
                BaseLook.objects.count(),
                always,
                _("没有证号，不能改也不能删"),
            ),
            (
                _("消息"),
                Message.objects.count(),
                _("%(years)s 年") % {"years": years},
                _("有收件人的电话或邮箱，到期清除"),
            ),
        ],
        "due": len(old),
        "digest": digest_of(old),
        "runs": RetentionRun.objects.all()[:20],
    }


def _excel(rows: list[dict[str, Any]]) -> HttpResponse:
    titles = {"over": _("已过保存期"), "this_year": _("今年内到期"), "next_year": _("明年到期")}
    kinds = list(_kinds().values())
    header = [_("基地"), *(f"{titles[h]}：{kind}" for h in HORIZONS for kind in kinds)]
    header += [_("上次清除"), _("统计于")]
    hidden = _("不显示")
    lines = []
    for each in rows:
        row, cells = each["row"], []
        for horizon in HORIZONS:
            told = dict(each.get(horizon, ()))
            cells += [
                (hidden if told[kind] is None else told[kind])
                if kind in told
                else 0
                if row
                else None
                for kind in kinds
            ]
        ran = timezone.localdate(row.ran_at) if row and row.ran_at else None
        on = timezone.localdate(row.counted_at) if row else None
        lines.append([each["base"].title, *cells, ran, on])
    return workbook_response("archives", header, lines)
