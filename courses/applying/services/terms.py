"""What a class offers beside its lessons: written at the desk, shown on the portal."""

from collections.abc import Mapping
from typing import Any

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
    """Raises ValidationError for what no class can offer."""
    TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    terms = terms_of(training_class)
    for name in ("lodging", "meals", "bring", "cost"):
        setattr(terms, name, facts[name])
    terms.changed_by = by
    terms.full_clean()
    terms.save()
    return terms
