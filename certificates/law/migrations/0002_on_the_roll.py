from django.db import migrations

from certificates.law.guards import Guard


class Migration(migrations.Migration):
    dependencies = [
        ("law", "0001_order_of_the_chain"),
        ("courses", "0005_enrolment_states"),
        ("intake", "0001_history_columns_parts"),
    ]

    operations = [
        Guard("certificates.Certificate", "guard_certificate_on_roll", "INSERT"),
        Guard("courses.Enrolment", "guard_enrolment", "INSERT OR UPDATE"),
    ]
