"""The chain as a person would tell it, in a hundred lines: what a service must accept, and what stands."""

STRENGTH = ("self_reported", "liaison_call", "employer_confirmed", "document")
VALUE = dict.fromkeys(("local", "outward", "self_employed", "flexible", "overseas"), "employed")
VALUE |= {"further_study": "studying", "not_seeking": "not_seeking", "unemployed": "unemployed"}


class Thing:
    def __init__(self, **members):  # one is never equal to another
        vars(self).update(members)


class Model:
    """Classes, each with who waits; places, each a person in a class; papers; and what was said of them."""

    def __init__(self):
        self.classes, self.places = [], []

    def here(self, one, *states):
        return [p for p in self.places if p.one is one and p.state in (states or (p.state,))]

    def may_move(self, place, inside):  # out of the class, of one who is inside, or back into it
        return place.one.state != "finished" and (place.state in ("enrolled", "waiting")) is inside

    def free(self, one):
        return one.room is None or len(self.here(one, "enrolled")) < one.room

    def come(self, place):  # nobody overtakes who waits
        place.state = "enrolled" if self.free(place.one) and not place.one.queue else "waiting"
        place.one.queue += [place] if place.state == "waiting" else []

    def move_up(self, one, asked=False):  # a class that has begun takes nobody in by itself
        while one.queue and self.free(one) and (asked or one.state == "open"):
            one.queue.pop(0).state = "enrolled"

    def standing(self, place, number):  # (mark, minutes, whether it is disputed), or None
        claims = [place.said[how][number] for how in ("desk", "paper") if number in place.said[how]]
        if decided := place.said["decided"].get(number):
            against = [c for c in claims if c not in decided.seen and not agree(decided, c)]
            return decided.mark, decided.minutes, bool(against)
        agreeing = [claim for claim in claims if agree(claims[0], claim)]
        least = min((claim.minutes for claim in agreeing), default=0)
        return (claims[0].mark, least, len(agreeing) < len(claims)) if claims else None

    def disputed(self, places, *numbers):
        return any((self.standing(at, n) or (0, 0, False))[2] for at in places for n in numbers)

    def trained(self, place):
        told = [self.standing(place, number) for number in (0, 1)]
        if None in told or any(each.accepted != each.heard for each in place.one.sessions):
            return False
        minutes = [0 if disputed else minutes for _, minutes, disputed in told]
        return minutes[0] >= 144 and minutes[1] >= 162 and sum(minutes) >= 324

    def qualified(self, place):
        return place.scores is not None and min(place.scores) >= 60

    def held(self, person):
        mine = [(place, p) for place in self.places for p in place.papers if place.person == person]
        return [(place, paper) for place, paper in mine if paper.status == "valid"]

    def may_certify(self, place, instead_of=None):
        blocked = any(p.status == "revoked" and not p.released for p in place.papers)
        others = [paper for _, paper in self.held(place.person) if paper is not instead_of]
        ready = (place.state, place.one.state) == ("enrolled", "finished") and self.trained(place)
        clear = not self.disputed([place], 0, 1) and not blocked and not others
        return ready and self.qualified(place) and clear

    def known(self, rows):  # since the last job that was left: the strongest, of those the latest
        left = {row.ends for row in rows if row.ends}
        over = left | {row.replaces for row in rows}
        since = max((n for n, row in enumerate(rows) if row in left), default=-1)
        standing = [r for r in rows[since + 1 :] if r not in over and r.kind in VALUE]
        strength = {r: (STRENGTH.index(r.evidence), rows.index(r)) for r in standing}
        return max(standing, key=strength.get, default=None)

    def second_job(self, place, row):  # beside another one that nobody has ended
        jobs = [self.known(self.since_revoked(at, paper)) for at, paper in self.held(place.person)]
        others = [job for job in jobs if job and job not in (row.replaces, row.ends)]
        firms = {job.uscc or job.employer for job in others if job.full_time}
        return row.full_time and bool(firms - {row.uscc, row.employer, ""})

    def since_revoked(self, place, paper):  # what was said of the versions that it replaces too
        first = max((n for n, p in enumerate(place.papers) if p.status == "revoked"), default=-1)
        return [row for each in place.papers[first + 1 :] for row in each.rows]

    def stands(self, place):  # (farthest step, what is known of the work, by what evidence)
        if place.state != "enrolled":  # who gave up was enrolled, and gets no farther
            return ("enrolled", "", "") if place.state == "gave up" else None
        if paper := next((p for p in place.papers if p.status == "valid"), None):
            row = self.known(self.since_revoked(place, paper))
            work = ("unknown", "") if row is None or row.open else (VALUE[row.kind], row.evidence)
            return "certified", *work
        passed = "qualified" if self.qualified(place) else "trained"
        return passed if self.trained(place) else "enrolled", "", ""


def agree(one, other):
    away = one.mark in ("absent", "excused")
    return one.mark == other.mark and (away or abs(one.minutes - other.minutes) <= 10)
