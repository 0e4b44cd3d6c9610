import json

import pytest
from django.test import Client

from courses.fieldlog.services.enrol import new_ticket
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.phone import Phone


class Line:
    """The way from a phone to a base's server."""

    def __init__(self, slug):
        self.slug = slug
        self.client = Client(HTTP_HOST=f"{slug}.localhost", raise_request_exception=True)

    def ask(self, method, path, body=None, token="", **headers):
        content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        if token:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return self.client.generic(
            method, f"/api/field/v1/{path}", content, "application/json", **headers
        )

    def enrol(self, phone=None, trainer="trainer", all_classes=False):
        phone = phone or Phone()
        with inside(self.slug):
            by = User.objects.get(username="clerk")
            ticket = new_ticket(User.objects.get(username=trainer), by, all_classes)
        sent = {"ticket": ticket, "public_key": phone.public_key, "name": "旧手机", "app": "1"}
        answer = self.ask("POST", "enrol", sent)
        assert answer.status_code == 200, answer.content
        return phone.enrolled(answer.json())

    def send(self, phone, events=None, token=True):
        sent = {
            "device": str(phone.uuid),
            "head": phone.head,
            "events": phone.events if events is None else events,
        }
        answer = self.ask("POST", "batches", sent, phone.token if token else "")
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def line(db):
    return Line("north")


@pytest.fixture
def phone(line):
    return line.enrol()


@pytest.fixture
def lasting(committed):
    """The way to a base whose database other threads and processes see too."""
    return Line("north")
