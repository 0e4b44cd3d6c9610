"""Forms of pages in the admin: what Wagtail cannot know of an address, a class, a consent."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import resolve
from django.urls.exceptions import Resolver404
from wagtail.admin.forms import WagtailAdminPageForm


class SitePageForm(WagtailAdminPageForm):  # type: ignore[misc]
    """No page takes an address that the site needs for something else."""

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if slug and self.parent_page.is_site_root() and _is_taken(slug):
            raise ValidationError(
                f"网址 {slug} 由系统使用，请换一个 / {slug} is an address of the system: choose another"
            )
        return slug


def _is_taken(slug: str) -> bool:
    try:
        return resolve(f"/{slug}/").url_name != "wagtail_serve"
    except Resolver404:
        return False


class NoticeForm(SitePageForm):
    """Offers the classes that can still be joined, and the one that was chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("training_class"):
            mine = Q(state="open") | Q(pk=self.instance.training_class_id)
            field.queryset = field.queryset.filter(mine).order_by("starts_on", "code")


class StoryForm(SitePageForm):
    """The end of the page is the consent's: what is typed as its end does not count."""

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["expire_at"] = None
        found: dict[str, Any] = super().clean()
        return found
