from django import template

from courses.fieldlog.models import SessionLog
from courses.fieldlog.rules.words import detail_words
from courses.models import Mark
from tenants.models import in_language

register = template.Library()


@register.filter
def said(words: tuple[str, str]) -> str:
    """A pair of Chinese and English in the reader's language."""
    return in_language(*words)


@register.filter
def detail_of(code: str, detail: str) -> str:
    """`{{ flag.code|detail_of:flag.detail }}`: what a flag's detail says, for people."""
    return in_language(*detail_words(code, detail))


@register.filter
def mark_label(code: str) -> str:
    return str(Mark(code).label)


@register.filter
def review_label(code: str) -> str:
    """A log that has gone has no review."""
    return str(SessionLog.Review(code).label) if code else ""
