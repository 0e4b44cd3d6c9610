"""A base as a file: all of it comes back, and nothing that was changed on the way is believed."""

import io
import json
import shutil
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import schema_exists, tenant_context

from certificates.dossiers.models import Dossier
from certificates.dossiers.services.make import file_of, make
from certificates.dossiers.services.verify import verify
from certificates.dossiers.shared.models import RegisteredDossier
from certificates.employers.models import Confirmation
from certificates.employers.services.confirm import Work, confirm
from certificates.employment.models import WorkerLink
from certificates.figures import services as figures
from certificates.figures.models import Figure
from certificates.holders.shared.models import HolderProof
from certificates.models import Certificate, Outcome
from certificates.register.checks.models import Check
from certificates.register.models import Document, IssuerKey, RegisterEntry
from certificates.register.status import look_up
from certificates.services.issue import issue_class
from certificates.services.outcomes import Facts, record_outcome
from certificates.services.papers import paper
from certificates.services.revoke import revoke
from certificates.standing.services.rebuild import rebuild
from courses.directory.models import CourseListing, Doubt, Presence
from courses.intake.shared.models import YearlyTraining
from courses.models import CoursePage, Trainee
from courses.openings.models import OpenClass, VillageSpot
from courses.planning.models import Proposal
from courses.planning.services.proposals import request_of
from courses.requests.models import (
    ClassRequest,
    PlannedClass,
    PlannedSession,
    RequestStep,
    RequestVersion,
)
from courses.retention.shared.models import DueFiles
from courses.services.identity import open_id
from courses.services.seen import resident_id
from lms.archive.read import read_base
from lms.archive.tables import digest
from lms.archive.write import write_base
from tenants import hosts
from tenants.designations.models import DesignatedTrade, Designation, Step, TrainingBase
from tenants.looks.services import Reason
from tenants.looks.shared.models import BaseLook
from tenants.models import Domain, OffSeason, SiteChange, Tenant
from tenants.staff.models import User
from tests.cast import base, two
from tests.certificates.working import approved, certified
from tests.courses.planning.scene import sent
from tests.story import a_class, finished, ids


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """No other test's pictures and papers: the bases of all tests have the same UUIDs."""
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"


@pytest.fixture
def exported(committed, tmp_path):
    """North with a finished class, its papers, and the file that holds all of it."""
    with tenant_context(base("north")):
        certificates = issue_class(finished(people=3, seed=5), None).certificates
        for certificate in certificates:
            paper(certificate)
        for n, user in enumerate(User.objects.all()):
            moment = timezone.now().replace(microsecond=(5, 123456, 0, 999999)[n % 4])
            User.objects.filter(pk=user.pk).update(last_login=moment)
        CoursePage.objects.update(summary="一\u2028二\x85三")
        sent(code="N-09")
    path = tmp_path / "north.zip"
    manifest = write_base(base("north"), path, "主任")
    return path, manifest, certificates[0]


def remove(slug):
    """As an installation is that never had the base."""
    tenant = base(slug)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{tenant.schema_name}" CASCADE')
        record = TrainingBase.objects.get(tenant=tenant)
        for rows in (
            Document.objects.filter(tenant=tenant),
            HolderProof.objects.filter(tenant=tenant),
            Check.objects.filter(tenant=tenant),
            Confirmation.objects.filter(tenant=tenant),
            BaseLook.objects.filter(tenant=tenant),
            RegisteredDossier.objects.filter(tenant=tenant),
            RegisterEntry.objects.filter(tenant=tenant),
            IssuerKey.objects.filter(tenant=tenant),
            CourseListing.objects.filter(tenant=tenant),
            Presence.objects.filter(tenant=tenant),
            Doubt.objects.filter(tenant=tenant),
            Figure.objects.filter(tenant=tenant),
            OpenClass.objects.filter(tenant=tenant),
            VillageSpot.objects.filter(tenant=tenant),
            YearlyTraining.objects.filter(tenant=tenant),
            DueFiles.objects.filter(tenant=tenant),
            PlannedSession.objects.filter(planned__tenant=tenant),
            PlannedClass.objects.filter(tenant=tenant),
            RequestStep.objects.filter(request__tenant=tenant),
            RequestVersion.objects.filter(request__tenant=tenant),
            ClassRequest.objects.filter(tenant=tenant),
            Step.objects.filter(base=record),
            DesignatedTrade.objects.filter(designation__base=record),
            Designation.objects.filter(base=record),
            TrainingBase.objects.filter(pk=record.pk),
            SiteChange.objects.filter(tenant=tenant),
            OffSeason.objects.filter(tenant=tenant),
            Domain.objects.filter(tenant=tenant),
            Tenant.objects.filter(pk=tenant.pk),
        ):
            rows._raw_delete(rows.db)
    hosts.forget()


def files_of(tenant):
    from pathlib import Path

    from django.conf import settings

    return Path(settings.PRIVATE_ROOT) / str(tenant.uuid)


def changed(path, name, change):
    """The file with one entry rewritten."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return target


def test_what_employers_have_said_goes_with_the_base(committed, tmp_path):
    """The employer stays where it is registered: nothing of the base points to it."""
    (certificate,) = certified()
    employer = approved()
    with tenant_context(base("centre")):
        entry = RegisterEntry.objects.get(code=certificate.code)
        said = confirm(employer, entry, Work("缝纫工", timezone.localdate(), "222403"))
    path = tmp_path / "north.zip"
    manifest = write_base(base("north"), path, "主任")
    assert manifest["shared"]["employers.confirmation"]["rows"] == 1
    remove("north")
    tenant, _ = read_base(path)
    back = Confirmation.objects.get()
    assert (back.number, back.outcome, back.at) == (said.number, said.outcome, said.at)
    assert back.employer_uscc == employer.uscc
    with tenant_context(tenant):
        assert WorkerLink.objects.get().outcome_id == back.outcome


def test_a_base_comes_back_complete_and_goes_on(exported):
    path, manifest, certificate = exported
    kept = paper_of(certificate)
    folder = files_of(base("north"))
    with tenant_context(base("north")):
        moments = list(User.objects.order_by("pk").values_list("last_login", flat=True))
    presences = Presence.objects.filter(tenant=base("north")).count()
    counted = figures.of_base(base("north").pk)
    remove("north")
    shutil.rmtree(folder)
    assert look_up(certificate.code).status == "unknown"

    tenant, _ = read_base(path)
    assert tenant.pk == Tenant.objects.get(slug="north").pk
    assert look_up(certificate.code).status == "valid"
    assert HolderProof.objects.filter(code=certificate.code, tenant=tenant).exists()
    with tenant_context(tenant):
        again = Certificate.objects.get(code=certificate.code)
        assert again.claims == certificate.claims
        assert paper(again) == kept, "the same bytes"
        assert list(User.objects.order_by("pk").values_list("last_login", flat=True)) == moments
        assert CoursePage.objects.get().summary == "一\u2028二\x85三"
        assert CourseListing.objects.filter(tenant=tenant).count() == 1
        assert Presence.objects.filter(tenant=tenant).count() == presences > 0
        assert figures.of_base(tenant.pk) == counted != {}
        assert PlannedSession.objects.filter(planned__tenant=tenant).count() == 2
        request = ClassRequest.objects.get(tenant=tenant)
        assert request_of(Proposal.objects.get()) == request
        assert request.steps.get().kind == "send" and request.versions.get().facts["people"] == 3
        assert rebuild(check=True).differences == []
        assert open_id(Trainee.objects.first()) == ids(3, seed=5)[0]
        more = issue_class(finished(code="T-02", people=2, seed=6), None).certificates
        assert [c.serial for c in more] == [4, 5], "numbers go on"
        assert a_class(code="T-03", seed=7).pk > 2, "keys go on"
    assert Client(HTTP_HOST="north.localhost").get("/sewing/").status_code == 200
    assert manifest["tables"]["courses.trainee"]["rows"] == 3


def test_what_the_chain_would_not_take_today_comes_back_as_it_was(committed, tmp_path):
    """A word about a certificate that was revoked since, and that certificate: no guard asks of it."""
    with tenant_context(base("north")):
        one = finished(people=1, seed=5)
        certificate = issue_class(one, None).certificates[0]
        clerk, manager = two()
        facts = Facts("flexible", "document", started_on=timezone.localdate())
        record_outcome(certificate, facts, by=clerk)
        make(one, clerk)
        resident_id(Trainee.objects.get(), Reason("audit", "审计"), clerk)
        revoke(certificate, "other", "误发", clerk, manager)
    path = tmp_path / "north.zip"
    write_base(base("north"), path, "主任")
    folder = files_of(base("north"))
    remove("north")
    shutil.rmtree(folder)
    tenant, _ = read_base(path)
    with tenant_context(tenant):
        row = Outcome.objects.get()
        assert (row.kind, row.certificate.status) == ("flexible", "revoked")
        kept = Dossier.objects.get()
        assert verify(file_of(kept, "pdf")).ok
        with pytest.raises(IntegrityError), transaction.atomic():
            Outcome.objects.bulk_create(
                [
                    Outcome(
                        certificate=row.certificate,
                        kind="unemployed",
                        evidence="document",
                        recorded_by=row.recorded_by,
                    )
                ]
            )
    assert BaseLook.objects.filter(tenant=tenant).count() == 1


def paper_of(certificate):
    with tenant_context(base("north")):
        return paper(certificate)


def test_the_file_is_read_without_this_program_and_holds_no_resident_id(exported):
    path, manifest, _ = exported
    with zipfile.ZipFile(path) as archive:
        assert "sealed" in archive.read("README.txt").decode()
        rows = [
            json.loads(line)
            for line in archive.read("tables/courses.trainee.jsonl").split(b"\n")
            if line
        ]
        assert [row["fields"]["name"] for row in rows] == ["学员1", "学员2", "学员3"]
        everything = b"".join(archive.read(name) for name in archive.namelist())
    for number in ids(3, seed=5):
        assert number.encode() not in everything
    assert set(manifest["files"]) and all(name.endswith(".pdf") for name in manifest["files"])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("tables/courses.trainee.jsonl", lambda c: c.replace("学员1".encode(), b"x"), "不符"),
        ("tables/courses.trainee.jsonl", lambda c: c.split(b"\n", 1)[1], "不符"),
        ("shared/designations.step.jsonl", lambda c: c + c, "不符"),
        ("manifest.json", lambda c: b"{}", "格式"),
        ("manifest.json", lambda c: b"no json", "不是基地导出"),
        ("manifest.json", lambda c: c.replace(b'"migrations": "m', b'"migrations": "x'), "版本"),
        ("manifest.json", lambda c: c.replace(b'"k1"', b'"k9"'), "主密钥"),
    ],
)
def test_a_file_that_was_changed_is_refused_and_leaves_nothing(exported, name, change, said):
    path, _, _ = exported
    folder = files_of(base("north"))
    remove("north")
    with pytest.raises(ValidationError, match=said):
        read_base(changed(path, name, change))
    assert folder.exists(), "files that were here before stay"
    assert not Tenant.objects.filter(slug="north").exists()
    assert not schema_exists("b_north")


def test_files_that_are_here_already_are_not_touched(exported):
    folder = files_of(base("north"))
    kept = sorted(p.name for p in folder.rglob("*.pdf"))
    remove("north")
    with pytest.raises(ValidationError, match="已存在，请先移走"):
        read_base(exported[0])
    assert sorted(p.name for p in folder.rglob("*.pdf")) == kept


def test_a_table_of_somebody_else_is_refused(exported, tmp_path):
    path, manifest, _ = exported
    shutil.rmtree(files_of(base("north")))
    remove("north")
    evil = json.dumps({"model": "tenants.tenant", "pk": base("south").pk, "fields": {}}).encode()
    target = tmp_path / "evil.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            if entry != "manifest.json":
                new.writestr(entry, old.read(entry))
        rows, sha256 = digest([evil + b"\n"])
        manifest["shared"]["zz.extra"] = {"rows": rows, "sha256": sha256}
        new.writestr("shared/zz.extra.jsonl", evil + b"\n")
        new.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(ValidationError, match="清单中的表"):
        read_base(target)
    assert base("south").name == "测试基地south"


def test_what_contradicts_the_data_here_is_a_message(exported):
    path, _, _ = exported
    shutil.rmtree(files_of(base("north")))
    remove("north")
    record = TrainingBase.objects.get(tenant__slug="south")
    Designation.objects.create(
        base=record, document="测劳认〔2020〕north号", starts_on="2026-01-01", ends_on="2026-12-31"
    )
    with pytest.raises(ValidationError, match="已存在"):
        read_base(path)
    assert not Tenant.objects.filter(slug="north").exists()


def test_a_file_that_writes_elsewhere_is_refused(exported, tmp_path):
    path, manifest, _ = exported
    shutil.rmtree(files_of(base("north")))
    remove("north")
    evil = "files/private/../../../evil.txt"
    target = tmp_path / "evil.zip"
    import hashlib

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.namelist():
            if entry != "manifest.json":
                new.writestr(entry, old.read(entry))
        manifest["files"][evil] = hashlib.sha256(b"x").hexdigest()
        new.writestr(evil, b"x")
        new.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(ValidationError, match="不符"):
        read_base(target)
    assert not Tenant.objects.filter(slug="north").exists()


def test_a_base_that_is_here_is_not_overwritten(exported):
    with pytest.raises(ValidationError, match="已存在"):
        read_base(exported[0])
    with pytest.raises(ValidationError, match="打不开"):
        read_base(exported[0].with_name("nothing.zip"))


def test_by_command_the_export_is_written_down(exported, tmp_path):
    out = io.StringIO()
    call_command(
        "base_export", "south", str(tmp_path / "s.zip"), "--json", "--by", "李科长", stdout=out
    )
    assert json.loads(out.getvalue())["rows"] > 100
    change = SiteChange.objects.get(tenant__slug="south")
    assert (change.kind, change.by) == ("exported", "李科长")
    shutil.rmtree(files_of(base("south")), ignore_errors=True)
    remove("south")
    out = io.StringIO()
    call_command("base_import", str(tmp_path / "s.zip"), "--json", stdout=out)
    assert json.loads(out.getvalue())["url"] == "http://south.localhost:8000/"
