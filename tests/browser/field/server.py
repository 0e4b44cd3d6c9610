"""What the base's server has of a phone's day, read as it reads it."""

import json
from pathlib import Path

from django.db import connection
from django_tenants.utils import tenant_context

from courses.fieldlog.models import Blob, Device, FieldEvent, Reading
from courses.fieldlog.services.pack import pack
from courses.fieldlog.services.project import read_pending
from courses.models import Attendance
from tenants.storage import PrivateStorage
from tests.cast import base


def arrived(device):
    """Numbers and kinds of a phone's events, and what could not be read, in the order of its chain."""
    with tenant_context(base("north")):
        read_pending()
        events = FieldEvent.objects.filter(device__uuid=device).order_by("seq")
        found = {each.event_id: each for each in Reading.objects.all()}
        read = [found[each.pk] for each in events]
        faults = [each.fault for each in read if each.fault or each.chain_wrong]
        result = [each.seq for each in events], [each.kind for each in read], faults
    connection.close()
    return result


def cards(device):
    """(enrolment, name, what the QR of the card holds) of everybody in the phone's pack."""
    with tenant_context(base("north")):
        found = json.loads(pack(Device.objects.get(uuid=device)).content)["people"]
    connection.close()
    return [(each["enrolment"], each["name"], each["card"]) for each in found]


def marks():
    with tenant_context(base("north")):
        found = dict(Attendance.objects.values_list("enrolment_id", "mark"))
    connection.close()
    return found


def files(device):
    """The bytes of every file of the phone that is whole here."""
    with tenant_context(base("north")):
        events = FieldEvent.objects.filter(device__uuid=device)
        named = {name for each in events for name in each.blobs}
        found = [
            Path(PrivateStorage().path(each.path)).read_bytes()
            for each in Blob.objects.filter(hash__in=named).exclude(whole_at=None)
        ]
    connection.close()
    return found
