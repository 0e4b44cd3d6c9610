"""Every service of the chain, called at random in a transaction of its own, beside the model."""

from collections import Counter
from copy import copy
from datetime import time, timedelta
from decimal import Decimal
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.employers.models import Employer
from certificates.models import Certificate
from certificates.services.correct import correct
from certificates.services.issue import issue_one
from certificates.services.revoke import allow_reissue, ask, decide
from certificates.standing.models import Standing
from certificates.standing.services.rebuild import rebuild
from courses.fieldlog.models import Reading
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Enrolment, Project, Trainee, TrainingClass
from courses.services import identity
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.attendance import MarkEntry, record_attendance
from courses.services.classes import PlannedSession, open_class, set_class_state
from courses.services.roster import confirm_import, upload_roster
from courses.services.walk_ins import enrol_walk_in
from tenants.models import Division, Tenant
from tenants.staff.models import User
from tests.certificates.chain_intake import Intake
from tests.certificates.chain_model import Model, Thing
from tests.certificates.chain_people import PEOPLE, name_on_file, pick
from tests.certificates.chain_work import Work
from tests.certificates.working import uscc
from tests.story import workbook

MARKS = (
    ("present", 180), ("present", 180), ("late", 165), ("late", 150), ("late", 100), ("absent", 0),
    ("present", 90), ("early_leave", 170),
)  # fmt: skip
SCORES = ((80, 80), (60, 60), (90, 59), (101, 60), (70, 85))
FIRM = uscc(1)
STATES = ("open", "in_session", "finished")


class Chain(Intake, Work):
    """One sequence. `differences` are steps where a service and the model did not say the same."""

    def __init__(self):
        self.model, self.steps, self.differences = Model(), 0, []
        self.accepted = Counter()  # how often each service did what it was asked
        self.codes = count(1)
        self.today = timezone.localdate()
        user = {each.username: each for each in User.objects.all()}
        self.clerk, self.manager = user["clerk"], user["manager"]
        self.trainer, self.examiner = user["trainer"], user["examiner"]
        self.village = Division.objects.filter(level="village", code__startswith="222403").first()
        self.project = Project.objects.get(code="sewing")
        self.employer = Employer.objects.create(
            centre=Tenant.objects.get(slug="centre"), uscc=FIRM, name="示范制衣厂", trade="服装",
            division_code="222403", address="工业路 1 号", contact="马厂长", phone="0433-1",
            state="approved", state_on=self.today,
        )  # fmt: skip

    def fork(self):
        """Another one at the same place: the model is copied, the rows behind it are the same."""
        other = copy(self)
        other.model, other.differences = copied(self.model), []
        other.steps, other.accepted = 0, Counter()
        other.codes = count(100)
        return other

    def run(self, ops, most):
        """`most` steps of those that are about somebody, until one differs: after it all would."""
        for op in ops:
            if self.steps < most and not self.differences:
                self.step(*op)
        if not self.differences:
            self.prove()
        return self

    def step(self, name, *given):
        """`given` are small numbers; what they choose among is there or the step is none."""
        try:
            wanted, real, then = getattr(self, f"do_{name}")(*given)
        except LookupError:  # nobody is there yet whom it could be about
            return
        self.steps += 1
        done = False
        try:
            with transaction.atomic():
                result = real()
                done = result is not False
        except ValidationError:
            pass
        if done != wanted:
            self.differences.append((self.steps, name, given, f"model {wanted}, service {done}"))
        if done and wanted:
            self.accepted[name] += 1
            then(result)
            self.compare(name)

    def compare(self, name):
        """What stands, and where everybody is counted."""
        papers = {p.real.pk: p.status for place in self.model.places for p in place.papers}
        rows = dict(Certificate.objects.values_list("pk", "status"))
        if papers != rows:
            self.differences.append((self.steps, name, rows, papers))
        wanted = {at.real.pk: self.model.stands(at) for at in self.model.places}
        wanted = {pk: stand for pk, stand in wanted.items() if stand}
        if (told := where_they_stand()) != wanted:
            self.differences.append((self.steps, name, told, wanted))

    def prove(self):
        """At the end: what was kept step by step is what the services read from the whole chain."""
        self.compare("end")
        self.differences += [(self.steps, "rebuild", each) for each in rebuild(True).differences]

    # what there is to choose among: LookupError when there is nothing
    def one(self, n):
        return pick(self.model.classes, n)

    def place(self, n):
        return pick(self.model.places, n)

    def paper(self, n):
        """(its place, the paper): the newest ones are met most often."""
        return pick([(at, p) for at in self.model.places for p in at.papers][::-1], n)

    def said(self, n):
        return pick([row for at in self.model.places for p in at.papers for row in p.rows][::-1], n)

    def fresh(self, one):
        """As a view reads it: the services look at what it says."""
        return TrainingClass.objects.get(pk=one.real.pk)

    def do_open(self, how, *_):
        """0 to 3 are right; the others have too little, overlap, leave the days, take a code twice."""
        if len(self.model.classes) >= 3:
            raise LookupError
        k = next(self.codes)
        starts = self.today if how == 3 else self.today - timedelta(days=20 * k)
        at = time((8, 12, 16)[len(self.model.classes)])  # nobody is in two classes at once
        first = PlannedSession(starts, at, "theory", 90 if how == 4 else 180)
        day = starts + timedelta(days=1)
        if how == 5:
            day, at = starts, time(at.hour + 1)
        if how == 6:
            day = starts + timedelta(days=5)
        code = self.model.classes[0].real.code if how == 7 and self.model.classes else f"M-{k}"
        wanted = how < 4 or (how == 7 and not self.model.classes)

        def real():
            return open_class(
                project=self.project, code=code, starts_on=starts,
                ends_on=starts + timedelta(days=1), village=self.village, place="村部",
                trainer=self.trainer, opened_on=self.today,
                sessions=[first, PlannedSession(day, at, "practice", 180)],
            )  # fmt: skip

        def then(opened):
            self.model.classes.append(
                Thing(
                    real=opened,
                    state="open",
                    over=how != 3,
                    room=None,
                    queue=[],
                    sessions=[
                        Thing(real=session, heard=0, accepted=None, marked=False)
                        for session in opened.sessions.order_by("number")
                    ],
                )
            )

        return wanted, real, then

    def do_roster(self, c, person, *_):
        one, person = self.one(c), person % len(PEOPLE)
        wanted = self.may_join(one, person)

        def real():
            file = workbook([(name_on_file(person), PEOPLE[person])])
            kept = upload_roster(self.fresh(one), "r.xlsx", file, self.clerk)
            return confirm_import(kept).imported == 1

        return wanted, real, lambda _: self._joined(one, person)

    def do_walk_in(self, c, person, *_):
        one, person = self.one(c), person % len(PEOPLE)
        wanted = self.may_join(one, person)
        said = {"name": name_on_file(person), "phone": "", "village": ""}
        reading = Reading(
            said=said,
            id_sealed=identity.seal_id(PEOPLE[person]),
            id_digest=identity.base_digest(PEOPLE[person]),
        )
        return (
            wanted,
            lambda: enrol_walk_in(self.fresh(one), reading, self.clerk),
            lambda _: self._joined(one, person),
        )

    def people_of(self, one, who):
        """Everybody on the list, or one who has ever been on it."""
        if who < 4 and (inside := self.model.here(one, "enrolled")):
            return inside
        return [pick(self.model.here(one), who)]

    def do_mark(self, c, s, who, how, reason):
        one, source = self.one(c), "paper" if how >= len(MARKS) else "desk"
        mark, minutes = MARKS[how % len(MARKS)]
        session, here = one.sessions[s % 2], self.people_of(one, who)
        early = session.real.held_on > self.today
        news = [at for at in here if not self._known(at, s % 2, source, mark, minutes)]
        again = any(s % 2 in place.said[source] for place in news)
        impossible = (mark, minutes) == ("present", 90)
        strange = any(not on_roll_of(at, session.real.held_on) for at in news)
        wanted = not early and not (news and (impossible or strange or (again and not reason)))
        entries = [MarkEntry(at.real.pk, mark, minutes, "更正" * reason) for at in here]

        def then(_):
            for place in news:
                place.said[source][s % 2] = Thing(mark=mark, minutes=minutes)
                place.claims = [*getattr(place, "claims", []), place.said[source][s % 2]]
            session.heard += len(news)
            session.marked |= bool(news)

        return (
            wanted,
            lambda: record_attendance(session.real, entries, self.trainer, source=source),
            then,
        )

    def _known(self, place, number, source, mark, minutes):
        stands, said = self.model.standing(place, number), place.said[source].get(number)
        if stands and stands == (mark, minutes, False):
            return True
        return said is not None and (said.mark, said.minutes) == (mark, minutes)

    def do_review(self, c, s, who, how, reason):
        one = self.one(c)
        session, by = one.sessions[s % 2], self.trainer if who == 5 else self.manager
        verdict = "disputed" if how in (3, 9) else "accepted"
        disputed = self.model.disputed(self.model.here(one), s % 2)
        wanted = session.marked and by is not self.trainer
        wanted = wanted and (bool(reason) if verdict == "disputed" else not disputed)

        def then(_):
            session.accepted = session.heard if verdict == "accepted" else None

        said = "已核对" if reason or verdict == "accepted" else ""
        return wanted, lambda: review_session(session.real, verdict, by, said), then

    def do_decide_mark(self, c, s, who, how, reason):
        one = self.one(c)
        session, [place, *_] = one.sessions[s % 2], self.people_of(one, who + 4)
        mark, minutes = MARKS[how % len(MARKS)]
        by = self.trainer if how == 15 else self.manager
        wanted = self.model.standing(place, s % 2) is not None and by is not self.trainer
        wanted = wanted and bool(reason) and (mark, minutes) != ("present", 90)

        def then(_):
            seen = [claim for claim in getattr(place, "claims", [])]
            place.said["decided"][s % 2] = Thing(mark=mark, minutes=minutes, seen=seen)
            session.heard += 1

        def real():
            return decide_mark(session.real, place.real.pk, mark, minutes, "照片为证" * reason, by)

        return wanted, real, then

    def do_score(self, c, who, how, reason, day):
        one, here = self.one(c), self.people_of(self.one(c), who)
        theory, practice = SCORES[how % len(SCORES)]
        on = one.real.starts_on - timedelta(days=1) if day == 5 else self.today
        news = [place for place in here if place.scores != (theory, practice)]
        corrected = any(place.scores for place in news)
        strange = any(at.state != "enrolled" for at in here)
        wanted = day != 5 and not strange
        wanted = wanted and not (news and (theory > 100 or (corrected and not reason)))
        entry = ScoreEntry(Decimal(theory), Decimal(practice), "复核" * reason)

        def then(_):
            for place in here:
                place.scores = (theory, practice)

        def real():
            return [enter_scores(one.real, {at.real.pk: entry for at in here}, on, self.examiner)]

        return wanted, real, then

    def do_state(self, c, to, *_):
        one, state = self.one(c), STATES[to % 3]
        now, then_ = STATES.index(one.state), STATES.index(state)
        wanted = then_ == now or (then_ == now + 1 and (state != "finished" or one.over))

        def then(_):
            one.state = state

        return wanted, lambda: set_class_state(self.fresh(one), state), then

    def do_issue(self, p, *_):
        place = self.place(p)
        wanted = self.model.may_certify(place)

        def real():
            fresh = Enrolment.objects.select_related("trainee", "training_class").get(
                pk=place.real.pk
            )
            done = issue_one(fresh, self.clerk)
            return done if isinstance(done, Certificate) else False

        return wanted, real, lambda real: self._certified(place, real)

    def _certified(self, place, real):
        name = Trainee.objects.get(pk=place.real.trainee_id).name
        printed = (name, place.scores)
        place.papers.append(
            Thing(
                real=real,
                status="valid",
                released=False,
                asks=[],
                rows=[],
                claims=[],
                printed=printed,
            )
        )

    def do_correct(self, p, how, reason, *_):
        place, paper = self.paper(p)
        now = Trainee.objects.get(pk=place.real.trainee_id).name
        name = ("", now, f"{now[:20]}改", "坏#名")[how % 4]
        differs = paper.printed != (name, place.scores)
        wanted = paper.status == "valid" and bool(reason) and name not in ("", "坏#名") and differs
        wanted = wanted and self.model.may_certify(place, instead_of=paper)
        fresh = Certificate.objects.get(pk=paper.real.pk)

        def then(newer):
            paper.status = "superseded"
            for each in paper.asks:
                each.open = False
            self._certified(place, newer)

        return wanted, lambda: correct(fresh, name, "有误" * reason, self.clerk), then

    def do_ask(self, p, who, how, reason, *_):
        _, paper = self.paper(p)
        by = self.manager if who % 2 else self.clerk
        code = "nonsense" if how == 9 else "other"
        wanted = paper.status == "valid" and bool(reason) and how != 9
        wanted = wanted and not any(each.open for each in paper.asks)

        def then(found):
            paper.asks.append(Thing(real=found, by=by, open=True))

        return wanted, lambda: ask(paper.real, code, "误发" * reason, by), then

    def do_decide_revocation(self, p, who, agreed, note, *_):
        _, paper = self.paper(p)
        asked, by = pick(paper.asks[::-1], 0), self.clerk if who % 2 else self.manager
        agreed = agreed % 4 > 0
        wanted = asked.open and (by is not asked.by if agreed else bool(note))

        def then(_):
            asked.open = False
            if agreed:
                paper.status = "revoked"

        return wanted, lambda: decide(asked.real, agreed, by, "不成立" * note), then

    def do_release(self, p, reason, *_):
        _, paper = self.paper(p)
        wanted = paper.status == "revoked" and bool(reason) and not paper.released
        return (
            wanted,
            lambda: allow_reissue(paper.real, self.manager, "已核实" * bool(reason)),
            lambda _: setattr(paper, "released", True),
        )


def on_roll_of(place, day):
    left = place.left_inside is not None and place.left_inside > day
    return place.state == "enrolled" or (place.state in ("gave up", "gone") and left)


def copied(thing, done=None):
    """Of the model's own things; rows and users stay who they are."""
    done = {} if done is None else done
    if id(thing) in done:
        return done[id(thing)]
    if isinstance(thing, Thing | Model):
        done[id(thing)] = new = copy(thing)
        for name, value in vars(thing).items():
            setattr(new, name, copied(value, done))
        return new
    if isinstance(thing, list):
        return [copied(each, done) for each in thing]
    if isinstance(thing, dict):
        return {key: copied(value, done) for key, value in thing.items()}
    return thing


def where_they_stand():
    rows = Standing.objects.values_list("enrolment_id", "reached", "value", "evidence")
    return {pk: tuple(stand) for pk, *stand in rows}


#: How often each is called: what leads on more often than what stops.
WEIGHTS = {
    "open": 2, "roster": 2, "walk_in": 1, "enrol": 1, "room": 2, "withdraw": 3, "transfer": 3,
    "take_back": 3, "admit": 3, "move_up": 1,
    "mark": 5, "review": 5, "decide_mark": 2, "score": 3, "state": 3, "issue": 3, "correct": 4,
    "ask": 2, "decide_revocation": 3, "release": 2, "reevaluated": 3,
    "outcome": 6, "object": 3, "decide_objection": 4, "call": 2, "claim": 2, "refuse_claim": 1,
    "link": 2, "accept_claim": 3, "ask_employer": 2, "employer": 2, "employer_left": 2,
}  # fmt: skip
#: The straight way to papers, one of them revoked, and to work: a sequence begins somewhere on it. One
#: gives up who has passed everything; of a second class with one place, two wait for the free one.
AHEAD = [
    ("open", 0), ("roster", 0, 0), ("roster", 0, 1), ("roster", 0, 2), ("roster", 0, 3),
    ("state", 0, 1), ("mark", 0, 0, 0, 0, 0), ("mark", 0, 1, 0, 0, 0), ("review", 0, 0, 0, 0, 1),
    ("review", 0, 1, 0, 0, 1), ("score", 0, 0, 0, 0, 0),
    ("withdraw", 3, 0, 1, 6), ("state", 0, 2), ("issue", 0), ("issue", 1), ("issue", 2),
    ("ask", 0, 1, 0, 1), ("decide_revocation", 0, 1, 1, 0),
    ("outcome", 1, 0, 1, 1, 0, 1), ("claim", 1, 0), ("employer", 2, 1),
    ("open", 1), ("room", 1, 2), ("roster", 1, 3), ("roster", 1, 0), ("roster", 1, 1),
    ("roster", 1, 2), ("state", 1, 1), ("withdraw", 4, 0, 1, 6), ("move_up", 1),
    ("withdraw", 5, 0, 1, 6),
]  # fmt: skip
