from django.db import migrations

from certificates.law.guards import Guard
from tenants.append_only import RefuseChanges


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0007_outcomes_with_their_history"),
        ("courses", "0004_programme"),
        ("fieldlog", "0004_flags_and_packs"),
        ("tenants", "0007_refuse_change"),
    ]

    operations = [
        Guard("certificates.Certificate", "guard_certificate", "INSERT OR UPDATE"),
        RefuseChanges("certificates.Certificate", "DELETE"),
        Guard("certificates.Outcome", "guard_outcome", "INSERT"),
        RefuseChanges("courses.Score"),
    ]
