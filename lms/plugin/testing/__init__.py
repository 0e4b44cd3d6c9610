"""All that a plugin's tests import of the core. The fixtures come with
`pytest_plugins = ["lms.plugin.testing.fixtures"]` in the first conftest.py.

The fixed cast: the centre `centre`, the bases `north` and `south`; at each base `manager`, `clerk`,
`trainer`, `examiner` and `liaison`, at the centre `director`, `officer` and `township_officer`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from certificates.extensions import Eligibility
    from courses.extensions import ClassOpening
    from lms.plugin.testing.conformance import Conformance
    from tenants.verdict import Verdict

__all__ = [
    "Conformance",
    "a_case",
    "an_opening",
    "finished_class",
    "inside",
    "plugin_on",
    "refusals",
    "tenant_of",
]


def __getattr__(name: str) -> Any:
    if name == "Conformance":
        from lms.plugin.testing.conformance import Conformance

        return Conformance
    raise AttributeError(name)


def tenant_of(slug: str) -> Any:
    """A tenant of the cast: `centre`, `north` or `south`."""
    from django_tenants.utils import schema_context

    from tenants.models import Tenant

    with schema_context("public"):
        return Tenant.objects.get(slug=slug)


@contextmanager
def inside(slug: str) -> Iterator[Any]:
    """Inside that tenant, with the plugins that are on for it now."""
    from django_tenants.utils import tenant_context

    tenant = tenant_of(slug)
    with tenant_context(tenant):
        yield tenant


@contextmanager
def plugin_on(tenant: Any, name: str, on: bool = True) -> Iterator[Any]:
    """The plugin is on for `tenant` (a slug, or a tenant) inside, and as before after it."""
    from django_tenants.utils import schema_context

    from tenants import hosts
    from tenants.current import connection
    from tenants.models import Tenant

    slug = tenant if isinstance(tenant, str) else tenant.slug

    def write(plugins: list[str]) -> None:
        with schema_context("public"):
            Tenant.objects.filter(slug=slug).update(plugins=plugins)
        hosts.forget()
        if getattr(connection.tenant, "slug", None) == slug:
            connection.tenant.plugins = plugins

    before = list(tenant_of(slug).plugins)
    write([*(entry for entry in before if entry.lstrip("-") != name), name if on else f"-{name}"])
    try:
        yield tenant_of(slug)
    finally:
        write(before)


def a_case(**changes: Any) -> "Eligibility":
    """What a rule gets of a trainee whom nothing speaks against, but `changes`. No database."""
    from certificates.extensions import Eligibility

    facts: dict[str, Any] = {
        "project_code": "sewing",
        "project_name": "缝纫裁剪初级班",
        "level": "elementary",
        "class_code": "T-01",
        "trade_code": "sewing",
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2026, 1, 6),
        "enrolment_id": 1,
        "holder_name": "学员1",
        "age": 40,
        "planned_minutes": 360,
        "attended_minutes": 360,
        "theory_score": Decimal(80),
        "practice_score": Decimal(80),
        "on": date(2026, 1, 7),
    }
    return Eligibility(**facts | changes)


def an_opening(**changes: Any) -> "ClassOpening":
    """What a rule of opening gets of a class that nothing speaks against, but `changes`."""
    from courses.extensions import ClassOpening

    facts: dict[str, Any] = {
        "project_code": "sewing",
        "trade_code": "sewing",
        "code": "T-01",
        "starts_on": date(2026, 1, 5),
        "ends_on": date(2026, 1, 6),
        "village_code": "222403001001",
        "place": "村部",
        "trainer": "教师甲",
        "planned_minutes": 360,
        "on": date(2026, 1, 4),
    }
    return ClassOpening(**facts | changes)


def finished_class(people: int = 3, code: str = "T-01") -> str:
    """Make a class of the base that is served, taught, assessed and finished; gives back its code.

    Its trainees are called 学员1, 学员2, ...; nothing of the core speaks against a certificate.
    """
    from lms.plugin.testing.story import finished

    return str(finished(code, people).code)


def refusals(class_code: str) -> "dict[str, list[Verdict]]":
    """What refuses each trainee of a class a certificate now, by name: the core's rules, and those of
    the plugins that are on. Rules see what was committed: use the fixture `committed`.
    """
    from certificates.services.evidence import cases_of
    from courses.models import TrainingClass

    cases = cases_of(TrainingClass.objects.get(code=class_code))
    return {case.enrolment.trainee.name: case.refusals for case in cases}
