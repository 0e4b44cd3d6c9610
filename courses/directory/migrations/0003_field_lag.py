"""How far each base is behind with its field log, for the centre."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_names"),
        ("tenants", "0007_refuse_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="FieldLag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("counted_at", models.DateTimeField()),
                ("devices", models.PositiveIntegerField(default=0)),
                ("numbers_missing", models.PositiveBigIntegerField(default=0)),
                ("blobs_missing", models.PositiveIntegerField(default=0)),
                ("unread", models.PositiveIntegerField(default=0)),
                (
                    "without_log",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), default=list, size=None
                    ),
                ),
                (
                    "contacts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateTimeField(), default=list, size=None
                    ),
                ),
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="field_lag",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "ordering": ["tenant"],
            },
        ),
    ]
