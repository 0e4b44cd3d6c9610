"""What a plugin says of itself."""

import enum
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import get_language


class Audience(enum.Flag):
    """Which tenants can have a plugin."""

    CENTRE = enum.auto()
    BASE = enum.auto()
    BOTH = CENTRE | BASE


class PluginConfig(AppConfig):
    """The app of a plugin; docs/reference/plugin-api.md describes every attribute."""

    default = False  # Django takes the one subclass of it in apps.py
    default_auto_field = "django.db.models.BigAutoField"
    title: ClassVar[Any] = ""
    title_en: ClassVar[Any] = ""
    description: ClassVar[Any] = ""
    description_en: ClassVar[Any] = ""
    audience: ClassVar[Audience] = Audience.BOTH
    default_on: ClassVar[bool] = False
    restricted: ClassVar[bool] = False
    roles: ClassVar[Mapping[str, Iterable[str]]] = {}
    second_factor: ClassVar[Iterable[str]] = ()
    urls: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True  # type: ignore[misc]

    def ready(self) -> None:
        """Read `extensions.py`, where the plugin's contributions stand."""
        if find_spec(f"{self.name}.extensions") is not None:
            import_module(f"{self.name}.extensions")

    def blockers(self, tenant: Any) -> list[str]:
        """Why the plugin cannot be switched off for `tenant` now; runs inside the tenant."""
        return []

    @property
    def label_in_language(self) -> str:
        return str(self.title_en if get_language() == "en" else self.title) or self.label

    @property
    def description_in_language(self) -> str:
        return str(self.description_en if get_language() == "en" else self.description)

    def made_for(self, kind: str) -> bool:
        """Whether a tenant of the type `kind` (`centre`, `base`) can have it."""
        wanted = Audience.CENTRE if kind == "centre" else Audience.BASE
        return bool(self.audience & wanted)
