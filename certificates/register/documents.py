"""Pages of certificates that are made beforehand, and when they are no longer true.

A page is kept by whoever had to make it, and removed by whoever changes what it says, in the same
transaction. Between the two stands one lock a base: a page cannot be kept that was made of what is
being changed.
"""

import hashlib
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from certificates.register.models import Document
from certificates.token import normalise_code
from tenants.models import Tenant

TEMPLATES = Path(__file__).parents[1] / "templates" / "certificates"


@cache
def version() -> str:
    """Another one when the page is made otherwise."""
    found = hashlib.sha256()
    for name in ("answer.html", "verify.html", "check_form.html"):
        found.update((TEMPLATES / name).read_bytes())
    for name in ("status.py", "designation.py"):
        found.update(Path(__file__).with_name(name).read_bytes())
    return found.hexdigest()[:16]


def keep(tenant: Tenant, code: str, make: Callable[[], str]) -> str:
    """The middle of the page of `code`, made anew under the base's lock, and kept."""
    with transaction.atomic():
        for each in (tenant.pk, tenant.centre_id):
            _lock(each, shared=True)
        content = make()
        Document.objects.bulk_create(
            [
                Document(
                    code=normalise_code(code),
                    tenant_id=tenant.pk,
                    version=version(),
                    day=timezone.localdate(),
                    content=zlib.compress(content.encode()),
                )
            ],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["version", "day", "content"],
        )
    return content


def drop(tenant_id: int, code: str = "") -> None:
    """What is said of the base, or of one of its certificates, changes with this transaction."""
    with transaction.atomic():
        _lock(tenant_id, shared=False)
        rows = Document.objects.filter(tenant_id=tenant_id)
        (rows.filter(code=code) if code else rows).delete()


def drop_of_centre(centre: Tenant) -> None:
    """What stands on the pages of all its bases changes with this transaction."""
    with transaction.atomic():
        _lock(centre.pk, shared=False)
        Document.objects.filter(tenant__centre_id=centre.pk).delete()


def _lock(tenant_id: int | None, shared: bool) -> None:
    kind = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{kind}(hashtextextended(%s, 0))",
            [f"verify-document:{tenant_id}"],
        )
