"""The web process never draws: it does not even import what draws."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django_tenants.utils import tenant_context

from certificates.designs.models import CertificateDesign
from certificates.services.issue import issue_class
from tests.cast import base
from tests.story import finished

ROOT = Path(__file__).parents[2]
SERVE = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings"
import lms.wsgi
from django.test import Client
from django_tenants.utils import tenant_context
from tenants.models import Tenant
from tenants.staff.models import User
client = Client(HTTP_HOST="north.localhost")
with tenant_context(Tenant.objects.get(slug="north")):
    client.force_login(User.objects.get(username="manager"))
said = {path: client.get(path).status_code for path in json.loads(sys.argv[1])}
said["issue"] = client.post("/desk/classes/T-01/issue/").status_code
heavy = ("weasyprint", "pydyf", "pyhanko", "pikepdf", "reportlab")
print(json.dumps({"said": said, "heavy": [name for name in heavy if name in sys.modules]}))
"""


def test_serving_every_page_of_certificates_imports_nothing_that_draws(committed):
    with tenant_context(base("north")):
        found = finished(people=1)
        number = issue_class(found, None).certificates[0].number
        design = CertificateDesign.objects.create(name="版式", live=False)
        design.save_revision()
    edit = f"/admin/designs/edit/{design.pk}/"
    paths = [
        "/desk/",
        f"/desk/classes/{found.code}/certificates/",
        f"/desk/certificates/{number}/",
        f"/desk/certificates/{number}.pdf",
        f"/desk/classes/{found.code}/papers.zip",
        f"/desk/classes/{found.code}/sheets.pdf",
        "/desk/jobs/1/",
        edit,
        edit.replace("/edit/", "/preview/"),
    ]
    done = subprocess.run(
        [sys.executable, "-c", SERVE, json.dumps(paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ.copy(),
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["heavy"] == []
    assert set(found["said"].values()) <= {200, 302}
    assert found["said"][f"/desk/certificates/{number}.pdf"] == 302
