"""Base classes whose parts of the gate lie in the class itself."""

from typing import Any

from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.models import Page, get_page_models

from tenants.current import connection
from tenants.plugins.gate import is_hidden


class PluginPage(Page):  # type: ignore[misc]
    """A page type of a plugin: it cannot be made, and is not served, while the plugin is off."""

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        return not is_hidden(cls) and super().can_create_at(parent)


class HoldsPluginPages:
    """For a home page: page types of plugins can be made below it, beside its own."""

    @classmethod
    def clean_subpage_models(cls) -> list[Any]:
        own: list[Any] = super().clean_subpage_models()  # type: ignore[misc]
        return [*own, *(page for page in get_page_models() if issubclass(page, PluginPage))]


class PluginSettings(BaseGenericSetting):  # type: ignore[misc]
    """One row of settings a tenant, with a page in Wagtail's Settings menu."""

    class Meta:
        abstract = True

    @classmethod
    def _get_or_create(cls) -> Any:
        """A rule writes nothing: before anybody has saved the settings it gets the defaults."""
        if getattr(connection, "of_rules", False):
            return cls.base_queryset().first() or cls()
        return super()._get_or_create()


class PluginViewSet(ModelViewSet):  # type: ignore[misc]
    """Wagtail's own, listed in the admin menu, with Excel of what its list shows."""

    add_to_admin_menu = True
    add_to_reference_index = False

    @property
    def list_export(self) -> Any:
        return [column for column in self.list_display if isinstance(column, str)]
