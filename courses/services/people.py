"""Mend what is known of a person."""

import unicodedata

from django.core.exceptions import ValidationError

from courses.models import Trainee


def rename(trainee: Trainee, name: str) -> None:
    """The name as it stands on the resident ID. Raises ValidationError for what is no name."""
    name = unicodedata.normalize("NFKC", name).strip()
    if not name or len(name) > 60 or not all(c.isalnum() or c in " ·•'-.()" for c in name):
        raise ValidationError(
            "请照身份证填写姓名：1 至 60 个字，不含符号"
            " / give the name as on the resident ID: up to 60 characters, no signs"
        )
    if name != trainee.name:
        trainee.name = name
        trainee.save(update_fields=["name"])
