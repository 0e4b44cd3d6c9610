"""Rows that are called the same in every installation, whatever their key is there."""

from typing import Any

from django.db import models


class ByKey(models.Manager[Any]):
    """Finds a row by the fields that its model lists in NATURAL."""

    def get_by_natural_key(self, *values: Any) -> Any:
        return self.get(**dict(zip(self.model.NATURAL, values, strict=True)))
