"""Two bases that ask each other at the same moment must not wait for each other's row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_presence")]

    operations = [migrations.RemoveConstraint(model_name="doubt", name="doubt_once")]
