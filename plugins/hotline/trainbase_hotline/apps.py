"""What the hotline is, for the core."""

from typing import Any

from lms.plugin import Audience, PluginConfig

HANDLERS = ("view_complaint", "handle_complaint", "view_identity", "view_counts")
HEADS = (
    *HANDLERS,
    "change_hotlinesettings",
    *(f"{act}_department" for act in ("add", "change", "view")),
)


class HotlineConfig(PluginConfig):
    name = "trainbase_hotline"
    label = "hotline"
    title = "维权热线"
    title_en = "Rights hotline"
    description = "受理学员和务工人员的投诉：凭回执号查进度，24 小时内答复并给出处理意见"
    description_en = "Complaints with a receipt number, an answer and an opinion within 24 hours"
    audience = Audience.BOTH
    roles = {
        "manager": HEADS,
        "director": HEADS,
        "clerk": HANDLERS,
        "officer": HANDLERS,
        "township_officer": ("view_counts",),
    }
    urls = "trainbase_hotline.urls"

    def blockers(self, tenant: Any) -> list[str]:
        """Nobody's open complaint disappears behind a switch."""
        from trainbase_hotline.models import Complaint

        count = Complaint.objects.exclude(state=Complaint.State.CLOSED).count()
        if not count:
            return []
        return [
            f"还有 {count} 件投诉没有结案，请先办结 / {count} complaints are open; close them first"
        ]

    def demo(self, tenant: Any) -> None:
        """About twelve complaints in all states; runs inside the tenant."""
        from trainbase_hotline.demo import build

        build()
