"""The filters that lists use, each from django-filter, with our words and widgets."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, Filter

from tenants.models import Division

#: (rows, name, value) -> rows
Method = Callable[[Any, str, Any], Any]


class Tick(Filter):
    """A box: nothing is filtered while it is empty."""

    field_class = forms.BooleanField


def choice(label: Any, choices: Any, field: str = "", method: Method | None = None) -> Filter:
    """`choices` may be a function that is asked for every page."""
    return ChoiceFilter(
        field_name=field or None,
        choices=choices,
        label=label,
        empty_label=_("全部"),
        method=method,
    )


def tick(label: Any, method: Method) -> Filter:
    return Tick(label=label, method=method)


def day(label: Any, field: str, lookup: str) -> Filter:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return DateFilter(field_name=field, lookup_expr=lookup, label=label, widget=widget)


def since(label: Any, field: str) -> Filter:
    return day(label, field, "gte")


def until(label: Any, field: str) -> Filter:
    return day(label, field, "lte")


def words(label: Any, field: str, lookup: str = "icontains") -> Filter:
    return CharFilter(field_name=field, lookup_expr=lookup, label=label, max_length=60)


def township(villages: Callable[[], Any], field: str = "village__parent") -> Filter:
    """The townships of `villages`, a query of keys of divisions."""

    def choices() -> list[tuple[str, str]]:
        towns = Division.objects.filter(
            pk__in=Division.objects.filter(pk__in=villages()).values("parent")
        )
        return [(town.code, town.name) for town in towns]

    return choice(_("乡镇"), choices, f"{field}__code")
