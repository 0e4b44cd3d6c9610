"""Which rows are a base's, and how they are written as JSON lines.

Rows of the tenant's schema keep their keys. What they point to in the shared tables is written by
its natural key (a division's code, a document's number), since keys there differ from one
installation to another. Sealed values stay sealed: they open where the same master keys are.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.jsonl import Serializer
from django.db import models

from certificates.dossiers.shared.models import RegisteredDossier
from certificates.employers.models import Confirmation
from certificates.holders.shared.models import HolderProof
from certificates.register.checks.models import Check
from certificates.register.models import IssuerKey, RegisterEntry
from courses.requests.models import ClassRequest, RequestStep, RequestVersion
from tenants.designations.models import DesignatedTrade, Designation, Step, TrainingBase
from tenants.looks.shared.models import BaseLook
from tenants.models import Domain, OffSeason, SiteChange, Tenant

#: Jobs and sign-ins of the moment are no part of what a base is.
LEFT_OUT = {"sessions.session", "usersessions.usersession", "jobs.jobrun", "jobs.jobline"}
LEFT_OUT |= {"designs.previewwish"}
#: These first: the others are found by what they say.
FIRST = ["contenttypes.contenttype", "auth.permission", "auth.group"]


def tenant_models() -> list[type[models.Model]]:
    """Every model of a tenant's schema, those first that others name by their natural key."""
    labels = {c.label for c in apps.get_app_configs() if c.name in settings.TENANT_APPS}
    found = [
        model
        for model in apps.get_models()
        if model._meta.app_label in labels
        and model._meta.managed
        and not model._meta.proxy
        and model._meta.label_lower not in LEFT_OUT
    ]
    return sorted(found, key=lambda m: (m._meta.label_lower not in FIRST, m._meta.label_lower))


#: The shared tables in which a base has rows of its own, in the order in which they can be written.
SHARED = (
    *("tenants.tenant", "tenants.domain", "tenants.offseason", "tenants.sitechange"),
    *("designations.trainingbase", "designations.designation"),
    *("designations.designatedtrade", "designations.step"),
    *("register.issuerkey", "register.registerentry"),
    *("holders_shared.holderproof", "checks.check", "employers.confirmation"),
    *("shared_dossiers.registereddossier", "shared_looks.baselook"),
    *("requests.classrequest", "requests.requestversion", "requests.requeststep"),
)


def shared_rows(tenant: Tenant) -> list[tuple[str, models.QuerySet[Any]]]:
    """The base's own rows in each of `SHARED`."""
    base = TrainingBase.objects.filter(tenant=tenant)
    designations = Designation.objects.filter(base__in=base)
    rows: list[models.QuerySet[Any]] = [
        Tenant.objects.filter(pk=tenant.pk),
        Domain.objects.filter(tenant=tenant),
        OffSeason.objects.filter(tenant=tenant),
        SiteChange.objects.filter(tenant=tenant),
        base,
        designations,
        DesignatedTrade.objects.filter(designation__in=designations),
        Step.objects.filter(base__in=base),
        IssuerKey.objects.filter(tenant=tenant),
        RegisterEntry.objects.filter(tenant=tenant),
        HolderProof.objects.filter(tenant=tenant),
        Check.objects.filter(tenant=tenant),
        Confirmation.objects.filter(tenant=tenant),
        RegisteredDossier.objects.filter(tenant=tenant),
        BaseLook.objects.filter(tenant=tenant),
        ClassRequest.objects.filter(tenant=tenant),
        RequestVersion.objects.filter(request__tenant=tenant),
        RequestStep.objects.filter(request__tenant=tenant),
    ]
    return list(zip(SHARED, rows, strict=True))


class SharedByName(Serializer):
    """Keys inside the schema as they are; names for what lies in the shared tables."""

    def handle_fk_field(self, obj: models.Model, field: Any) -> None:
        self.use_natural_foreign_keys = hasattr(field.remote_field.model, "NATURAL")
        super().handle_fk_field(obj, field)

    def handle_field(self, obj: models.Model, field: Any) -> None:
        """Moments to the microsecond, which JSON's usual form cuts off."""
        super().handle_field(obj, field)
        if isinstance(value := field.value_from_object(obj), datetime):
            self._current[field.name] = value.isoformat()  # type: ignore[attr-defined]

    def get_dump_object(self, obj: models.Model) -> dict[str, Any]:
        """Without the key of a shared row: there it belongs to somebody else."""
        dumped: dict[str, Any] = super().get_dump_object(obj)
        if self.use_natural_primary_keys:
            dumped.pop("pk", None)
        return dumped

    def handle_m2m_field(self, obj: models.Model, field: Any) -> None:
        self.use_natural_foreign_keys = hasattr(field.remote_field.model, "NATURAL")
        super().handle_m2m_field(obj, field)


def lines(rows: models.QuerySet[Any], keep_keys: bool) -> Iterator[bytes]:
    """One JSON object a row, in the order of the keys; `keep_keys` of the tenant's own schema."""
    text = SharedByName().serialize(
        rows.order_by("pk"),
        use_natural_foreign_keys=True,
        use_natural_primary_keys=not keep_keys,
    )
    # By the line feed alone: a text may hold other signs that Python takes for the end of a line.
    yield from (line.encode() + b"\n" for line in str(text).split("\n") if line)


def own_rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.all()


def digest(content: Iterable[bytes]) -> tuple[int, str]:
    """Rows, and the SHA-256 of all of them."""
    count, total = 0, hashlib.sha256()
    for line in content:
        count += 1
        total.update(line)
    return count, total.hexdigest()
