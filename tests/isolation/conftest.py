"""Two bases that hold the same primary keys and strings that nobody else may see.

The world is made once for the whole folder, in a database of its own.
"""

import os
from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django_tenants.utils import tenant_context
from PIL import Image as Picture

SLUGS = ("north", "south", "centre")


def canary(slug):
    """What only that tenant's own pages may show."""
    return f"CANARY-{slug.upper()}"


def picture():
    buffer = BytesIO()
    Picture.new("RGB", (300, 400), "navy").save(buffer, "JPEG")
    buffer.seek(0)
    return buffer


def _everywhere(slug):
    """What both types of tenants hold."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.documents.models import Document
    from wagtail.images.models import Image

    from tenants.jobs.models import JobRun
    from tenants.staff.models import User
    from tenants.staff.services import invite

    mark = canary(slug)
    for user in User.objects.all():
        user.display_name = f"{mark}-{user.username}"
        user.save()
    Image.objects.create(title=f"{mark} picture", file=ImageFile(picture(), name=f"{mark}.jpg"))
    Document.objects.create(title=f"{mark} paper", file=ContentFile(b"x", name=f"{mark}.txt"))
    Redirect.objects.create(old_path=f"/{mark.lower()}", redirect_link=f"https://x.cn/{mark}")
    JobRun.objects.create(kind="certificates.issue", label=mark, state="done")
    _of_plugins(mark)
    roles = ["officer"] if slug == "centre" else ["clerk"]
    invite(f"invited-{slug}", mark, roles, mark)


def _of_plugins(mark):
    """Every plugin but the broken one is on, and has something to show."""
    from trainbase_sample.models import Note, Tag

    from tenants.models import Tenant
    from tenants.outbox.services import send_message
    from tenants.plugins.registry import installed

    on = [name for name in installed() if name != "broken"]
    Tenant.objects.filter(pk=connection.tenant.pk).update(plugins=on)
    Note.objects.create(text=mark)
    Tag.objects.create(text=mark)
    send_message(mark, mark, mark)


def _base(slug):
    from certificates.services.issue import issue_class
    from certificates.services.papers import paper
    from courses.models import CoursePage, Enrolment, Trainee
    from courses.services.photos import set_photo
    from tests.story import finished

    mark = canary(slug)
    training_class = finished(code=f"{mark}-01", people=3, seed=60 + len(slug) + ord(slug[0]))
    for trainee in Trainee.objects.all():
        trainee.name = f"{mark}{trainee.pk}"
        trainee.save()
    set_photo(Enrolment.objects.first(), picture().read())
    for certificate in issue_class(training_class, None).certificates:
        paper(certificate)
    _of_other_bodies(mark)
    _of_work(mark, certificate)
    _of_assessment(mark)
    _of_planning(mark)
    _of_applying(mark)
    page = CoursePage.objects.get()
    page.summary = f"{mark} summary"
    page.save_revision()  # a draft: the public does not see it


def _of_other_bodies(mark):
    from certificates.external.models import ExternalKind
    from certificates.external.services import Facts, record
    from courses.models import Trainee

    kind = ExternalKind.objects.first()
    facts = Facts(kind, mark, mark, mark, date(2026, 1, 5), note=mark)
    record(Trainee.objects.first(), facts, None, picture().read())


def _of_planning(mark):
    """A request that could be sent, one that was, a class that has been changed, and a calendar link."""
    from courses.planning.services import proposals
    from courses.planning.services.links import make_link
    from tenants.staff.models import User
    from tests.courses.planning.scene import facts, with_people

    clerk = User.objects.get(username="clerk")
    for number in (1, 2):
        said = facts(code=f"{mark}-K{number}", days=30 * number, place=mark, resources=mark)
        found = proposals.write(with_people(said), clerk)
    proposals.send_on(found, User.objects.get(username="manager"))
    make_link(None, clerk)


def _of_applying(mark):
    """An application, with one that repeats it, and a proposal. The class is public: without a mark."""
    from courses.applying.services.propose import Wanted, propose
    from tenants.models import Trade
    from tests.courses import applying_story as story

    one = story.an_open_class()
    for phone in ("13800000001", "13800000002"):
        story.applied(one, name=mark, note=mark, phone=phone)
    ticket = story.sent().ticket
    there, trade = story.village(), Trade.objects.get()
    propose(Wanted(there, trade, one.starts_on, mark, 20, mark, "13800000003", "cadre", 1, ticket))


def _of_work(mark, certificate):
    """What people outside have said of a holder, the links that were sent, an objection, a consent."""
    from certificates.employment.models import Claim
    from certificates.employment.services.claims import Said, make_claim
    from certificates.employment.services.consents import record_consent
    from certificates.employment.services.links import send_confirm_link
    from certificates.employment.services.worker import tell
    from certificates.services.outcomes import Facts, object_to, record_outcome
    from tenants.staff.models import User

    clerk = User.objects.get(username="clerk")
    facts = Facts("local", "self_reported", employer=mark, started_on=certificate.issued_on)
    outcome = record_outcome(certificate, facts, by=clerk)
    claim = make_claim(certificate, Said(firm=mark, contact=mark, phone="0433-1234567"))
    send_confirm_link(claim, "0433-1234567", "public", clerk)
    certificate.trainee.phone = "13800000000"
    tell(outcome)
    object_to(outcome, mark)
    record_consent(certificate.trainee, "91222403MA0000001X", mark, True, "paper", clerk)
    assert Claim.objects.count() == 1


def _of_assessment(mark):
    """A bank with a picture, a sitting that is open, and a closed one with an appeal."""
    from courses.assessing.models import Question
    from courses.assessing.services.appeals import appeal
    from courses.assessing.services.bank import keep_picture
    from courses.models import Trainee
    from tests.courses.assessing import scene
    from tests.story import a_class

    one = a_class(code=f"{mark}-02", people=2, seed=90 + len(mark) + ord(mark[-1]))
    Trainee.objects.filter(enrolments__training_class=one).update(name=f"{mark}-examinee")
    scene.a_bank()
    scene.a_blueprint()
    kept = keep_picture(picture().read())
    Question.objects.update(text=mark, topic=mark, picture=kept, picture_alt=mark)
    first, second = one.enrolments.values_list("pk", flat=True)
    scene.a_checklist()
    closed = scene.a_sitting(one, people=[first])
    scene.sat(closed.attempts.get())
    scene.closed(closed)
    appeal(closed.attempts.get(), mark)
    scene.a_sitting(one, people=[second])


def _centre():
    from certificates.checkapi.services import make_key
    from certificates.employers.services.register import apply, decide
    from tenants.staff.models import User
    from tests.certificates.working import firm

    employer = apply(firm(name=canary("centre"), email=""))
    decide(employer, "approved", User.objects.get(username="director"))
    from tenants.applications.models import Application
    from tenants.designations.models import TrainingBase

    make_key(canary("centre"), canary("centre"), 10, None)
    Application.objects.create(
        base_id=TrainingBase.objects.first().pk,
        name="x",
        address=canary("centre"),
        contact=canary("centre"),
        phone="0433-1",
        premises="x",
        teachers="x",
    )


@pytest.fixture(scope="session")
def _world(databases, django_db_setup, django_db_blocker, tmp_path_factory):
    from django.conf import settings

    from tests.cast import base

    name = f"{databases.template}_run_{os.getpid()}_isolation"
    before = connection.settings_dict["NAME"]
    kept = (settings.MEDIA_ROOT, settings.PRIVATE_ROOT)
    files = tmp_path_factory.mktemp("isolation")
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = files / "media", files / "private"
    with django_db_blocker.unblock():
        databases.copy(name)
        for slug in SLUGS:
            with tenant_context(base(slug)):
                _everywhere(slug)
                if slug == "centre":
                    _centre()
                else:
                    _base(slug)
        databases.use(before)
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = kept
    yield name, files
    with django_db_blocker.unblock():
        databases.use(before)
        databases.drop(name)


@pytest.fixture
def world(_world, databases, django_db_blocker, settings):
    """The made world, as the database of this test."""
    from tenants import hosts

    name, files = _world
    before = connection.settings_dict["NAME"]
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = files / "media", files / "private"
    with django_db_blocker.unblock():
        databases.use(name)
        hosts.forget()
        yield name
        connection.set_schema_to_public()
        hosts.forget()
        databases.use(before)


@pytest.fixture
def enter(world):
    """`enter("north", "clerk")` is a browser of that base's clerk; without a role, a stranger."""
    from django.test import Client

    from tenants.staff.models import User
    from tests.cast import base

    def client(slug, role="", host=""):
        found = Client(HTTP_HOST=host or f"{slug}.localhost", raise_request_exception=False)
        if role:
            with tenant_context(base(slug)):
                found.force_login(User.objects.get(username=role))
        return found

    return client
