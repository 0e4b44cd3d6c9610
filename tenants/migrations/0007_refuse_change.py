from django.db import migrations

from tenants.append_only import DROP_FUNCTION, FUNCTION


class Migration(migrations.Migration):
    dependencies = [("tenants", "0006_plugins")]

    operations = [migrations.RunSQL(FUNCTION, DROP_FUNCTION)]
