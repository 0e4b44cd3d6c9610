from typing import Any

from lms.plugin import PluginConfig


class SampleConfig(PluginConfig):
    name = "trainbase_sample"
    label = "sample"
    title, title_en = "样例", "Sample"
    description, description_en = "用到每一个扩展点。", "Uses every extension point."
    roles = {
        "manager": ("view_note", "add_note", "change_note", "delete_note", "change_samplesettings",
                    "view_tag", "add_tag", "change_tag"),
        "director": ("view_note", "add_note", "change_note"),
    }  # fmt: skip
    urls = "trainbase_sample.urls"

    def blockers(self, tenant: Any) -> list[str]:
        from trainbase_sample.models import Note

        return [
            f"还有未完成的便条：{note.text} / a note is open: {note.text}"
            for note in Note.objects.filter(open=True)
        ]
