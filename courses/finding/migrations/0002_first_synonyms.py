from django.db import migrations

from courses.finding.first import GROUPS
from courses.finding.text import vector_of


def begin(apps, schema_editor):
    """Synonyms for the centres that are there, and entries of what is listed already."""
    tenant = apps.get_model("tenants", "Tenant")
    synonyms = apps.get_model("finding", "Synonyms")
    for centre in tenant.objects.filter(type="centre"):
        synonyms.objects.bulk_create(synonyms(centre=centre, words=words) for words in GROUPS)
    listings = apps.get_model("directory", "CourseListing").objects.select_related(
        "trade", "tenant"
    )
    with schema_editor.connection.cursor() as cursor:
        for listing in listings.prefetch_related("townships"):
            towns = " ".join(town.name for town in listing.townships.all())
            vector = vector_of(
                [
                    (f"{listing.title} {listing.title_en}", "A"),
                    (f"{listing.trade.name} {listing.trade.name_en}", "B"),
                    (f"{listing.level} {listing.level_en}", "C"),
                    (f"{listing.place} {towns} {listing.tenant.name}", "C"),
                ]
            )
            cursor.execute(
                "INSERT INTO finding_entry (listing_id, vector) VALUES (%s, %s::tsvector)",
                [listing.pk, vector],
            )


class Migration(migrations.Migration):
    dependencies = [("finding", "0001_synonyms_and_entries")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=False)]
