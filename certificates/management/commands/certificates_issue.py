from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django_tenants.utils import tenant_context

from certificates.services.evidence import Case, cases_of
from certificates.services.issue import issue_class
from certificates.services.papers import paper
from courses.models import TrainingClass
from tenants.commands import JsonCommand, Refused, the_base


class Command(JsonCommand):
    help = "Issue the certificates of a class; --dry-run only judges."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--base", required=True)
        parser.add_argument("--class", dest="code", required=True)
        parser.add_argument("--dry-run", action="store_true")

    def work(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        with tenant_context(the_base(options["base"])):
            return self._issue(**options)

    def _issue(self, code: str, dry_run: bool, **options: Any) -> tuple[dict[str, Any], list[str]]:
        training_class = TrainingClass.objects.filter(code=code).first()
        if training_class is None:
            raise CommandError(f"没有班次 {code} / no class {code}")
        if dry_run:
            cases = cases_of(training_class)
            eligible = [c.enrolment.trainee.name for c in cases if c.eligible]
            refused = [c for c in cases if c.refusals and not c.certificate_number]
            data = {"eligible": eligible, "refused": [refusal(c) for c in refused]}
            return data, [f"eligible {len(eligible)}, refused {len(refused)}"]
        done = issue_class(training_class, None)
        for certificate in done.certificates:
            paper(certificate)
        issued = [
            {"number": c.number, "code": c.code, "name": c.holder_name} for c in done.certificates
        ]
        data = {
            "issued": issued,
            "refused": [refusal(c) for c in done.refused],
            "already": done.already,
        }
        if not issued and not done.already:
            raise Refused("没有人符合发证条件 / nobody is eligible", data)
        return data, [f"issued {len(issued)}, refused {len(done.refused)}"]


def refusal(case: Case) -> dict[str, Any]:
    return {
        "name": case.enrolment.trainee.name,
        "verdicts": [verdict.as_json() for verdict in case.refusals],
    }
