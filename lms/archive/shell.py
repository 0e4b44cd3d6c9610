"""What stays of a base in a cell that it left: where it is now, and where to ask of its papers."""

from django.conf import settings
from django.db import connection, models
from django_tenants.utils import schema_context

from certificates.figures.models import Figure
from certificates.holders.shared.models import HolderProof
from certificates.register import documents
from certificates.register.checks.models import Check
from certificates.register.models import RegisterEntry
from courses.directory.models import CourseListing, Doubt, FieldLag, Presence
from courses.intake.shared.models import YearlyTraining
from courses.requests.models import PlannedClass
from courses.retention.shared.models import DueFiles
from lms.archive.tables import shared_rows
from tenants.designations.models import TrainingBase
from tenants.models import Tenant

#: Rows that others point to: they are written over, not made anew.
STAYING: tuple[type[models.Model], ...] = (Tenant, TrainingBase)
#: The cell of a base while it is written here for the second time.
ARRIVING = "arriving"


def left_schema(tenant: Tenant) -> str:
    """The name under which the schema stays until an operator drops it."""
    return f"moved_{tenant.schema_name}"


def may_return(row: models.Model) -> bool:
    """Whether a row of an archive may be written over the one that stands here."""
    if isinstance(row, Tenant):
        return Tenant.objects.filter(pk=row.pk).exclude(cell=settings.CELL).exists()
    if isinstance(row, TrainingBase):
        away = TrainingBase.objects.filter(pk=row.pk, tenant__isnull=False)
        return away.exclude(tenant__cell=settings.CELL).exists()
    return False


def clear(uuid: str) -> None:
    """Make room for a base that arrives: its old shared rows, and what a killed move has left.

    Must run inside the transaction that reads the base. A base that is served here, or on its way
    out, is not touched: the import then refuses.
    """
    tenant = Tenant.objects.filter(uuid=uuid).first()
    if tenant is None:
        return
    if tenant.cell == settings.CELL:
        if tenant.moving != Tenant.Moving.HELD:
            return
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{tenant.schema_name}" CASCADE')
    for _, rows in reversed(shared_rows(tenant)):
        if rows.model not in STAYING:
            rows._raw_delete(rows.db)
    settle(tenant, ARRIVING)


def leave(tenant: Tenant, cell: str) -> None:
    """Turn the base into a shell: its schema out of the way, its register rows mere pointers."""
    with connection.cursor() as cursor:
        # The copy that stays must not hold the shared rows that it points to.
        cursor.execute(
            "SELECT conrelid::regclass, quote_ident(conname) FROM pg_constraint WHERE contype = 'f'"
            " AND connamespace = to_regnamespace(%s) AND confrelid IN"
            " (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
            [tenant.schema_name],
        )
        for table, name in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(f'ALTER SCHEMA "{tenant.schema_name}" RENAME TO "{left_schema(tenant)}"')
    RegisterEntry.objects.filter(tenant=tenant).update(status=RegisterEntry.Status.MOVED)
    documents.drop(tenant.pk)
    # All that is made from the base's own tables is made again where it is now.
    for rows in (HolderProof, Check):  # they have gone along
        rows._default_manager.filter(tenant=tenant).delete()
    made_of_rows = (CourseListing, Presence, Doubt, FieldLag, YearlyTraining, Figure, PlannedClass)
    for derived in (*made_of_rows, DueFiles):
        derived._default_manager.filter(tenant=tenant).delete()
    settle(tenant, cell)


def settle(tenant: Tenant, cell: str, moving: str = "") -> None:
    """Write down which cell has the tenant, and what still waits there."""
    tenant.cell, tenant.moving = cell, moving
    with schema_context("public"):
        tenant.save(update_fields=["cell", "moving"])
