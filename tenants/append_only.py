"""Rows that are facts: they are written once and never changed."""

from typing import Any

from django.db import models

from tenants.natural import ByKey


class FrozenRow(RuntimeError):
    """Somebody tried to change or delete a fact. A correction is a new row."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> int:
        raise FrozenRow("append-only: a correction is a new row")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise FrozenRow("append-only: facts are not deleted")


class AppendOnly(models.Model):
    objects = ByKey.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise FrozenRow("append-only: a correction is a new row")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise FrozenRow("append-only: facts are not deleted")
