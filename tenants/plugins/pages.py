"""Base classes whose parts of the gate lie in the class itself."""

from typing import Any

from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.models import Page

from tenants.plugins.gate import is_hidden


class PluginPage(Page):  # type: ignore[misc]
    """A page type of a plugin: it cannot be made, and is not served, while the plugin is off."""

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Any) -> bool:
        return not is_hidden(cls) and super().can_create_at(parent)


class PluginSettings(BaseGenericSetting):  # type: ignore[misc]
    """One row of settings a tenant, with a page in Wagtail's Settings menu."""

    class Meta:
        abstract = True


class PluginViewSet(ModelViewSet):  # type: ignore[misc]
    """Wagtail's own, listed in the admin menu, with Excel of what its list shows."""

    add_to_admin_menu = True
    add_to_reference_index = False

    @property
    def list_export(self) -> Any:
        return [column for column in self.list_display if isinstance(column, str)]
