from typing import Any

from lms.plugin import PluginConfig


class BrokenConfig(PluginConfig):
    name = "trainbase_broken"
    label = "broken"
    title, title_en = "坏插件", "Broken"
    description, description_en = "每个扩展点都出错。", "Fails at every extension point."
    urls = "trainbase_broken.urls"

    def blockers(self, tenant: Any) -> list[str]:
        from trainbase_broken.extensions import fail

        return fail("blockers") or []
