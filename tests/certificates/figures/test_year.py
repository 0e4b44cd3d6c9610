"""Which year the centre sees when it asks for none."""

import pytest
from django.test import RequestFactory
from django.utils import timezone

from certificates.figures.views.guard import asked_year

THIS = timezone.localdate().year


@pytest.mark.parametrize(
    ("known", "seen"),
    [
        ([], THIS),
        ([THIS + 1, THIS, THIS - 1], THIS),
        ([THIS + 1, THIS - 2], THIS - 2),
        ([THIS + 2, THIS + 1], THIS + 1),
    ],
)
def test_a_class_to_come_does_not_hide_this_year(known, seen):
    assert asked_year(RequestFactory().get("/"), known) == seen
