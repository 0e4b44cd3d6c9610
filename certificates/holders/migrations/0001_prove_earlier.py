"""Certificates from before there were proofs get one, from their own base's tables."""

from django.db import connection, migrations

from certificates.holders.proof import proof_of


def prove(apps, schema_editor):
    tenants = apps.get_model("tenants", "Tenant")
    tenant = tenants.objects.filter(schema_name=connection.schema_name).first()
    if tenant is None:  # the template
        return
    proofs = apps.get_model("holders_shared", "HolderProof")
    certificates = apps.get_model("certificates", "Certificate")
    rows = certificates.objects.values_list("code", "trainee__id_last4")
    proofs.objects.bulk_create(
        (
            proofs(code=code, tenant_id=tenant.pk, proof=proof_of(code, last4))
            for code, last4 in rows.iterator(chunk_size=500)
        ),
        batch_size=500,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0006_log_and_two_people"),
        ("courses", "0002_initial"),
        ("holders_shared", "0001_proofs_attempts_and_links"),
        ("tenants", "0007_refuse_change"),
    ]

    operations = [migrations.RunPython(prove, migrations.RunPython.noop)]
