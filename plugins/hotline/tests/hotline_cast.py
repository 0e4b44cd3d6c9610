"""What the tests say: a person, a department, a complaint that is in order."""

from trainbase_hotline.services.intake import Sent, file_complaint


def person(role):
    from lms.plugin import User

    return User.objects.get(username=role)


def department(name, contact="0433-9"):
    from trainbase_hotline.models import Department

    return Department.objects.create(name=name, contact=contact)


def sent(**more):
    """A complaint that is in order."""
    facts = {
        "kind": "wages",
        "text": "三个月工资没发",
        "channel": "web",
        "consent_version": 1,
        "once": "a-mark",
        "name": "金大山",
        "phone": "13900000001",
    }
    return Sent(**{**facts, **more})


def filed(**more):
    return file_complaint(sent(**more))


def typed(**more):
    """What a browser sends for it."""
    facts = {
        "kind": "wages",
        "text": "三个月工资没发",
        "name": "金大山",
        "phone": "13900000001",
        "agree": "on",
        "consent_version": "1",
        "once": "a-mark",
    }
    return {**facts, **more}
