"""Marks that the desk has written before there was one log become events of it."""

import hashlib
import json
from datetime import UTC

from django.db import migrations

from tenants.append_only import RefuseChanges


def copy(apps, schema_editor):
    Event = apps.get_model("fieldlog", "FieldEvent")
    Unread = apps.get_model("fieldlog", "Unread")
    made = []
    for old in apps.get_model("courses", "AttendanceEvent").objects.order_by("id"):
        wall = old.recorded_at.astimezone(UTC).isoformat(timespec="milliseconds")
        body = json.dumps(
            {
                "v": 1,
                "uuid": str(old.uuid),
                "source": "desk",
                "by": old.recorded_by_id,
                "wall": wall.replace("+00:00", "Z"),
                "payload": {
                    "kind": "mark",
                    "session": old.session_id,
                    "person": {"enrolment": old.enrolment_id},
                    "mark": old.mark,
                    "minutes": old.minutes,
                    "how": "desk",
                    "reason": old.reason,
                },
            },
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        event = Event.objects.create(
            hash=hashlib.sha256(body.encode()).digest(),
            source="desk",
            body=body,
            by_id=old.recorded_by_id,
            received_at=old.received_at,
        )
        made.append(event.pk)
    if made:
        Unread.objects.create(events=made)


class Migration(migrations.Migration):
    dependencies = [
        ("fieldlog", "0001_initial"),
        ("courses", "0002_initial"),
        ("tenants", "0007_refuse_change"),
    ]

    operations = [
        migrations.RunPython(copy, migrations.RunPython.noop),
        RefuseChanges("FieldEvent"),
        RefuseChanges("Quarantined"),
    ]
