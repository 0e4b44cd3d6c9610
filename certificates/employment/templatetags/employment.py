"""Places and histories in words, for templates."""

from django import template

from certificates import divisions

register = template.Library()


@register.filter
def place(code: str) -> str:
    """The name of a division by its code; the code itself when nobody knows it."""
    return divisions.name_of(code) or code


@register.inclusion_tag("certificates/places.html")
def places() -> dict[str, object]:
    """Provinces and prefectures that a field of a place offers."""
    return {"places": divisions.offered()}
