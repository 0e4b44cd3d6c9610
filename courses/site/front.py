"""What the front page of a base gathers from the rest of its site."""

from typing import Any

from django.utils import timezone

from courses.models import BaseHomePage, CoursePage, TrainingClass
from courses.site.models import CataloguePage, ClassNoticePage, NewsIndexPage, NewsPage, StoryPage

CLASSES, NEWS, STORIES = 5, 4, 2


def next_classes(at_most: int) -> list[tuple[TrainingClass, CoursePage]]:
    """Classes that somebody can still join, each with the page of its course, the nearest first."""
    courses = {page.project_id: page for page in CoursePage.objects.live()}
    found = TrainingClass.objects.filter(
        project__in=courses, state=TrainingClass.State.OPEN, starts_on__gte=timezone.localdate()
    )
    found = found.select_related("village__parent", "project").order_by("starts_on", "pk")
    return [(each, courses[each.project_id]) for each in found[:at_most]]


def newest(at_most: int) -> list[Any]:
    """News and notices of classes, as one list."""
    found = [
        page
        for model in (NewsPage, ClassNoticePage)
        for page in model.objects.live()
        .exclude(first_published_at=None)
        .select_related("picture")
        .order_by("-first_published_at")[:at_most]
    ]
    return sorted(found, key=lambda page: page.first_published_at, reverse=True)[:at_most]


def front_of(home: BaseHomePage) -> dict[str, Any]:
    """`catalogue` and `news_index` are None where the site has no such section."""
    stories = StoryPage.objects.live().shown().select_related("picture", "project")
    return {
        "catalogue": CataloguePage.objects.live().descendant_of(home).first(),
        "news_index": NewsIndexPage.objects.live().descendant_of(home).first(),
        "coming": next_classes(CLASSES),
        "news": newest(NEWS),
        "stories": list(stories.order_by("-first_published_at")[:STORIES]),
    }
