"""A certified class whose people have phones and villages."""

from datetime import timedelta

from django.utils import timezone

from certificates.models import Certificate, FollowUp
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from courses.models import Trainee
from tenants.models import Division
from tests.story import finished


def villages(count=2):
    found = Division.objects.filter(level="village", code__startswith="222403").order_by("code")
    return list(found[:count])


def certified(code="T-01", people=4, seed=1, days_ago=0):
    """The certificates, issued `days_ago`: every other person lives in the first village."""
    training_class = finished(code=code, people=people, seed=seed, days_ago=days_ago + 20)
    on = timezone.localdate() - timedelta(days=days_ago)
    issue_class(training_class, None, on=on)
    places = villages()
    for n, trainee in enumerate(Trainee.objects.filter(phone="").order_by("pk")):
        trainee.phone, trainee.village = f"1390000{trainee.pk:04}", places[n % 2]
        trainee.save()
    return list(Certificate.objects.filter(enrolment__training_class=training_class).order_by("pk"))


def due(certificate, days=0):
    """The first open duty falls due so many days from today."""
    duty = FollowUp.objects.filter(certificate=certificate, done_on__isnull=True).first()
    FollowUp.objects.filter(pk=duty.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    return duty


def told(certificate, kind="local", by=None, **more):
    facts = {"kind": kind, "evidence": "liaison_call"}
    if kind in ("local", "outward", "self_employed", "flexible", "overseas"):
        facts["started_on"] = timezone.localdate() - timedelta(days=10)
    if kind in ("local", "outward", "overseas"):
        facts["employer"] = "示范服装厂"
    if kind == "outward":
        facts["place_code"] = "2101"
    said_by = {} if by else {"said_by": "本人"}
    return record_outcome(certificate, Facts(**facts | more), by=by, **said_by)
