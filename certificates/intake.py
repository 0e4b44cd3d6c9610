"""What certificates say to the intake of classes: who has one already, and whom one keeps in a class."""

from collections.abc import Collection

from certificates.models import Certificate
from certificates.register.elsewhere import Unreachable, certified_elsewhere
from certificates.register.models import RegisterEntry
from courses.extensions import Certified, certified_before, papers_of_enrolments


def certified(persons: Collection[bytes], project_key: str) -> Certified:
    """Of whatever base, by the public register; and of other installations, if they answer."""
    rows = RegisterEntry.objects.filter(
        person__any_of=persons, project_key=project_key, status=RegisterEntry.Status.VALID
    )
    found = {bytes(person): number for person, number in rows.values_list("person", "number")}
    try:
        return Certified(found | certified_elsewhere(list(persons), project_key))
    except Unreachable as error:
        return Certified(found, str(error))


def papers(enrolments: Collection[int]) -> dict[int, str]:
    rows = Certificate.objects.filter(enrolment__in=enrolments, status=Certificate.Status.VALID)
    return dict(rows.values_list("enrolment_id", "number"))


certified_before.append(certified)
papers_of_enrolments.append(papers)
