"""Phones and the sessions that they teach: what the measurements feed on."""

import random
from dataclasses import dataclass, field

from tests.phone import Phone


@dataclass
class Fleet:
    """`places` are (session, enrolments of its class)."""

    phones: list[Phone]
    places: list[tuple[int, list[int]]]
    draw: random.Random = field(default_factory=lambda: random.Random(1))

    def teach(self, phone, events):
        """Marks of one session, as a phone writes them."""
        session, people = self.draw.choice(self.places)
        for _ in range(events):
            phone.mark(session, self.draw.choice(people))

    def batches(self, count, events=100):
        """Of each phone in turn: `count` batches as a phone sends them."""
        found = []
        for n in range(count):
            phone = self.phones[n % len(self.phones)]
            self.teach(phone, events)
            found.append(phone.events[-events:])
        return found


def enrolled(trainer, clerk):
    """A phone that the base knows, by the services and without HTTP."""
    from courses.fieldlog.rules.envelope import unb64
    from courses.fieldlog.services import enrol, keys

    phone = Phone()
    ticket = enrol.new_ticket(trainer, clerk, all_classes=True)
    found = enrol.enrol(ticket, unb64(phone.public_key), "台架", "bench")
    said = {
        "device": str(found.device.uuid),
        "token": found.token,
        "sealing_key": vars(keys.public("sealing")),
        "receipt_key": vars(keys.public("receipt")),
    }
    return phone.enrolled(said)


def fleet(count):
    """`count` new phones for the sessions of the base that is served now."""
    from courses.models import Enrolment, VillageSession
    from tenants.staff.models import User

    people: dict[int, list[int]] = {}
    for pk, training_class in Enrolment.objects.values_list("pk", "training_class_id"):
        people.setdefault(training_class, []).append(pk)
    sessions = VillageSession.objects.filter(training_class__in=people).order_by("pk")
    places = [(each.pk, people[each.training_class_id]) for each in sessions]
    trainer = sessions[0].training_class.trainer
    clerk = User.objects.filter(groups__name__contains="教务").first()
    return Fleet([enrolled(trainer, clerk) for _ in range(count)], places)
