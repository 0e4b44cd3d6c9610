"""The chain as a person would tell it, in a hundred lines: what a service must accept, and what stands."""

STRENGTH = ("self_reported", "liaison_call", "employer_confirmed", "document")
VALUE = dict.fromkeys(("local", "outward", "self_employed", "flexible", "overseas"), "employed")
VALUE |= {"further_study": "studying", "not_seeking": "not_seeking", "unemployed": "unemployed"}


class Thing:
    def __init__(self, **members):  # one is never equal to another
        vars(self).update(members)


class Model:
    """Classes; places, each a person in a class; papers; and what was said of them."""

    def __init__(self):
        self.classes, self.places = [], []

    def may_join(self, one, person):
        here = [place for place in self.places if (place.one, place.person) == (one, person)]
        return one.state != "finished" and not here

    def standing(self, place, number):
        """(mark, minutes, whether it is disputed), or None."""
        claims = [place.said[how][number] for how in ("desk", "paper") if number in place.said[how]]
        if decided := place.said["decided"].get(number):
            against = [c for c in claims if c not in decided.seen and not agree(decided, c)]
            return decided.mark, decided.minutes, bool(against)
        if not claims:
            return None
        agreeing = [claim for claim in claims if agree(claims[0], claim)]
        least = min(claim.minutes for claim in agreeing)
        return claims[0].mark, least, len(agreeing) < len(claims)

    def disputed(self, place):
        return any((self.standing(place, number) or (0, 0, False))[2] for number in (0, 1))

    def trained(self, place):
        minutes = []
        for number, session in enumerate(place.one.sessions):
            stands = self.standing(place, number)
            if not stands or session.accepted != session.heard:
                return False
            minutes.append(0 if stands[2] else stands[1])
        return minutes[0] >= 144 and minutes[1] >= 162 and sum(minutes) >= 324

    def qualified(self, place):
        return place.scores is not None and min(place.scores) >= 60

    def held(self, person):
        mine = [(place, p) for place in self.places for p in place.papers if place.person == person]
        return [(place, paper) for place, paper in mine if paper.status == "valid"]

    def may_certify(self, place, instead_of=None):
        blocked = any(p.status == "revoked" and not p.released for p in place.papers)
        others = [paper for _, paper in self.held(place.person) if paper is not instead_of]
        ready = self.trained(place) and self.qualified(place) and place.one.state == "finished"
        return ready and not self.disputed(place) and not blocked and not others

    def known(self, rows):
        """What counts: of what was said after the last job that was left, the strongest, the latest."""
        left = {row.ends for row in rows if row.ends}
        over = left | {row.replaces for row in rows}
        since = max((n for n, row in enumerate(rows) if row in left), default=-1)
        standing = [r for r in rows[since + 1 :] if r not in over and r.kind in VALUE]
        strong = [(STRENGTH.index(r.evidence), rows.index(r), r) for r in standing]
        return max(strong, default=(0, 0, None))[2]

    def second_job(self, place, row):
        if VALUE.get(row.kind) != "employed" or not row.full_time:
            return False
        for at, paper in self.held(place.person):
            job = self.known(self.since_revoked(at, paper))
            if job is None or VALUE[job.kind] != "employed" or not job.full_time:
                continue
            firm = job.uscc or job.employer
            known = job in (row.replaces, row.ends) or (firm and firm in (row.uscc, row.employer))
            if not known and (firm or at is not place):
                return True
        return False

    def since_revoked(self, place, paper):
        """What was said of a paper is said of the versions that replace it, and of no other."""
        first = max((n for n, p in enumerate(place.papers) if p.status == "revoked"), default=-1)
        return [row for each in place.papers[first + 1 :] for row in each.rows]

    def steps(self, place):
        paper = next((p for p in place.papers if p.status == "valid"), None)
        trained = paper is not None or self.trained(place)
        qualified = paper is not None or (trained and self.qualified(place))
        reached = {"enrolled", *["trained"] * trained, *["qualified"] * qualified}
        if paper:
            row = self.known(self.since_revoked(place, paper))
            reached |= {"certified", "unknown" if row is None or row.open else VALUE[row.kind]}
        return reached


def agree(one, other):
    away = one.mark in ("absent", "excused")
    return one.mark == other.mark and (away or abs(one.minutes - other.minutes) <= 10)
