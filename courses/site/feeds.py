"""News and next classes of a base, as Atom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from courses.models import CoursePage, TrainingClass
from courses.site.bases import path_of
from courses.site.front import newest, next_classes
from tenants.current import current_tenant
from tenants.links import absolute

MANY = 30
Coming = tuple[TrainingClass, CoursePage]


class TenantFeed(Feed):  # type: ignore[type-arg]
    """Addresses in it are the tenant's primary ones, whatever host a program has asked."""

    feed_type = Atom1Feed
    route = ""
    heading: Any = ""

    def title(self, obj: Any) -> str:
        return f"{current_tenant().title} · {self.heading}"

    def link(self, obj: Any) -> str:
        return absolute(current_tenant())

    def feed_url(self, obj: Any) -> str:
        return absolute(current_tenant(), reverse(self.route))

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        return None


class NewsFeed(TenantFeed):
    route, heading = "feed_news", _("新闻通知")

    def items(self) -> Sequence[Any]:
        return newest(MANY)

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_description(self, item: Any) -> str:
        return str(item.lead)

    def item_link(self, item: Any) -> str:
        return absolute(current_tenant(), path_of(item))

    def item_pubdate(self, item: Any) -> datetime:
        found: datetime = item.first_published_at
        return found

    def item_updateddate(self, item: Any) -> datetime:
        found: datetime = item.last_published_at or item.first_published_at
        return found


class ClassFeed(TenantFeed):
    route, heading = "feed_classes", _("近期班次")

    def items(self) -> list[Coming]:
        return next_classes(MANY)

    def item_title(self, item: Coming) -> str:
        training_class = item[0]
        return f"{training_class.starts_on} {training_class.project_name}"

    def item_description(self, item: Coming) -> str:
        found = item[0]
        township = found.village.parent.name if found.village.parent else ""
        return (
            f"{found.starts_on} – {found.ends_on} · {township}{found.village.name} · {found.place}"
        )

    def item_link(self, item: Coming) -> str:
        return absolute(current_tenant(), path_of(item[1])) + f"#{item[0].code}"

    def item_guid(self, item: Coming) -> str:
        return self.item_link(item)

    def item_pubdate(self, item: Coming) -> datetime:
        return item[0].opened_at
