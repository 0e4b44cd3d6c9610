"""What a class offers beside its lessons: written at the desk, shown on the portal."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from courses.applying.models import ClassTerms
from courses.models import TrainingClass
from tenants.staff.models import User


def terms_of(training_class: TrainingClass) -> ClassTerms:
    """Those that were written, or the usual ones, which are not kept."""
    found = ClassTerms.objects.filter(training_class=training_class).first()
    return found or ClassTerms(training_class=training_class)


@transaction.atomic
def set_terms(training_class: TrainingClass, facts: Mapping[str, Any], by: User) -> ClassTerms:
    """Raises ValidationError for fewer places than are taken."""
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    terms = terms_of(training_class)
    for name in ("lodging", "meals", "capacity", "bring", "cost"):
        setattr(terms, name, facts[name])
    there = training_class.enrolments.count()
    if terms.capacity is not None and terms.capacity < there:
        raise ValidationError(
            {
                "capacity": f"班里已有 {there} 人，名额不能再少 / {there} people are in the class already:"
                " give at least so many places"
            }
        )
    terms.changed_by = by
    terms.full_clean()
    terms.save()
    return terms
