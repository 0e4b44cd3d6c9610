"""The demo has an employer that confirms, a claim that waits and an objection; a second run adds none."""

from certificates.employers.models import Confirmation, Employer
from certificates.employment.models import Claim
from certificates.models import Objection
from lms.demo import facts
from lms.demo.employment import employ
from lms.plugin.testing import inside
from tests.certificates.working import certified


def test_the_demos_employers_are_made_once(db, monkeypatch):
    monkeypatch.setitem(facts.CENTRE, "slug", "centre")
    monkeypatch.setitem(facts.BASES[0], "slug", "north")
    certified(people=3)
    employ()
    employ()
    states = Employer.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["approved", "applied"]
    assert Confirmation.objects.filter(state="counted").count() == 2
    with inside("north"):
        assert Claim.objects.get().firm == "敦化示范小饭馆"
        assert Objection.objects.get().state == "open"
