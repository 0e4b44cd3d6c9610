"""Faults of a service, put where the person who typed looks."""

from django import forms
from django.core.exceptions import ValidationError


def put_faults(form: forms.BaseForm, error: ValidationError) -> None:
    """Each fault at its field, or above the form."""
    listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, faults in listed.items():
        form.add_error(field if field in form.fields else None, list(faults))
