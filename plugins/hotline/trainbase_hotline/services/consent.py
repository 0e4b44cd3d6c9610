"""Which words somebody agreed to."""

from django.db import IntegrityError, transaction

from trainbase_hotline import clock
from trainbase_hotline.models import ConsentText, settings_now


def consent_now() -> ConsentText:
    """The words as the settings have them now, under a version of their own.

    Two first readers at once make one version: the number is unique.
    """
    text = settings_now().consent.strip()
    while True:
        last = ConsentText.objects.order_by("-version").first()
        if last is not None and last.text == text:
            return last
        try:
            with transaction.atomic():
                return ConsentText.objects.create(
                    version=last.version + 1 if last else 1, text=text, since=clock.now()
                )
        except IntegrityError:
            continue


def consent_of(version: int) -> ConsentText:
    """The words that were shown; those of now when there is no such version."""
    return ConsentText.objects.filter(version=version).first() or consent_now()
