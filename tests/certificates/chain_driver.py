"""Every service of the chain, called at random in a transaction of its own, beside the model."""

from copy import copy
from datetime import time, timedelta
from decimal import Decimal
from itertools import count

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from certificates.models import Certificate, Outcome
from certificates.services.correct import correct
from certificates.services.issue import issue_one
from certificates.services.outcomes import Facts, decide_objection, object_to, record_outcome
from certificates.services.places import places
from certificates.services.revoke import allow_reissue, ask, decide
from courses.fieldlog.models import Reading
from courses.fieldlog.services.review import decide_mark, review_session
from courses.models import Enrolment, Project, Trainee, TrainingClass
from courses.services import identity
from courses.services.assessment import ScoreEntry, enter_scores
from courses.services.attendance import MarkEntry, record_attendance
from courses.services.classes import PlannedSession, open_class, set_class_state
from courses.services.roster import confirm_import, upload_roster
from courses.services.walk_ins import enrol_walk_in
from tenants.models import Division
from tenants.staff.models import User
from tests.certificates.chain_model import VALUE, Model, Thing
from tests.story import ids, workbook

PEOPLE = [*ids(4, seed=77), "222403202001010018"]  # the last one is a child
CHILD = len(PEOPLE) - 1
MARKS = (
    ("present", 180), ("present", 180), ("late", 165), ("late", 150), ("late", 100), ("absent", 0),
    ("present", 90), ("early_leave", 170),
)  # fmt: skip
SCORES = ((80, 80), (60, 60), (90, 59), (101, 60), (70, 85))
STATES = ("open", "in_session", "finished")
GOOD_USCC = "52222403MJ0000011T"


class Chain:
    """One sequence. `differences` are steps where a service and the model did not say the same."""

    def __init__(self):
        self.model, self.steps, self.differences = Model(), 0, []
        self.accepted = 0
        self.codes = count(1)
        self.today = timezone.localdate()
        user = {each.username: each for each in User.objects.all()}
        self.clerk, self.manager = user["clerk"], user["manager"]
        self.trainer, self.examiner = user["trainer"], user["examiner"]
        self.village = Division.objects.filter(level="village", code__startswith="222403").first()
        self.project = Project.objects.get(code="sewing")

    def fork(self):
        """Another one at the same place: the model is copied, the rows behind it are the same."""
        other = copy(self)
        other.model, other.differences = copied(self.model), []
        other.steps = other.accepted = 0
        other.codes = count(100)
        return other

    def run(self, ops, most):
        """`most` steps of those that are about somebody; how many there were is `steps`."""
        for op in ops:
            if self.steps < most:
                self.step(*op)
        self.compare("end")
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
            self.accepted += 1
            then(result)
            self.compare(name, everywhere=self.accepted % 4 == 0)

    def compare(self, name, everywhere=True):
        """What stands; `everywhere` the steps of each place too, which takes the longest."""
        papers = {p.real.pk: p.status for place in self.model.places for p in place.papers}
        rows = dict(Certificate.objects.values_list("pk", "status"))
        if papers != rows:
            self.differences.append((self.steps, name, rows, papers))
        if everywhere:
            self.compare_places(name)

    def compare_places(self, name):
        said = {place.enrolment.pk: place for place in places()}
        for place in self.model.places:
            told = said[place.real.pk]
            if set(told.steps) != (wanted := self.model.steps(place)):
                self.differences.append((self.steps, name, sorted(told.steps), sorted(wanted)))

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
        first = PlannedSession(starts, time(8, 30), "theory", 90 if how == 4 else 180)
        day, at = starts + timedelta(days=1), time(8, 30)
        if how == 5:
            day, at = starts, time(9)
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
                    sessions=[
                        Thing(real=session, heard=0, accepted=None, marked=False)
                        for session in opened.sessions.order_by("number")
                    ],
                )
            )

        return wanted, real, then

    def do_roster(self, c, person, *_):
        one, person = self.one(c), person % len(PEOPLE)
        wanted = self.model.may_join(one, person) and person != CHILD

        def real():
            file = workbook([(f"学员{person + 1}", PEOPLE[person])])
            kept = upload_roster(self.fresh(one), "r.xlsx", file, self.clerk)
            return confirm_import(kept).imported == 1

        return wanted, real, lambda _: self._joined(one, person)

    def do_walk_in(self, c, person, *_):
        one, person = self.one(c), person % len(PEOPLE)
        wanted = self.model.may_join(one, person) and person != CHILD
        said = {"name": f"学员{person + 1}", "phone": "", "village": ""}
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

    def _joined(self, one, person):
        real = Enrolment.objects.get(
            training_class=one.real, trainee__id_digest=identity.base_digest(PEOPLE[person])
        )
        said = {"desk": {}, "paper": {}, "decided": {}}
        place = Thing(real=real, one=one, person=person, said=said, scores=None, papers=[])
        self.model.places.append(place)

    def people_of(self, one, who):
        """Everybody of the class, or one of them."""
        here = [place for place in self.model.places if place.one is one]
        if not here:
            raise LookupError
        return here if who < 4 else [pick(here, who)]

    def do_mark(self, c, s, who, how, reason):
        one, source = self.one(c), "paper" if how >= len(MARKS) else "desk"
        mark, minutes = MARKS[how % len(MARKS)]
        session, here = one.sessions[s % 2], self.people_of(one, who)
        early = session.real.held_on > self.today
        news = [at for at in here if not self._known(at, s % 2, source, mark, minutes)]
        again = any(s % 2 in place.said[source] for place in news)
        impossible = (mark, minutes) == ("present", 90)
        wanted = not early and not (news and (impossible or (again and not reason)))
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
        here = [place for place in self.model.places if place.one is one]
        disputed = any((self.model.standing(at, s % 2) or (0, 0, False))[2] for at in here)
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
        wanted = day != 5 and not (news and (theory > 100 or (corrected and not reason)))
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
            Thing(real=real, status="valid", released=False, asks=[], rows=[], printed=printed)
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

    def do_outcome(self, p, kind, evidence, detail, over, reason):
        """`detail` chooses firm, start, place and hours; `over` an earlier row and what is done to it."""
        place, paper = self.paper(p)
        rows = self.model.since_revoked(place, paper) if paper.status == "valid" else []
        kind = Outcome.Kind.values[kind % 10]
        earlier = pick(rows[::-1], over // 3) if over and rows and over < 12 else None
        replaces, ends = (earlier if over % 3 == 1 else None), (earlier if over % 3 == 2 else None)
        work, hired = VALUE.get(kind) == "employed", kind in ("local", "outward", "overseas")
        firm = ("", "甲厂", "乙厂", "甲厂")[detail % 4] if hired or detail % 2 else ""
        uscc = {13: "123", 14: GOOD_USCC, 15: GOOD_USCC}.get(detail, "")
        start = self.today + timedelta(days={11: 1, 12: -20000}.get(detail, -detail))
        start = None if detail == 10 else start
        where = "" if detail == 7 else "31"
        row = Thing(
            kind=kind, evidence=Outcome.Evidence.values[evidence % 4], employer=firm, uscc=uscc,
            full_time=detail % 5 != 4, replaces=replaces, ends=ends, open=False, upheld=False,
            start=start, objections=[],
        )  # fmt: skip
        wanted = paper.status == "valid" and not (work and start is None)
        wanted = wanted and not (hired and not firm) and not (kind == "outward" and not where)
        wanted = wanted and detail not in (11, 12, 13)
        if replaces:
            wanted = wanted and bool(reason) and not any(r.replaces is replaces for r in rows)
        ended_on = self.today - timedelta(days=0 if reason else 30)
        if ends:
            wanted = wanted and VALUE.get(ends.kind) == "employed"
            wanted = wanted and not any(r.ends is ends for r in rows)
            wanted = wanted and not (ends.start and ended_on < ends.start)
        wanted = wanted and not self.model.second_job(place, row)
        facts = Facts(
            kind, row.evidence, employer=firm, employer_uscc=uscc, place_code=where,
            started_on=start, full_time=row.full_time,
            replaces=replaces and replaces.real, reason="核实" * reason if replaces else "",
            ends=ends and ends.real, ended_on=ended_on if ends else None,
            end_reason="resigned" if ends else "",
        )  # fmt: skip

        def then(real):
            row.real = real
            paper.rows.append(row)

        return wanted, lambda: record_outcome(paper.real, facts, by=self.clerk), then

    def do_object(self, r, text, *_):
        row = self.said(r)
        wanted = bool(text) and not row.open

        def then(found):
            row.open = True
            row.objections.append(found)

        return wanted, lambda: object_to(row.real, "不是我" * bool(text)), then

    def do_decide_objection(self, r, upheld, note, *_):
        row = self.said(r)
        found = pick(row.objections[::-1], 0)
        place, paper = next((at, p) for at in self.model.places for p in at.papers if row in p.rows)
        later = place.papers[place.papers.index(paper) :]
        newest = next(p for p in later if p.status != "superseded")
        upheld = bool(upheld % 2)
        overruled = any(r.replaces is row for p in place.papers for r in p.rows)

        def then(_):
            row.open = False
            if upheld and not overruled:
                real = row.real.replaced_by.get()
                newest.rows.append(
                    Thing(
                        kind="unknown",
                        evidence="self_reported",
                        employer="",
                        uscc="",
                        full_time=True,
                        replaces=row,
                        ends=None,
                        open=False,
                        start=None,
                        objections=[],
                        real=real,
                    )
                )

        return (
            row.open and bool(note),
            lambda: decide_objection(found, upheld, self.manager, "已核实" * bool(note)),
            then,
        )


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


def pick(things, n):
    if not things:
        raise LookupError
    return things[n % len(things)]


#: How often each is called: what leads on more often than what stops.
WEIGHTS = {
    "open": 2, "roster": 3, "walk_in": 1, "mark": 5, "review": 5, "decide_mark": 2, "score": 3,
    "state": 4, "issue": 5, "correct": 3, "ask": 2, "decide_revocation": 2, "release": 2,
    "outcome": 8, "object": 2, "decide_objection": 2,
}  # fmt: skip
#: The straight way to a paper: a sequence begins somewhere on it.
AHEAD = [
    ("open", 0), ("roster", 0, 0), ("roster", 0, 1), ("state", 0, 1),
    ("mark", 0, 0, 0, 0, 0), ("mark", 0, 1, 0, 0, 0), ("review", 0, 0, 0, 0, 1),
    ("review", 0, 1, 0, 0, 1), ("score", 0, 0, 0, 0, 0), ("state", 0, 2), ("issue", 0), ("issue", 1),
]  # fmt: skip
