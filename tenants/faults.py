"""Faults of a service, put where the person who typed looks."""

from django import forms
from django.core.exceptions import ValidationError

from tenants.models import as_read


def put_faults(form: forms.BaseForm, error: ValidationError) -> None:
    """Each fault at its field, or above the form."""
    listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, faults in listed.items():
        form.add_error(field if field in form.fields else None, list(map(as_read, faults)))


def as_said(error: ValidationError) -> list[str]:
    """All that a service says against it, in the reader's language."""
    return [as_read(message) for message in error.messages]
