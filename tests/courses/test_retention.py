"""What the archive's term no longer covers goes, by a list that somebody has looked at; the rest stays."""

import io
import json
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from certificates.models import Certificate
from certificates.register.models import RegisterEntry
from certificates.services.evidence import cases_of
from certificates.services.issue import issue_class
from certificates.services.places import funnel, places
from courses.fieldlog.models import Blob, SessionLog
from courses.fieldlog.services import blobs, desk
from courses.fieldlog.services.project import read_pending
from courses.models import RosterImport, Trainee, TrainingClass
from courses.retention.models import RetentionRun
from courses.retention.rules import Plan, expires_on, is_over
from courses.retention.services import carry_out, plan
from courses.services import identity
from courses.services.photos import set_photo
from courses.services.roster import confirm_import, upload_roster
from tenants.staff.models import User
from tests.cast import base
from tests.story import a_class, finished, ids, workbook


def picture(colour="navy"):
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def age(one, years=11):
    """As if it had ended so long ago."""
    day = timezone.localdate()
    then = day.replace(year=day.year - years, day=min(day.day, 28))
    TrainingClass.objects.filter(pk=one.pk).update(starts_on=then, ends_on=then)


@pytest.fixture
def old(north):
    """A class with certificates, a photo of a person and a picture of a lesson, eleven years old."""
    one = finished(people=2)
    set_photo(one.enrolments.first(), picture())
    issue_class(one, None)
    name = blobs.keep(picture("red"))
    session = one.sessions.first()
    said = {"kind": "note", "session": session.pk, "text": "见照片"}
    desk.append(said, User.objects.get(username="manager"), blobs=(name,))
    read_pending()
    age(one)
    return one


def test_a_term_ends_years_after_the_last_day():
    assert expires_on(date(2016, 5, 3), 10) == date(2026, 5, 3)
    assert expires_on(date(2016, 2, 29), 10) == date(2026, 3, 1)
    assert not is_over(date(2016, 5, 3), 10, date(2026, 5, 3))
    assert is_over(date(2016, 5, 3), 10, date(2026, 5, 4))


@given(st.lists(st.integers(1, 9)), st.lists(st.integers(1, 9)))
def test_a_digest_is_of_the_keys_and_of_no_order_or_name(one, other):
    a, b = Plan(people=one, names={"x": ["张三"]}), Plan(people=other)
    assert (a.digest == b.digest) == (sorted(one) == sorted(other))


def test_a_young_class_keeps_everything(north):
    one = finished(people=1)
    assert plan().is_empty
    age(one, 9)
    assert plan().is_empty


def test_a_dry_run_lists_and_changes_nothing(old):
    before = list(Trainee.objects.values())
    found = plan()
    assert found.counts | {"pictures": 0} == {
        "classes": 1, "people": 2, "photos": 1, "rosters": 1, "walk_ins": 0, "pictures": 0, "applications": 0,
    }  # fmt: skip
    assert [name for names in found.names.values() for name in names] == ["学员1", "学员2"]
    assert list(Trainee.objects.values()) == before


def test_just_the_list_that_was_looked_at_goes(old):
    digest = plan().digest
    with pytest.raises(ValidationError, match="清单已有变化"):
        carry_out("0" * 64, said_by="operator")
    counts, logs = funnel(places()), list(SessionLog.objects.values("digest", "review"))
    claims = list(Certificate.objects.values("claims", "status", "evidence_digest"))
    register = RegisterEntry.objects.count()
    run = carry_out(digest, User.objects.get(username="manager"))
    for trainee in Trainee.objects.all():
        gone = (bytes(trainee.id_sealed), trainee.id_last4, trainee.phone, trainee.sex)
        assert gone == (b"", "", "", "")
        assert trainee.village is None
        assert trainee.name
    assert not old.enrolments.filter(photo__isnull=False).exists()
    assert bytes(RosterImport.objects.get().file_sealed) == b""
    assert (run.by.username, run.counts["people"]) == ("manager", 2)
    assert "学员" not in json.dumps(run.plan, ensure_ascii=False)
    assert list(Certificate.objects.values("claims", "status", "evidence_digest")) == claims
    assert RegisterEntry.objects.count() == register
    assert funnel(places()) == counts, "figures stay"
    assert list(SessionLog.objects.values("digest", "review")) == logs, "so do reviews"
    assert plan().counts["people"] == plan().counts["rosters"] == 0


def test_a_person_with_a_younger_class_stays_known(old):
    again = a_class(code="T-02", people=1, days_ago=60)
    kept = again.enrolments.get().trainee
    assert kept.pk not in plan().people
    carry_out(plan().digest, said_by="operator")
    assert identity.open_id(Trainee.objects.get(pk=kept.pk)) == ids(1)[0]


def test_whoever_comes_back_is_known_again_and_gets_no_second_row(old):
    carry_out(plan().digest, said_by="operator")
    people = Trainee.objects.count()
    one = a_class(code="T-02", people=1, days_ago=60)
    assert Trainee.objects.count() == people
    trainee = one.enrolments.get().trainee
    assert identity.open_id(trainee) == ids(1)[0]
    assert trainee.id_last4 == ids(1)[0][-4:]


def test_the_forgotten_get_no_certificate_and_break_no_page(north, visit):
    one = finished(people=1)
    age(one)
    carry_out(plan().digest, said_by="operator")
    one.refresh_from_db()
    [case] = cases_of(one)
    assert "id_on_file" in {verdict.rule for verdict in case.refusals}
    assert issue_class(one, None).certificates == []
    clerk, kept = visit("north", "clerk"), RosterImport.objects.get()
    trainee = Trainee.objects.get()
    for path in (
        "/desk/classes/T-01/", "/desk/classes/T-01/certificates/", f"/desk/imports/{kept.pk}/",
        f"/desk/trainees/{trainee.pk}/", "/desk/", "/desk/classes/T-01/history/",
    ):  # fmt: skip
        assert clerk.get(path).status_code == 200, path
    assert clerk.get(f"/desk/imports/{kept.pk}/marked/").status_code == 404


def test_pictures_of_lessons_go_and_no_phone_is_asked_for_them(committed):
    with tenant_context(base("north")):
        one = finished(people=1)
        name = blobs.keep(picture("green"))
        session = one.sessions.first()
        said = {"kind": "note", "session": session.pk, "text": "见照片"}
        desk.append(said, User.objects.get(username="manager"), blobs=(name,))
        read_pending()
        age(one)
        found = plan()
        assert found.pictures == [name]
        carry_out(found.digest, said_by="operator")
        assert blobs.whole([name]) == {name}
        with pytest.raises(ValidationError, match="已清除"):
            blobs.shown(Blob.objects.get(hash=name))
        assert plan().is_empty


def test_a_manager_looks_and_confirms_and_a_clerk_does_not(visit, old):
    manager = visit("north", "manager")
    connection.set_schema_to_public()
    page = manager.get("/desk/retention/").content.decode()
    assert "学员1" in page
    assert visit("north", "clerk").get("/desk/retention/").status_code == 403
    with tenant_context(base("north")):
        digest = plan().digest
    manager.post("/desk/retention/", {"digest": digest})
    with tenant_context(base("north")):
        assert RetentionRun.objects.get().by.username == "manager"
    assert "清除记录" in manager.get("/desk/retention/").content.decode()


def test_the_command_lists_by_default_and_deletes_by_digest(old, capsys):
    connection.set_schema_to_public()
    call_command("retention", "--base", "north", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["counts"]["people"] == 2
    with tenant_context(base("north")):
        assert Trainee.objects.exclude(id_sealed=b"").count() == 2
    call_command("retention", "--base", "north", "--confirm", said["digest"], "--json")
    assert json.loads(capsys.readouterr().out)["deleted"]["people"] == 2


def test_a_roster_can_be_confirmed_only_while_its_file_is_there(north):
    one = a_class(people=1)
    kept = upload_roster(one, "r.xlsx", workbook([("王五", ids(1, 8)[0])]), None)
    RosterImport.objects.filter(pk=kept.pk).update(file_sealed=b"")
    with pytest.raises(ValidationError, match="保存期满"):
        confirm_import(RosterImport.objects.get(pk=kept.pk))
