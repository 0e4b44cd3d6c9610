"""The pattern of certificate numbers that a centre sets: what it may be, and what comes of it."""

import pytest
from django.utils import timezone

from certificates.services.correct import correct
from certificates.services.issue import issue_class
from courses.directory.models import RuleSet
from courses.directory.numbers import USUAL, number_of, pattern_fault
from tests.cast import two
from tests.story import finished


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (USUAL, "22240301-2026-00007"),
        ("{year}-{issuer}-{serial:04}", "2026-22240301-0007"),
        ("PX{year}JD{issuer}NO{serial:06}", "PX2026JD22240301NO000007"),
        ("{issuer}-{year}-{serial}", "22240301-2026-7"),
    ],
)
def test_a_good_pattern_gives_this_number(pattern, number):
    assert pattern_fault(pattern) is None
    assert number_of(pattern, "22240301", 2026, 7) == number


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("", "once"),
        ("{issuer}-{serial:05}", "once"),
        ("{issuer}-{year}-{year}-{serial}", "once"),
        ("{issuer}{year}-{serial:05}", "between"),
        ("{issuer}-{year}1{serial:05}", "between"),
        ("{issuer}-{serial:05}-{year}", "end"),
        ("{issuer}-{year}-{serial:05}X", "end"),
        ("{issuer}-{year:05}-{serial}", "capital"),
        ("{issuer.__class__}-{year}-{serial}", "capital"),
        ("{issuer!r}-{year}-{serial}", "capital"),
        ("a{issuer}-{year}-{serial}", "capital"),
        ("{issuer}/{year}/{serial}", "capital"),
        ("{issuer}-{year}-{serial:08}", "20"),
        ("X{issuer}-{year}-{serial:06}", "20"),
        ("{issuer}-LONGLONGLONG-{year}-{serial:09}", "long"),
    ],
)
def test_a_pattern_that_could_give_two_the_same_number_or_no_address_is_refused(pattern, said):
    fault = pattern_fault(pattern)
    assert fault is not None and said in fault.partition(" / ")[2]


def test_the_class_gets_numbers_by_the_pattern_that_it_has_pinned_and_so_do_corrections(north):
    RuleSet.objects.update(number_pattern="PX{year}-{issuer}-{serial:09}")
    year = timezone.localdate().year
    first, second = issue_class(finished(people=2), None).certificates
    assert first.number == f"PX{year}-{north.issuer_code}-000000001"
    assert second.number == f"PX{year}-{north.issuer_code}-000000002"
    newer = correct(first, "更正之名", "姓名有误", two()[0])
    assert newer.number == f"PX{year}-{north.issuer_code}-000000003"


def test_a_number_as_long_as_a_code_opens_no_page_without_the_name(north, client):
    """Whatever a pattern gives: a number can be guessed, so that it never stands for the code."""
    RuleSet.objects.update(number_pattern="{issuer}-{year}-{serial:08}")
    [certificate] = issue_class(finished(people=1), None).certificates
    assert len(certificate.number.replace("-", "")) == 20
    for path in (certificate.number, certificate.number.replace("-", "")):
        for address in (f"/c/{path}", f"/c/{path}/photo.jpg", f"/verify/ask/{path}.json"):
            answer = client.get(address, HTTP_HOST="centre.localhost")
            assert certificate.holder_name not in answer.content.decode()
            assert certificate.token not in answer.content.decode()
