"""People with certificates and a phone, and an employer that the centre has approved."""

import re

from django.test import Client
from stdnum.cn.uscc import calc_check_digit

from certificates.employers.models import Employer
from certificates.employers.services.register import Firm, apply, decide
from certificates.models import Certificate
from certificates.services.issue import issue_class
from courses.models import Trainee
from lms.plugin.testing import inside
from tenants.outbox.models import Message
from tenants.staff.models import User
from tests.story import finished

LAST4 = "last4"


def uscc(n=1):
    stem = f"91222403MA{n:07d}"
    return stem + calc_check_digit(stem)


def certified(slug="north", people=1, code="T-01", seed=1):
    """Codes of the valid certificates of a new class, whose people have phones."""
    with inside(slug):
        issue_class(finished(code=code, people=people, seed=seed), None)
        for n, trainee in enumerate(Trainee.objects.order_by("id")):
            trainee.phone = f"1380000{n:04d}"
            trainee.save()
        found = Certificate.objects.filter(enrolment__training_class__code=code)
        return list(found.order_by("id"))


def firm(n=1, **changes):
    return Firm(
        **{
            "uscc": uscc(n),
            "name": f"示范制衣厂{n}",
            "trade": "服装制造",
            "division_code": "222403",
            "address": "工业路 1 号",
            "contact": "马厂长",
            "phone": "0433-7001001",
            "email": f"firm{n}@example.org",
        }
        | changes
    )


def approved(n=1, **changes):
    with inside("centre"):
        found = apply(firm(n, **changes))
        decide(found, "approved", User.objects.get(username="director"))
        return Employer.objects.get(pk=found.pk)


def link_in(text):
    return re.search(r"https?://[^/]+(/[^\s（(]+/)", text)[1]


def sent(slug, subject):
    """The last message of that subject at the tenant."""
    with inside(slug):
        return Message.objects.filter(subject=subject).order_by("id").last()


def signed_in(employer, mailbox):
    """A browser of the employer, come in by the link in its mailbox."""
    browser = Client(HTTP_HOST="centre.localhost")
    browser.post("/employers/sign-in/", {"uscc": employer.uscc})
    address = link_in(mailbox[-1].body)
    assert browser.get(address).status_code == 200
    assert browser.post(address).url == "/employers/"
    return browser
