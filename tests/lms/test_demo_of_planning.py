"""The demo shows requests on every step, a changed class, the year's days and the off-seasons."""

from django.db.models import Count

from courses.models import TrainingClass
from courses.planning.models import Proposal
from courses.requests.models import ClassRequest, Holiday, OpeningPolicy, SeasonWindow
from lms.demo import facts, planning
from tenants.models import Tenant


def test_every_step_of_a_request_is_there_and_a_second_run_adds_nothing(north, monkeypatch):
    real = planning._proposal

    def sewing(base, _trade, days, serial):  # the one project of the cast
        return real(base, "sewing", days, serial)

    monkeypatch.setattr(planning, "_proposal", sewing)
    monkeypatch.setattr(facts, "BASES", [{"slug": "north"}, {"slug": "south"}])
    centre = Tenant.objects.get(slug="centre")
    for _run in range(2):
        planning.plan_ahead(centre)
        states = ClassRequest.objects.filter(tenant=north).order_by().values_list("state")
        assert dict(states.annotate(Count("pk"))) == {
            "sent": 2, "returned": 1, "approved": 1, "carried": 1,
        }  # fmt: skip
    assert ClassRequest.objects.exclude(tenant=north).count() == 1
    assert set(Proposal.objects.values_list("state", flat=True)) == {"draft", "asked", "sent"}
    assert TrainingClass.objects.get().approval.document.endswith("-2")
    assert OpeningPolicy.objects.count() == 1 and SeasonWindow.objects.count() == 2
    assert Holiday.objects.filter(centre=centre, kind="work").exists()
