"""Attendance is read from the field log; it is made anew after this."""

import django.contrib.postgres.fields
from django.db import migrations, models


def drop(apps, schema_editor):
    apps.get_model("courses", "Attendance").objects.all().delete()


def names(length):
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=length), default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_initial"), ("fieldlog", "0002_marks_of_the_desk")]

    operations = [
        migrations.RunPython(drop, migrations.RunPython.noop),
        migrations.RemoveField("attendance", "event"),
        migrations.DeleteModel("AttendanceEvent"),
        migrations.AddField(
            "attendance",
            "state",
            models.CharField(
                choices=[("clear", "一致"), ("disputed", "有争议")], default="clear", max_length=8
            ),
        ),
        migrations.AddField("attendance", "why", names(24)),
        migrations.AddField(
            "attendance",
            "said_minutes",
            models.PositiveSmallIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            "attendance",
            "source",
            models.CharField(default="desk", max_length=5),
            preserve_default=False,
        ),
        migrations.AddField("attendance", "basis", names(64)),
        migrations.AddField("attendance", "claims", names(64)),
        migrations.AddConstraint(
            "attendance",
            models.CheckConstraint(
                condition=~models.Q(mark__in=["excused", "absent"]) | models.Q(minutes=0),
                name="attendance_away_has_no_minutes",
            ),
        ),
        migrations.AddConstraint(
            "attendance",
            models.CheckConstraint(
                condition=models.Q(state="clear") | models.Q(minutes=0),
                name="attendance_disputed_has_no_minutes",
            ),
        ),
    ]
