"""What is said of somebody's work: at the desk, on the phone, by claims, links and employers."""

import re
from dataclasses import replace
from datetime import timedelta

from certificates.duties.services.calls import SAME, record_call
from certificates.duties.services.calls import Said as Told
from certificates.employers.services.confirm import Work as Job
from certificates.employers.services.confirm import confirm, say_left
from certificates.employment.services.claims import Said, accept, make_claim, refuse
from certificates.employment.services.links import Answered, answer, send_confirm_link
from certificates.employment.services.objections import decide as decide_objection
from certificates.models import FollowUp, Outcome, Reevaluation
from certificates.register.models import RegisterEntry
from certificates.services.outcomes import Facts, object_to, record_outcome
from certificates.services.reevaluate import decide as decide_reevaluation
from tenants.outbox.models import Message
from tests.certificates.chain_model import VALUE, Thing
from tests.certificates.chain_people import pick

GOOD_USCC = "52222403MJ0000011T"
REACHED = {
    "register": "employer_confirmed",
    "public": "employer_confirmed",
    "claim": "liaison_call",
}
EVIDENCE = Outcome.Evidence.values


class Work:
    """A part of `Chain`."""

    def newest(self, row_or_claim):
        """(place, the version that stands for it now)."""
        for place in self.model.places:
            for n, paper in enumerate(place.papers):
                if row_or_claim in [*paper.rows, *paper.claims]:
                    return place, next(p for p in place.papers[n:] if p.status != "superseded")
        raise LookupError

    def facts(self, kind, evidence, detail):
        """A row and the facts it is said by. `detail` chooses firm, start, place and hours."""
        kind = Outcome.Kind.values[kind % 10]
        work, hired = VALUE.get(kind) == "employed", kind in ("local", "outward", "overseas")
        firm = ("", "甲厂", "乙厂", "甲厂")[detail % 4] if hired or detail % 2 else ""
        uscc = {13: "123", 14: GOOD_USCC, 15: GOOD_USCC}.get(detail, "")
        start = self.today + timedelta(days={11: 1, 12: -20000}.get(detail, -detail))
        start = None if detail == 10 else start
        where, full_time = "" if detail == 7 else "31", detail % 5 != 4
        row = row_of(
            kind, evidence, employer=firm, uscc=uscc, full_time=work and full_time, start=start
        )
        row.sound = not (work and start is None) and detail not in (11, 12, 13)
        row.sound = row.sound and not (hired and not firm) and not (kind == "outward" and not where)
        return row, Facts(
            kind, evidence, employer=firm, employer_uscc=uscc, place_code=where,
            started_on=start, full_time=full_time,
        )  # fmt: skip

    def may_say(self, place, paper, row, ended_on=None):
        """Of a valid paper, of rows that stand there, and beside no other full-time job."""
        if paper.status != "valid" or not row.sound:
            return False
        rows = self.model.since_revoked(place, paper)
        if row.replaces and any(r.replaces is row.replaces for r in rows):
            return False
        if job := row.ends:
            known = job in rows and VALUE.get(job.kind) == "employed"
            if not known or any(r.ends is job for r in rows):
                return False
            if ended_on > self.today or (job.start and ended_on < job.start):
                return False
        return not self.model.second_job(place, row)

    def do_outcome(self, p, kind, evidence, detail, over, reason):
        """`over` chooses an earlier row and what is done to it."""
        place, paper = self.paper(p)
        rows = self.model.since_revoked(place, paper) if paper.status == "valid" else []
        row, facts = self.facts(kind, EVIDENCE[evidence % 4], detail)
        earlier = pick(rows[::-1], over // 3) if over and rows and over < 12 else None
        row.replaces, row.ends = (
            earlier if over % 3 == 1 else None,
            earlier if over % 3 == 2 else None,
        )
        row.sound = row.sound and not (row.replaces and not reason)
        ended_on = self.today - timedelta(days=0 if reason else 30)
        facts = replace(
            facts,
            replaces=row.replaces and row.replaces.real,
            reason="核实" * reason if row.replaces else "",
            ends=row.ends and row.ends.real,
            ended_on=ended_on if row.ends else None,
            end_reason="resigned" if row.ends else "",
        )
        return (
            self.may_say(place, paper, row, ended_on),
            lambda: record_outcome(paper.real, facts, by=self.clerk),
            lambda real: add(paper, row, real),
        )

    def do_call(self, p, kind, detail, reason):
        """Only where a call is due: what closes duties is no matter of the chain's order."""
        place, paper = self.paper(p)
        duties = FollowUp.objects.filter(certificate=paper.real, done_on__isnull=True)
        if paper.status != "valid" or not duties.exists():
            raise LookupError
        said = self.model.known(self.model.since_revoked(place, paper))
        ended_on = self.today - timedelta(days=0 if reason else 30)
        if kind == 9:
            missed = Told("no_answer")
            return True, lambda: record_call(place.real.trainee, missed, self.clerk), lambda _: None
        row, facts = self.facts(kind, "liaison_call", detail)
        told = Told(
            "reached", "self", row.kind, employer=row.employer, place_code=facts.place_code,
            started_on=row.start, ended_on=ended_on, end_reason="resigned",
        )  # fmt: skip
        if kind == 8:
            told = replace(told, kind=SAME)
            row = Thing(**vars(said)) if said else row_of("unknown", "liaison_call")
            row.evidence, row.replaces, row.ends, row.sound = "liaison_call", None, None, bool(said)
            row.objections, row.open = [], False
        elif row.kind not in VALUE:
            raise LookupError
        else:
            works = VALUE[row.kind] == "employed"
            row.uscc, row.employer, row.full_time = "", row.employer * works, works
            row.start = row.start if works else None
            row.sound = self.sound_call(row, facts.place_code, detail)
            row.ends = said if said and VALUE[said.kind] == "employed" else None
        return (
            self.may_say(place, paper, row, ended_on),
            lambda: record_call(place.real.trainee, told, self.clerk).outcome,
            lambda real: add(paper, row, real),
        )

    def sound_call(self, row, where, detail):
        """Nobody is asked for a credit code on the phone."""
        if VALUE[row.kind] != "employed":
            return True
        hired = row.kind in ("local", "outward", "overseas")
        missing = row.start is None or (hired and not row.employer)
        return not (missing or (row.kind == "outward" and not where) or detail in (11, 12))

    def claim(self, n):
        every = [(at, p, each) for at in self.model.places for p in at.papers for each in p.claims]
        return pick(every[::-1], n)

    def do_claim(self, p, detail):
        _, paper = self.paper(p)
        said = Said("甲厂" * (detail != 9), "马厂长", "0433-1", uscc="123" * (detail == 8))
        waiting = sum(each.open for each in paper.claims)
        return (
            waiting < 3 and detail not in (8, 9),
            lambda: make_claim(paper.real, said),
            lambda real: paper.claims.append(
                Thing(real=real, open=True, tap=None, firm="甲厂", uscc="")
            ),
        )

    def do_accept_claim(self, c, kind, reached, detail):
        *_, claim = self.claim(c)
        place, newest = self.newest(claim)
        reached = [*REACHED, "nobody"][reached % 4]
        row, facts = self.facts(kind, REACHED.get(reached, "document"), detail)
        wanted = claim.open and reached in REACHED and self.may_say(place, newest, row)

        def then(real):
            add(newest, row, real)
            settled(claim, row)

        return wanted, lambda: accept(claim.real, facts, reached, self.clerk), then

    def do_refuse_claim(self, c, reason):
        *_, claim = self.claim(c)
        return (
            claim.open and bool(reason),
            lambda: refuse(claim.real, self.clerk, "查无此人" * reason),
            lambda _: settled(claim, None),
        )

    def sent_link(self, of, reached, said):
        """Sent and answered: the token stands in what was written to the employer."""
        send_confirm_link(of.real, "0433-1", reached, self.clerk)
        text = Message.objects.filter(subject="就业核实").latest("pk").text
        return answer(re.search("/confirm/([^/]+)/", text)[1], said)

    def do_link(self, c, how, reached, detail, text):
        """The employer of a claim answers: so it is, it is over, it is not so."""
        *_, claim = self.claim(c)
        place, newest = self.newest(claim)
        reached = [*REACHED][reached % 3]
        row, facts = self.facts(detail % 2, REACHED[reached], detail)
        row.kind, row.employer, row.uscc = (
            "outward" if facts.place_code else "local",
            claim.firm,
            claim.uscc,
        )
        row.sound = row.start is not None and detail not in (11, 12)
        row.full_time = facts.full_time and how != 1
        left = row_of("unknown", row.evidence, ends=row)
        said = Answered(
            ("confirmed", "left", "rejected")[how % 3], started_on=row.start,
            place_code=facts.place_code, full_time=facts.full_time,
            left_on=self.today, end_reason="resigned", text="没有这个人" * text,
        )  # fmt: skip
        wanted = bool(text) if how % 3 == 2 else self.may_say(place, newest, row)

        def then(link):
            if how % 3 == 2:
                return settled(claim, None)
            rows = list(Outcome.objects.order_by("-pk")[: 1 + how % 3])[::-1]
            for one, real in zip((row, left), rows, strict=False):
                add(newest, one, real)
            return settled(claim, rows and (row, left)[how % 3])

        return claim.open and wanted, lambda: self.sent_link(claim, reached, said), then

    def do_ask_employer(self, r, how, reached, text):
        """The employer of what stands on record answers."""
        row = self.said(r)
        place, newest = self.newest(row)
        how, reached = ("left", "rejected")[how % 2], [*REACHED][reached % 3]
        every = [each for p in place.papers for each in p.rows]
        new = row_of("unknown", REACHED[reached])
        overrules = reached != "claim" and row.evidence != "document"
        if how == "left":
            new.ends = row
        else:
            new.replaces, new.sound = row if overrules else None, bool(text)
        said = Answered(how, left_on=self.today, end_reason="resigned", text="没有这个人" * text)
        wanted = VALUE.get(row.kind) == "employed" and all(r.replaces is not row for r in every)
        wanted = wanted and self.may_say(place, newest, new, self.today)
        wanted = wanted and (new.replaces is None or row in self.model.since_revoked(place, newest))

        def then(link):
            add(newest, new, link.outcome)
            if new.replaces:
                self.fall(row)

        return wanted, lambda: self.sent_link(row, reached, said), then

    def fall(self, row):
        """What a registered employer has said falls with its row."""
        for tap in [tap for place in self.model.places for tap in place.taps]:
            if tap.row is row:
                tap.state = "refused"

    def do_employer(self, p, detail):
        place, paper = self.paper(p)
        later = place.papers[place.papers.index(paper) :]
        newest = next(each for each in later if each.status != "superseded")
        row, facts = self.facts(1, "employer_confirmed", detail)
        if row.start is None:
            raise LookupError
        row.employer, row.uscc = self.employer.name, self.employer.uscc
        row.kind, row.sound = "outward" if facts.place_code else "local", detail not in (11, 12)
        again = any(tap.state != "refused" and not tap.left for tap in place.taps)
        beside = newest.status == "valid" and self.model.second_job(place, row)
        wanted = newest.status == "valid" and row.sound and not again

        def real():
            entry = RegisterEntry.objects.get(code=paper.real.code)
            job = Job("缝纫", row.start, facts.place_code, facts.full_time)
            return confirm(self.employer, entry, job)

        def then(found):
            tap = Thing(real=found, state="counted", left=False, row=row)
            place.taps.append(tap)
            if beside:
                tap.state, tap.row = "waiting", None
                kept = newest.real.claims_made.latest("pk")
                firm, code = row.employer, row.uscc
                newest.claims.append(Thing(real=kept, open=True, tap=tap, firm=firm, uscc=code))
            else:
                add(newest, row, Outcome.objects.get(pk=found.outcome))

        return wanted, real, then

    def do_employer_left(self, p, early):
        place = self.place(p)
        tap = pick(place.taps[::-1], 0)
        left_on = self.today - timedelta(days=60 * early)
        row = row_of("unknown", "employer_confirmed", ends=tap.row)
        wanted = tap.state == "counted" and not tap.left and tap.row is not None
        if wanted:
            _, newest = self.newest(tap.row)
            wanted = self.may_say(place, newest, row, left_on)

        def real():
            tap.real.refresh_from_db()
            say_left(self.employer, tap.real, left_on, "resigned")

        def then(_):
            tap.left = True
            add(newest, row, Outcome.objects.latest("pk"))

        return wanted, real, then

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
        place, newest = self.newest(row)
        upheld = bool(upheld % 2)
        overruled = any(r.replaces is row for p in place.papers for r in p.rows)

        def then(_):
            row.open = False
            if upheld:
                self.fall(row)
            if upheld and not overruled:
                new = row_of("unknown", "self_reported", replaces=row)
                add(newest, new, row.real.replaced_by.get())

        return (
            row.open and bool(note),
            lambda: decide_objection(found, upheld, self.manager, "已核实" * bool(note)),
            then,
        )

    def do_reevaluated(self, p, keep, reason, *_):
        """Where marks or scores were put right after the issue: it stays, or is asked to be revoked."""
        _, paper = self.paper(p)
        rows = Reevaluation.objects.filter(certificate=paper.real, state="open")
        found = pick(list(rows), 0)
        wanted = bool(reason)
        if not keep:
            wanted = (
                wanted and paper.status == "valid" and not any(each.open for each in paper.asks)
            )

        def then(_):
            if not keep:
                asked = paper.real.revocations.latest("pk")
                paper.asks.append(Thing(real=asked, by=self.clerk, open=True))

        verdict = "keep" if keep else "revoke"
        return (
            wanted,
            lambda: decide_reevaluation(found, verdict, "核实" * reason, self.clerk),
            then,
        )


def row_of(kind, evidence, **members):
    rest = {"employer": "", "uscc": "", "full_time": False, "start": None}
    rest |= {"replaces": None, "ends": None, "open": False, "objections": [], "sound": True}
    return Thing(kind=kind, evidence=evidence, **(rest | members))


def add(paper, row, real):
    if real is not True and real is not None:
        row.real = real
        paper.rows.append(row)


def settled(claim, row):
    """A registered employer's own confirmation follows what became of its claim."""
    claim.open = False
    if claim.tap:
        claim.tap.state, claim.tap.row = "counted" if row else "refused", row
