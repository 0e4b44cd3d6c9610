"""What both walks share: who walks, with which identifiers in hand, and what an answer says."""

from django_tenants.utils import tenant_context

from certificates.models import Certificate
from courses.models import RosterImport
from tenants.staff.roles import AT_BASE, AT_CENTRE
from tests.cast import base
from tests.isolation.conftest import canary

#: Shown to everybody on purpose: what a certificate prints, behind its random code.
#: `works_here` also takes a claim for the base that issued it.
PUBLIC = {
    "verify",
    "verify_photo",
    "credential",
    "certificates.views.verify.verify",
    "works_here",
}
#: What bases send to their centre, and the plans that they share: the centre is there to read and decide
#: them. Who at the centre sees which base is asked in tests/courses/planning.
PUBLIC |= {"centre_calendar", "centre_requests", "centre_request"}
FAILS_ON_PURPOSE = {"wagtailadmin_error_test"}
OTHERS = {"north": ("south", "centre"), "south": ("north", "centre"), "centre": ("north", "south")}
counted = {"requests": 0, "addresses": 0, "leaks": 0}
written = {"requests": 0, "addresses": 0, "writes": 0, "faults": 0}


def urlconf_of(slug):
    return f"lms.urls.{'centre' if slug == 'centre' else 'base'}"


def known_of(slug):
    """Identifiers of a tenant, as whoever wants in would try them."""
    found = {
        "path": ["images/x.jpg", "original_images/x.jpg", f"original_images/{canary(slug)}.jpg"],
        "uuid": ["00000000-0000-0000-0000-000000000001"],
        "token": ["x"],
        "step": ["certified", "enrolled"],
        "kind": ["check", "renamed"],
        "part": ["theory"],
        "app_label": ["courses"],
        "model_name": ["coursepage"],
        "object_id": ["1"],
    }
    with tenant_context(base(slug)):
        if slug == "centre":
            return found | {"code": ["x"], "number": ["1"]}
        certificate = Certificate.objects.first()
        number = certificate.number
        assert RosterImport.objects.exists()
        return found | {"code": [f"{canary(slug)}-01", certificate.code], "number": [number, "1"]}


def body(answer):
    if answer.streaming:
        content = b"".join(answer.streaming_content)
    else:
        content = answer.content
    return content.decode("utf-8", "replace") + str(answer.headers)


def roles_of(slug):
    return ["", *(AT_CENTRE if slug == "centre" else AT_BASE)]


CASES = [(slug, role) for slug in OTHERS for role in roles_of(slug)]
