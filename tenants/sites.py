"""Open, rename, move and close a base's site: what the centre does without an engineer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from tenants.cells import must_be_here
from tenants.designations.models import TrainingBase
from tenants.designations.rules import standing_on
from tenants.designations.services import history, link_site
from tenants.models import Domain, OffSeason, SiteChange, Tenant
from tenants.provisioning import create_tenant, fault_of_host
from tenants.signals import closing_blockers, rule_codes_asked, site_opened, tenant_renamed

P = ParamSpec("P")
R = TypeVar("R")


def in_public(work: Callable[P, R]) -> Callable[P, R]:
    """Tenants' rows are written from the shared schema alone, whoever's console asks."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        with schema_context("public"):
            return work(*args, **kwargs)

    return done


@dataclass(frozen=True)
class Season:
    """`starts` and `ends` are MM-DD."""

    name: str
    starts: str
    ends: str


@dataclass(frozen=True)
class Wanted:
    """What a new site is to be. `host` may be empty: then it is SLUG.localhost."""

    slug: str
    host: str = ""
    rule_code: str = "standard"
    seasons: Sequence[Season] = ()
    page_set: bool = True


def rule_codes() -> list[str]:
    """The rule sets that a base can be given."""
    answers = rule_codes_asked.send(sender=Tenant)
    return sorted({code for _receiver, listed in answers for code in listed or ()})


@transaction.atomic
@in_public
def open_site(base: TrainingBase, wanted: Wanted, by: str) -> Tenant:
    """Make the site of a designated base: schema, host, seasons, rule set, draft pages.

    All or nothing, and once: a second call returns the site that stands. Raises ValidationError.
    """
    base = TrainingBase.objects.select_for_update().get(pk=base.pk)
    if base.tenant_id:
        return Tenant.objects.get(pk=base.tenant_id)
    standing = standing_on(history(base), timezone.localdate())
    if not standing.good or standing.terms is None:
        raise ValidationError("先认定，再开通网站 / a base is designated before its site is opened")
    tenant = create_tenant(
        Tenant.Type.BASE,
        wanted.slug,
        base.name,
        base.uscc,
        base.division.code,
        wanted.host,
        rule_code=wanted.rule_code,
    )
    link_site(base, tenant)
    for season in wanted.seasons:
        line = OffSeason(tenant=tenant, **vars(season))
        line.full_clean()
        line.save()
    if wanted.page_set:
        with tenant_context(tenant):
            site_opened.send(sender=Tenant, tenant=tenant, trades=standing.terms.trades)
    host = Domain.objects.get(tenant=tenant, is_primary=True).domain
    _note(tenant, SiteChange.Kind.OPENED, by, after=host)
    return tenant


@transaction.atomic
@in_public
def rename(tenant: Tenant, name: str, by: str, reason: str) -> None:
    """Give a base its new legal name. Certificates that were issued keep the old one."""
    name = name.strip()
    must_be_here(tenant)
    _reason(reason)
    if not name:
        raise ValidationError({"name": "请填写新名称 / give the new name"})
    before, tenant.name = tenant.name, name
    tenant.full_clean()
    tenant.save(update_fields=["name"])
    TrainingBase.objects.filter(tenant=tenant).update(name=name)
    with tenant_context(tenant):
        tenant_renamed.send(sender=Tenant, tenant=tenant, before=before)
    _note(tenant, SiteChange.Kind.RENAMED, by, before, name, reason)


@transaction.atomic
@in_public
def change_host(tenant: Tenant, host: str, by: str, reason: str) -> None:
    """Make `host` the primary one; the old one leads to it from now on. Raises ValidationError."""
    host = host.strip().lower()
    must_be_here(tenant)
    _reason(reason)
    if fault := fault_of_host(host):
        raise ValidationError({"host": fault})
    taken = Domain.objects.filter(domain=host).first()
    if taken and taken.tenant_id != tenant.pk:
        raise ValidationError({"host": f"域名已被占用：{host} / the host is taken: {host}"})
    before = Domain.objects.select_for_update().get(tenant=tenant, is_primary=True)
    if before.domain == host:
        raise ValidationError({"host": "这就是现在的域名 / this is the host already"})
    before.is_primary = False
    before.save()
    Domain.objects.update_or_create(domain=host, defaults={"tenant": tenant, "is_primary": True})
    with tenant_context(tenant):
        from wagtail.models import Site

        for site in Site.objects.filter(is_default_site=True):
            site.hostname = host
            site.save()
    _note(tenant, SiteChange.Kind.MOVED, by, before.domain, host, reason)


@transaction.atomic
@in_public
def close(tenant: Tenant, by: str, reason: str) -> None:
    """Close a base's site: nobody signs in, nothing is lost, certificates are still checked.

    Raises ValidationError while the base is designated or has classes under way.
    """
    must_be_here(tenant)
    _reason(reason)
    if tenant.closed_on:
        raise ValidationError("网站已经关闭 / the site is closed already")
    base = TrainingBase.objects.filter(tenant=tenant).first()
    state = standing_on(history(base), timezone.localdate()) if base else None
    if state and (state.good or state.state == "suspended"):
        raise ValidationError("先取消资格，再关闭网站 / remove the designation first")
    with tenant_context(tenant):
        answers = closing_blockers.send(sender=Tenant, tenant=tenant)
    if blockers := [said for _receiver, listed in answers for said in listed or ()]:
        raise ValidationError(blockers)
    tenant.closed_on = timezone.localdate()
    tenant.save(update_fields=["closed_on"])
    _note(tenant, SiteChange.Kind.CLOSED, by, reason=reason)


@transaction.atomic
@in_public
def reopen(tenant: Tenant, by: str, reason: str) -> None:
    must_be_here(tenant)
    _reason(reason)
    if not tenant.closed_on:
        raise ValidationError("网站没有关闭 / the site is not closed")
    tenant.closed_on = None
    tenant.save(update_fields=["closed_on"])
    _note(tenant, SiteChange.Kind.REOPENED, by, reason=reason)


def _reason(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "请写明理由 / say why"})


def _note(
    tenant: Tenant, kind: str, by: str, before: str = "", after: str = "", reason: str = ""
) -> None:
    SiteChange.objects.create(
        tenant=tenant, kind=kind, before=before, after=after, reason=reason.strip(), by=by[:60]
    )
