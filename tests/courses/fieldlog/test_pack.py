"""What a phone takes along: just what its trainer needs, never an ID number, and nothing twice."""

import base64
import io
import json

import pytest
from PIL import Image

from courses.models import Enrolment, Trainee
from courses.services import identity
from lms.plugin.testing import inside
from tenants.staff.models import User
from tests.story import a_class


@pytest.fixture
def found(line):
    with inside("north"):
        return a_class(people=3)


def take(line, phone, etag=""):
    more = {"HTTP_IF_NONE_MATCH": etag} if etag else {}
    return line.ask("GET", "pack", token=phone.token, **more)


def test_the_list_holds_people_with_masked_ids_and_what_finds_them(line, phone, found):
    with inside("north"):
        Trainee.objects.filter(enrolments=found.enrolments.first()).update(name="张晓梅")
        numbers = [identity.open_id(each) for each in Trainee.objects.all()]
    answer = take(line, phone)
    pack = json.loads(answer.content)
    assert {each["code"] for each in pack["classes"]} == {"T-01"}
    assert len(pack["sessions"]) == 2 and len(pack["villages"]) == 1
    [first] = [each for each in pack["people"] if each["name"] == "张晓梅"]
    assert first["initials"] == "zxm" and first["card"].startswith("TB1.")
    assert {each["id"] for each in pack["people"]} == {f"****{each[-4:]}" for each in numbers}
    for number in numbers:
        assert number not in answer.content.decode()


def test_a_list_that_has_not_changed_is_not_sent_again(line, phone, found):
    first = take(line, phone)
    again = take(line, phone, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"] and again["X-Trainbase"] == "field/1"
    with inside("north"):
        Trainee.objects.filter(enrolments=found.enrolments.first()).update(name="改名")
    changed = take(line, phone, first["ETag"])
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]
    assert "改名" in changed.content.decode()


def test_a_trainer_takes_their_own_classes_and_a_phone_of_the_base_takes_all(line, phone, found):
    with inside("north"):
        other = a_class("T-02", people=1, seed=5)
        other.trainer = User.objects.get(username="manager")
        other.save(update_fields=["trainer"])
        done = a_class("T-03", people=1, seed=6)
        type(done).objects.filter(pk=done.pk).update(state=type(done).State.FINISHED)

    def codes(who):
        return {each["code"] for each in json.loads(take(line, who).content)["classes"]}

    assert codes(phone) == {"T-01"}
    assert codes(line.enrol(all_classes=True)) == {"T-01", "T-02"}


def test_photos_of_a_class_come_small_and_only_to_who_has_the_class(line, phone, found):
    buffer = io.BytesIO()
    Image.new("RGB", (480, 640), "navy").save(buffer, "JPEG")
    with inside("north"):
        person = found.enrolments.first()
        Enrolment.objects.filter(pk=person.pk).update(photo=buffer.getvalue())
        other = a_class("T-02", people=1, seed=5)
        other.trainer = User.objects.get(username="manager")
        other.save(update_fields=["trainer"])
    [(key, small)] = line.ask("GET", f"pack/photos/{found.pk}", token=phone.token).json().items()
    picture = Image.open(io.BytesIO(base64.urlsafe_b64decode(small + "==")))
    assert key == str(person.pk) and picture.size == (72, 96)
    assert line.ask("GET", f"pack/photos/{other.pk}", token=phone.token).status_code == 404
    assert line.ask("GET", f"pack/photos/{found.pk}").status_code == 401


def test_nobody_gets_the_list_without_a_token_or_with_that_of_another_base(line, phone, found):
    assert line.ask("GET", "pack").status_code == 401
    assert type(line)("south").ask("GET", "pack", token=phone.token).status_code == 401
