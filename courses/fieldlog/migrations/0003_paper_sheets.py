"""Roster sheets that are printed, and how far each has come back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_field_log"),
        ("fieldlog", "0002_marks_of_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=12, unique=True, verbose_name="名单编号")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("draft", models.JSONField(default=dict)),
                ("draft_at", models.DateTimeField(null=True)),
                ("objection", models.CharField(blank=True, max_length=500)),
                (
                    "countersigned",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="countersigned_sheet",
                        to="fieldlog.fieldevent",
                    ),
                ),
                (
                    "draft_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entered",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entered_sheet",
                        to="fieldlog.fieldevent",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="courses.villagesession",
                    ),
                ),
                (
                    "taught_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "纸质名单",
                "verbose_name_plural": "纸质名单",
                "ordering": ["-id"],
                "permissions": [
                    ("enter_paper", "可打印和录入纸质名单"),
                    ("countersign_paper", "可复核纸质名单"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="courses.enrolment",
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="fieldlog.papersheet",
                    ),
                ),
            ],
            options={
                "ordering": ["sheet", "number"],
            },
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("countersigned__isnull", True), ("entered__isnull", False), _connector="OR"
                ),
                name="sheet_countersigned_after_its_entry",
            ),
        ),
        migrations.AddConstraint(
            model_name="papersheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("entered__isnull", False)),
                fields=("session",),
                name="sheet_entered_once_a_session",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.UniqueConstraint(fields=("sheet", "number"), name="sheet_row_once"),
        ),
        migrations.AddConstraint(
            model_name="paperrow",
            constraint=models.UniqueConstraint(
                fields=("sheet", "enrolment"), name="sheet_person_once"
            ),
        ),
    ]
