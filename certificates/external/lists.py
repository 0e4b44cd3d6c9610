"""What other bodies issued, as a list, and its history."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.external import rules, services, sheet
from certificates.external.models import ExternalCertificate, ExternalKind
from courses.models import Trainee
from tenants.lists.filters import choice, since, township, until
from tenants.lists.history import Entry, History, register
from tenants.lists.shape import Column, DeskList
from tenants.models import in_language

VIEW = "external.view_externalcertificate"
SPANS = [("expired", _("已过期")), ("30", _("30 天内到期")), ("90", _("90 天内到期"))]


def _title(field: str) -> str:
    return in_language(*sheet.COLUMNS[field])


#: As the sheet calls its columns: what is exported can be read in again.
_titled = lazy(_title, str)


def _within(rows: Any, name: str, value: str) -> Any:
    first, last = rules.span(value, timezone.localdate())
    rows = rows.filter(expires_on__lte=last)
    return rows.filter(expires_on__gte=first) if first else rows


def _kinds() -> list[tuple[str, str]]:
    return [(kind.code, kind.title) for kind in ExternalKind.objects.all()]


def _found(rows: Any, text: str) -> Any:
    return rows.filter(
        Q(trainee__name__icontains=text)
        | Q(number__icontains=services.folded(text))
        | Q(issuer__icontains=text)
    )


def _stands(row: Any) -> str:
    return str(
        dict(SPANS).get(
            row.standing, gettext("长期") if row.standing == "unlimited" else gettext("未到期")
        )
    )


EXTERNALS = DeskList(
    name="externals",
    title=_("外部证书登记"),
    columns=(
        Column("name", _titled("name"), lambda r: r.trainee.name, "trainee__name"),
        Column("last4", _titled("tail"), lambda r: r.trainee.id_last4, "trainee__id_last4"),
        Column("kind", _titled("kind"), lambda r: r.kind.title, "kind__name"),
        Column("number", _titled("number"), lambda r: r.number, "number"),
        Column("title", _titled("title"), lambda r: r.title, "title"),
        Column("level", _titled("level"), lambda r: r.level, "level"),
        Column("issuer", _titled("issuer"), lambda r: r.issuer, "issuer"),
        Column("issued", _titled("issued_on"), lambda r: r.issued_on, "issued_on"),
        Column("expires", _titled("expires_on"), lambda r: r.expires_on, "expires_on"),
        Column("standing", _("到期"), _stands, cell="external/standing.html"),
        Column("query", _titled("query_url"), lambda r: r.query_url, shown=False),
        Column("note", _titled("note"), lambda r: r.note, shown=False),
        Column("by", _("登记人"), lambda r: str(r.recorded_by or ""), shown=False),
        Column("at", _("登记时间"), lambda r: r.recorded_at, "recorded_at", shown=False),
    ),
    link=lambda r: reverse("external_certificate", args=[r.pk]),
    filters={
        "state": choice(_("到期"), SPANS, method=_within),
        "kind": choice(_("证书类别"), _kinds, "kind__code"),
        "township": township(
            lambda: Trainee.objects.filter(externals__isnull=False).values("village"),
            "trainee__village__parent",
        ),
        "from": since(_("发证不早于"), "issued_on"),
        "to": until(_("发证不晚于"), "issued_on"),
    },
    search=_found,
    search_label=_("姓名、编号或发证机构"),
    name_of=lambda r: f"{r.trainee.name} {r.number}",
    empty=_("没有登记。学员在别处取得的证书，在这里登记或从 Excel 登记。"),
    history="external",
)  # fmt: skip

COMPARED = (
    "kind",
    "number",
    "title",
    "level",
    "issuer",
    "issued_on",
    "expires_on",
    "query_url",
    "note",
)


def _entries(row: ExternalCertificate) -> list[Entry]:
    """Each row of the chain against the one before it."""
    found = []
    for each in services.history(row):
        before = each.replaces
        what = (
            gettext("撤回登记")
            if each.withdrawn
            else gettext("更正登记")
            if before
            else gettext("登记")
        )
        changes = [
            (_named(name), _said(before, name), _said(each, name))
            for name in COMPARED
            if before and getattr(before, name) != getattr(each, name)
        ]
        who = str(each.recorded_by or "")
        found.append(Entry(each.recorded_at, who, what, each.why, changes))
    return found


def _named(field: str) -> str:
    return str(getattr(ExternalCertificate._meta.get_field(field), "verbose_name", field))


def _said(row: Any, name: str) -> str:
    value = getattr(row, name)
    return "" if value is None else str(value)


register(
    "external",
    History(
        (VIEW,),
        lambda user, pk: ExternalCertificate.objects.filter(pk=pk).first(),
        _entries,
        lambda found: reverse("external_certificate", args=[found.pk]),
        lambda found: f"{found.trainee.name} {found.number}",
    ),
)
