"""The register of dossiers, as the centre sees those of the bases in its sight."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certificates.dossiers.shared.models import RegisteredDossier
from tenants.console.access import bases_of
from tenants.lists.filters import choice, since, until
from tenants.lists.history import Entry, History, register
from tenants.lists.shape import Column, DeskList
from tenants.models import Tenant
from tenants.staff.models import User

SEE = "designations.view_trainingbase"


def dossiers_in_sight(user: User) -> QuerySet[Any]:
    in_sight = bases_of(user).exclude(tenant=None).values("tenant")
    return RegisteredDossier.objects.filter(tenant__in=in_sight).select_related("tenant")


def _bases() -> list[tuple[str, str]]:
    rows = Tenant.objects.filter(pk__in=RegisteredDossier.objects.values("tenant"))
    return [(tenant.slug, tenant.title) for tenant in rows.order_by("name")]


def _programmes() -> list[tuple[str, str]]:
    rows = RegisteredDossier.objects.exclude(programme="").order_by("programme")
    return [(name, name) for name in rows.values_list("programme", flat=True).distinct()]


REGISTER = DeskList(
    name="dossiers",
    title=_("补贴档案核对"),
    columns=(
        Column("base", _("基地"), lambda d: d.tenant.title, "tenant__name"),
        Column("class", _("班次"), lambda d: d.class_code, "class_code"),
        Column("number", _("版本"), lambda d: d.number, "number", number=True),
        Column("programme", _("资金项目"), lambda d: d.programme, "programme"),
        Column("people", _("人数"), lambda d: d.people, "people", number=True),
        Column("certified", _("发证"), lambda d: d.certified, "certified", number=True),
        Column("employed", _("已就业"), lambda d: d.employed, "employed", number=True),
        Column("by", _("制作人"), lambda d: d.made_by, "made_by"),
        Column("at", _("制作时间"), lambda d: d.made_at, "made_at"),
        Column("digest", _("摘要"), lambda d: d.digest, cell="dossiers/digest_cell.html"),
    ),
    filters={
        "base": choice(_("基地"), _bases, "tenant__slug"),
        "programme": choice(_("资金项目"), _programmes, "programme"),
        "from": since(_("制作不早于"), "made_at__date"),
        "to": until(_("制作不晚于"), "made_at__date"),
    },
    search=("class_code", "tenant__name", "made_by"),
    search_label=_("班次、基地或制作人"),
    empty=_("还没有登记。"),
    history="dossier",
)


def _versions(found: RegisteredDossier) -> list[Entry]:
    """Every version of the class's dossier, against the one before it."""
    rows = RegisteredDossier.objects.filter(tenant=found.tenant, class_code=found.class_code)
    entries, before = [], None
    for row in rows.order_by("number"):
        changes = [
            (label, str(getattr(before, name)), str(getattr(row, name)))
            for name, label in (
                ("people", gettext("人数")),
                ("certified", gettext("发证")),
                ("employed", gettext("已就业")),
                ("programme", gettext("资金项目")),
            )
            if before is not None and getattr(before, name) != getattr(row, name)
        ]
        what = gettext("制作补贴档案")
        entries.append(
            Entry(row.made_at, row.made_by, what, f"v{row.number} {row.digest[:12]}", changes)
        )
        before = row
    return entries[::-1]


register(
    "dossier",
    History(
        (SEE,),
        lambda user, pk: dossiers_in_sight(user).filter(pk=pk).first(),
        _versions,
        lambda found: f"/desk/dossiers/?digest={found.digest}",
        lambda found: f"{found.tenant.title} {found.class_code}",
    ),
)
