"""Faults of a service, put where the person who typed looks."""

from django import forms
from django.core.exceptions import ValidationError


def put_faults(form: forms.Form, error: ValidationError) -> None:
    """Each fault at its field; those of files at the first file field; others above the form."""
    listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, faults in listed.items():
        if field == "files" and "file1" in form.fields:
            field = "file1"
        form.add_error(field if field in form.fields else None, list(faults))
