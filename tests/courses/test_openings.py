"""The portal's open classes follow each change of a class, and are the same when made anew."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from courses.applying.services import decide, listed
from courses.applying.services.terms import set_terms
from courses.fieldlog.models import VillagePlace
from courses.intake.services.places import set_places, withdraw
from courses.models import TrainingClass
from courses.openings.models import OpenClass, VillageSpot
from courses.openings.near import kilometres, nearest, spot_of
from courses.services.roster import confirm_import, upload_roster
from tenants.models import Division
from tenants.staff.models import User
from tests.cast import base
from tests.courses.applying_story import an_open_class, applied, village
from tests.story import begun, ids, workbook

USUAL = {"lodging": "free", "meals": "none", "bring": "身份证", "cost": ""}


def rows():
    return OpenClass.objects.filter(tenant__slug="north").order_by("code")


def clerk():
    return User.objects.get(username="clerk")


def test_a_class_is_on_the_portal_as_long_as_it_is_open(north):
    one = an_open_class()
    row = rows().get()
    assert (row.code, row.starts_on, row.village, row.taken) == (
        "O-01",
        one.starts_on,
        one.village,
        0,
    )
    assert row.trade.code == "sewing" and row.left is None
    begun(one)
    assert not rows().exists()


def test_terms_and_people_are_followed(north):
    one = an_open_class()
    set_terms(one, USUAL, clerk())
    set_places(one, 4, clerk())
    row = rows().get()
    assert (row.lodging, row.capacity, row.left) == ("free", 4, 4)
    people = workbook([(f"学员{n}", i) for n, i in enumerate(ids(3))])
    confirm_import(upload_roster(one, "r.xlsx", people, None))
    assert rows().get().left == 1
    withdraw(one.enrolments.on_roll().first(), "work", "", timezone.localdate(), clerk())
    assert rows().get().left == 2


def test_a_change_that_is_undone_is_undone_on_the_portal(north):
    one = an_open_class()
    with pytest.raises(RuntimeError), transaction.atomic():
        set_terms(one, USUAL, clerk())
        assert rows().get().lodging == "free"
        raise RuntimeError
    assert rows().get().lodging == "none"


def test_who_waits_or_has_left_takes_no_place_on_the_portal(north):
    one = an_open_class()
    set_places(one, 1, clerk())
    confirm_import(
        upload_roster(one, "r.xlsx", workbook([("甲", ids(1)[0]), ("乙", ids(2)[1])]), None)
    )
    assert (rows().get().taken, rows().get().left) == (1, 0)
    withdraw(one.enrolments.on_roll().get(), "work", "", timezone.localdate(), clerk())
    assert (rows().get().taken, rows().get().left) == (1, 0), "who waited has moved up"
    withdraw(one.enrolments.on_roll().get(), "work", "", timezone.localdate(), clerk())
    assert (rows().get().taken, rows().get().left) == (0, 1)


def test_made_anew_from_nothing_it_is_the_same(north):
    for number in range(3):
        set_terms(an_open_class(f"O-0{number}", days=20 + number), USUAL, clerk())
    VillagePlace.objects.create(village=village(), lat=43.4, lon=128.2, said_by="x")
    before = list(rows().values_list("code", "capacity", "taken", "lodging", "starts_on"))
    assert listed.rebuild(check=True).wrong == ()
    OpenClass.objects.all().delete()
    VillageSpot.objects.all().delete()
    done = listed.rebuild()
    assert (done.classes, len(done.wrong), done.spots) == (3, 3, 1)
    assert list(rows().values_list("code", "capacity", "taken", "lodging", "starts_on")) == before
    assert VillageSpot.objects.get().lat == 43.4
    assert listed.rebuild(check=True) == listed.Rebuilt(3, (), 0)


def test_the_command_names_what_is_otherwise_and_mends_it(committed):
    with tenant_context(base("north")):
        an_open_class()
        OpenClass.objects.update(taken=9)
    with pytest.raises(CommandError, match="O-01"):
        call_command("openings_rebuild", "--check", stdout=io.StringIO())
    out = io.StringIO()
    call_command("openings_rebuild", "--base", "north", "--json", stdout=out)
    assert json.loads(out.getvalue())["bases"]["north"]["wrong"] == ["O-01"]
    assert OpenClass.objects.get().taken == 0
    call_command("openings_rebuild", "--check", stdout=io.StringIO())


def test_another_base_is_left_alone(north):
    an_open_class()
    with tenant_context(base("south")):
        assert listed.rebuild(check=True) == listed.Rebuilt(0, (), 0)
        an_open_class("O-01")
    assert OpenClass.objects.count() == 2
    with tenant_context(base("south")):
        begun(TrainingClass.objects.get())
    assert rows().count() == 1 == OpenClass.objects.count()


def test_the_nearest_are_the_same_village_then_township_then_county_then_the_way(north):
    here = village()
    towns = Division.objects.filter(parent=here.parent, level="village").exclude(pk=here.pk)
    other = (
        Division.objects.filter(level="village", code__startswith="222403")
        .exclude(parent=here.parent)
        .order_by("code")
    )
    far, near = other[0], other[1]
    away = village(0, "222406")
    for code, where in (("A", away), ("B", far), ("C", near), ("D", towns[0]), ("E", here)):
        an_open_class(code, where=where)
    for place, lat in ((here, 43.40), (far, 43.90), (near, 43.45)):
        VillagePlace.objects.create(village=place, lat=lat, lon=128.2, said_by="x")
    found = list(nearest(rows(), here))
    assert [one.code for one in found] == ["E", "D", "C", "B", "A"]
    assert [one.rank for one in found] == [0, 1, 2, 2, 3]
    assert round(kilometres(found[2], spot_of(here))) == 6
    assert kilometres(found[4], spot_of(here)) is None


def test_an_accepted_applicant_takes_a_place_on_the_portal(north):
    one = an_open_class()
    set_places(one, 4, clerk())
    made = applied(one)
    decide.accept([made.pk], one, clerk())
    assert rows().get().left == 3
