"""Pages of a base's site beside its home and its courses."""

from courses.site.models.sections import (
    CataloguePage,
    ContactPage,
    NewsIndexPage,
    PolicyIndexPage,
    StoryIndexPage,
)
from courses.site.models.writing import ClassNoticePage, NewsPage, PolicyPage, StoryPage

__all__ = [
    "CataloguePage",
    "ClassNoticePage",
    "ContactPage",
    "NewsIndexPage",
    "NewsPage",
    "PolicyIndexPage",
    "PolicyPage",
    "StoryIndexPage",
    "StoryPage",
]
