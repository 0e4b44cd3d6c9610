"""What strangers and tired people send: an answer that says what to do, never a crash."""

import pytest
from django_tenants.utils import tenant_context

from certificates.services.issue import issue_class
from certificates.services.papers import verify_url
from courses.fieldlog.models import FieldEvent
from tests.cast import base
from tests.story import a_class, finished

ODD = ["\x00", "a\x00b", "😀", "\u202e", "' OR 1=1 --", "<script>", "x" * 10_000, "%", "　"]


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize(
    ("slug", "path", "field"),
    [
        ("centre", "/check/", "q"),
        ("centre", "/courses/", "q"),
        ("centre", "/courses/", "township"),
        ("north", "/", "q"),
    ],
)
def test_an_odd_search_is_answered(visit, slug, path, field, text):
    answer = visit(slug).get(path, {field: text})
    assert answer.status_code in (200, 400, 404)
    assert b"<script>" not in answer.content


@pytest.mark.parametrize("code", ["%00", "a%00b", "%F0%9F%98%80", "%FF%FE", "x" * 5000])
def test_an_odd_code_is_unknown_or_refused(visit, code):
    assert visit("centre").get(f"/c/{code}").status_code in (400, 404)


@pytest.mark.parametrize("minutes", ["²", "①", "-1", "1e9", "", "99999999999", "\x00"])
def test_odd_minutes_are_refused_and_nothing_is_written(visit, minutes):
    with tenant_context(base("north")):
        training_class = a_class(people=1)
        session = training_class.sessions.first()
        key = training_class.enrolments.get().pk
    form = {f"mark-{key}": "late", f"minutes-{key}": minutes}
    answer = visit("north", "trainer").post(f"/desk/sessions/{session.pk}/", form)
    assert answer.status_code in (200, 400)
    with tenant_context(base("north")):
        assert not FieldEvent.objects.exists()


@pytest.mark.parametrize("score", ["1e999999", "-1", "NaN", "sNaN", "Infinity", "60.55", "²", "　"])
def test_an_odd_score_is_refused_with_the_range(visit, score):
    with tenant_context(base("north")):
        training_class = a_class(people=1)
        key = training_class.enrolments.get().pk
    form = {f"theory-{key}": score, f"practice-{key}": "60", "on": "2026-01-01"}
    answer = visit("north", "examiner").post(f"/desk/classes/{training_class.code}/scores/", form)
    assert answer.status_code == 200
    assert "0 到 100" in answer.content.decode()


def test_the_check_box_does_not_call_a_forged_code_valid(visit):
    with tenant_context(base("north")):
        one, other = issue_class(finished(people=2), None).certificates
        honest = verify_url(one)
    centre = visit("centre")
    assert centre.get("/check/", {"q": honest}).status_code == 302
    forged = centre.get("/check/", {"q": honest.split("#")[0] + "#" + other.token})
    assert forged.status_code == 404
    assert "签名与登记不符" in forged.content.decode()
