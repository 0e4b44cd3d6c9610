"""Who comes into a class, waits, moves up, goes to another one, leaves and comes back."""

from datetime import timedelta

from courses.intake.models import EnrolmentChange
from courses.intake.services.enter import Newcomer, enrol_people
from courses.intake.services.places import (
    admit,
    move_up,
    set_places,
    take_back,
    transfer,
    withdraw,
)
from courses.models import Enrolment
from courses.services import identity
from tests.certificates.chain_model import Thing
from tests.certificates.chain_people import CHILD, PEOPLE, name_on_file, pick

WHYS = [*EnrolmentChange.Why.values, "nonsense"]


class Intake:
    """A part of `Chain`."""

    def may_join(self, one, person):
        there = any(place.person == person for place in self.model.here(one))
        return one.state != "finished" and person != CHILD and not there

    def do_enrol(self, c, person, *_):
        one, person = self.one(c), person % len(PEOPLE)
        newcomer = Newcomer(name_on_file(person), PEOPLE[person])

        def real():
            [told] = enrol_people(self.fresh(one), [newcomer], self.clerk)
            return told.ok

        return self.may_join(one, person), real, lambda _: self._joined(one, person)

    def _joined(self, one, person):
        digest = identity.base_digest(PEOPLE[person])
        real = Enrolment.objects.get(training_class=one.real, trainee__id_digest=digest)
        self._come(one, person, real)

    def _come(self, one, person, real):
        """Into the class or onto its waiting list; whoever was there before has the old place."""
        place = next((at for at in self.model.here(one) if at.person == person), None)
        if place is None:
            place = Thing(
                real=real, one=one, person=person, state="", left_inside=None,
                said={"desk": {}, "paper": {}, "decided": {}}, scores=None, papers=[], taps=[],
            )  # fmt: skip
            self.model.places.append(place)
        self.model.come(place)
        place.left_inside = None

    def _left(self, place, inside, outside, day):
        place.left_inside = day if place.state == "enrolled" else None
        place.state = inside if place.state == "enrolled" else outside
        place.one.queue = [each for each in place.one.queue if each is not place]
        self.model.move_up(place.one)

    def do_withdraw(self, p, why, words, day):
        place, why = self.place(p), pick(WHYS, why)
        on = place.one.real.starts_on + timedelta(days=day - 1)
        if day > 4:
            on = self.today + timedelta(days=int(day == 5))
        wanted = self.model.may_move(place, True) and why != "nonsense"
        wanted = wanted and (bool(words) or why != "other")
        wanted = wanted and place.one.real.starts_on <= on <= self.today
        return (
            wanted,
            lambda: withdraw(place.real, why, "说明" * words, on, self.clerk) is not None,
            lambda _: self._left(place, "gave up", "gone", on),
        )

    def do_transfer(self, p, c, words):
        place, goal = self.place(p), self.one(c)
        there = [at for at in self.model.here(goal) if at.person == place.person]
        wanted = self.model.may_move(place, True) and bool(words) and goal.state != "finished"
        wanted = wanted and not any(at.state in ("enrolled", "waiting") for at in there)

        def then(moved):
            self._come(goal, place.person, moved[0])
            self._left(place, "gone", "gone", self.today)

        def real():
            return transfer(place.real, self.fresh(goal), "换时间" * words, self.clerk)

        return wanted, real, then

    def do_take_back(self, p, words):
        place = pick([at for at in self.model.places if at.state in ("gave up", "gone")], p)
        return (
            self.model.may_move(place, False) and bool(words),
            lambda: take_back(place.real, "回来了" * words, self.clerk),
            lambda _: self._come(place.one, place.person, place.real),
        )

    def do_admit(self, p, who, words):
        waiting = [at for at in self.model.places if at.state == "waiting"]
        place = pick(waiting, p) if who else self.place(p)
        one = place.one
        wanted = one.state != "finished" and place.state == "waiting" and self.model.free(one)
        wanted = wanted and (bool(words) or one.queue[0] is place)

        def then(_):
            one.queue.remove(place)
            place.state = "enrolled"

        return wanted, lambda: admit(place.real, "照顾" * words, self.clerk), then

    def do_room(self, c, places):
        """Most of these are small enough that somebody has to wait."""
        one, places = self.one(c), (0, 1, 1, 2, 2, 3, 10, 10_001)[places]
        inside = len(self.model.here(one, "enrolled"))
        wanted = one.state != "finished" and max(1, inside) <= places <= 10_000

        def then(_):
            one.room = places
            self.model.move_up(one)

        return (
            wanted,
            lambda: set_places(self.fresh(one), places, self.clerk) is not None,
            then,
        )

    def do_move_up(self, c, *_):
        one = self.one(c)
        return (
            one.state != "finished",
            lambda: move_up(self.fresh(one), self.clerk) is not None,
            lambda _: self.model.move_up(one, asked=True),
        )
