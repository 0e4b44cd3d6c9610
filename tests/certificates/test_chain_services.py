"""Every service that writes what the chain rests on is called by the random sequences, or named here."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
DRIVERS = [f"tests.certificates.chain_{name}" for name in ("driver", "intake", "work")]
#: What the chain rests on; and the words that write it.
CHAIN = {
    *("Enrolment", "TrainingClass", "VillageSession", "Attendance", "SessionLog", "Score"),
    *("Certificate", "Revocation", "Outcome", "Objection", "Reevaluation", "Standing"),
}
WRITES = {"save", "create", "bulk_create", "bulk_update", "update", "delete", "_raw_delete"}
MOMENTS = {"chain_moved", "sessions_settled", "scores_entered"}
#: Which ones the sequences leave out, a function or a whole module, and why.
NAMED = {
    # Writes of other things, found here because they speak of the chain.
    "certificates.designs.services.designs.freeze": "how papers look",
    "certificates.dossiers.services.make.make": "reads the chain into a file",
    "certificates.duties.services.draws": "who is called again",
    "certificates.duties.services.gate.grant_exception": "lets a class open; open_class is called",
    "certificates.holders.services.held.paper_of": "papers",
    "certificates.services.attachment": "papers",
    "certificates.services.credentials": "papers",
    "certificates.services.papers": "papers",
    "certificates.services.prints": "papers",
    "courses.applying.services.apply.apply": "an application is no place in a class",
    "courses.applying.services.listed": "what the portal shows",
    "courses.applying.services.propose.answer": "a proposal is no place in a class",
    "courses.applying.services.terms.set_terms": "what a class asks of applicants",
    "courses.assessing.services.plan.make_sitting": "no score before it is closed",
    "courses.fieldlog.services.paper.print_sheet": "an empty sheet",
    "courses.intake.services.yearly.renew": "how many trainings a year",
    "courses.planning.services.proposals.write": "a request is no class",
    "courses.planning.services.share": "the plan of all bases",
    "courses.services.contact.correct": "a telephone and a village: where somebody is counted, no step",
    "courses.services.photos.set_photo": "a picture",
    # They write by a service that the sequences call, and have tests of their own.
    "certificates.duties.services.samples": "an answer that is taken over goes through record_outcome",
    "certificates.employment.services.worker.object_by_link": "object_to",
    "certificates.services.issue.issue_class": "issue_one for each",
    "courses.applying.services.apply.withdraw": "withdraw",
    "courses.applying.services.decide": "enrol_people and withdraw",
    "courses.assessing.services.appeals.decide": "enter_scores",
    "courses.assessing.services.hold": "enter_scores",
    "courses.assessing.services.outcome.settle": "enter_scores",
    "courses.fieldlog.services.review.accept_all": "review_session for each",
    "courses.intake.services.rosters.import_whole": "the same parts as confirm_import",
    "courses.planning.services.opening.open_from": "open_class",
    # Called by signals of the services that the sequences call: what they write is compared.
    "certificates.services.reevaluate": "after marks and scores",
    "certificates.standing.services.keep": "after every step",
    "certificates.standing.services.rebuild.tidy": "rebuild, which ends each sequence",
    # The log of the phones has machines of its own: tests/courses/fieldlog, `script/bench field`.
    "courses.fieldlog.services.enrol": "phones come and go",
    "courses.fieldlog.services.handin.hand_in": "what a phone brings",
    "courses.fieldlog.services.paper": "sheets of paper",
    "courses.fieldlog.services.project.presence.renew": "after a base was moved",
    "courses.fieldlog.services.project.run.rebuild": "the same marks from nothing",
    "courses.fieldlog.services.trainers": "who spoke on a phone",
    "courses.fieldlog.services.villages.say_place": "where a phone was",
    # They move nobody in the chain.
    "courses.planning.services.changes": "days, place and trainer of a class",
    "courses.planning.services.decide.decide": "changes of days, place and trainer",
    "courses.planning.services.proposals.carry_change": "changes of days, place and trainer",
    "courses.retention.services.carry_out": "years after the class",
}


def modules():
    for app in ("courses", "certificates"):
        for file in sorted((ROOT / app).rglob("*.py")):
            name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            if "migrations" not in name and "management" not in name:
                yield name.removesuffix(".__init__"), ast.parse(file.read_text("utf-8"))
    for name in DRIVERS:
        yield name, ast.parse((ROOT / (name.replace(".", "/") + ".py")).read_text("utf-8"))


class Code:
    """Which function calls which, as it is written: through imports, and names of modules."""

    def __init__(self):
        self.trees = dict(modules())
        self.names = {name: self._imports(tree) for name, tree in self.trees.items()}
        self.calls, self.seeds = defaultdict(set), set()
        for name, tree in self.trees.items():
            for function in self._functions(tree):
                full = f"{name}.{function.name}"
                self.calls[full] |= set(self._called(name, function))
                if self._writes(function):
                    self.seeds.add(full)

    def _functions(self, tree):
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                yield node

    def _imports(self, tree):
        found = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for each in node.names:
                    found[each.asname or each.name] = f"{node.module}.{each.name}"
        return found

    def whole(self, name):
        """What a name that was imported from a package was imported from there."""
        module, _, last = name.rpartition(".")
        onward = self.names.get(module, {}).get(last)
        return self.whole(onward) if onward and onward != name else name

    def _called(self, module, node):
        own = {function.name for function in self._functions(self.trees[module])}
        for each in ast.walk(node):
            if isinstance(each, ast.Name):
                if each.id in own:
                    yield f"{module}.{each.id}"
                elif each.id in self.names[module]:
                    yield self.whole(self.names[module][each.id])
            if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name):
                yield self.whole(f"{self.names[module].get(each.value.id)}.{each.attr}")

    def _writes(self, function):
        names = {each.id for each in ast.walk(function) if isinstance(each, ast.Name)}
        said = {each.attr for each in ast.walk(function) if isinstance(each, ast.Attribute)}
        return bool((names & CHAIN and said & WRITES) or (names & MOMENTS and "send" in said))

    def reached(self, starts):
        found, left = set(), list(starts)
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += self.calls.get(name, ())
        return found

    def services(self):
        """The public functions of rooms named services that write what the chain rests on."""
        for name in sorted(self.calls):
            module, _, last = name.rpartition(".")
            public = "services" in module.split(".") and not last.startswith("_")
            if public and self.reached([name]) & self.seeds:
                yield name


def test_every_service_of_the_chain_is_driven_or_named_with_a_reason():
    code = Code()
    driven = code.reached(
        code.whole(each) for name in DRIVERS for each in code.names[name].values()
    )
    left = {name for name in code.services() if name not in driven}
    named = {each: {name for name in left if f"{name}.".startswith(f"{each}.")} for each in NAMED}
    assert left - set().union(*named.values()) == set(), (
        "call it in chain_driver.py, or say why not"
    )
    assert [each for each, found in named.items() if not found] == [], "nothing to be said of it"


def test_the_list_knows_a_writer_from_a_reader():
    services = set(Code().services())
    assert {
        "courses.intake.services.places.withdraw",
        "courses.services.attendance.record_attendance",
        "certificates.services.revoke.decide",
        "certificates.employers.services.confirm.confirm",
    } <= services
    assert "certificates.services.places.places" not in services
    assert "certificates.services.outcomes.histories" not in services
