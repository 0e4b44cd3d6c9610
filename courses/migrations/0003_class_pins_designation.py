import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0002_initial"),
        ("designations", "0001_designations"),
    ]

    operations = [
        # No class exists without a designation: a row that had none would be refused here.
        migrations.AddField(
            model_name="trainingclass",
            name="designation",
            field=models.ForeignKey(
                default=0,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="designations.designation",
                verbose_name="认定",
            ),
            preserve_default=False,
        ),
    ]
