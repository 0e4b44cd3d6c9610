from typing import Any

from lms.plugin import Audience, PluginConfig

EVERYTHING = (
    *("view_unit", "add_unit", "change_unit"),
    *("view_letter", "record_letter", "decide_letter", "change_letterssettings"),
)


class LettersConfig(PluginConfig):
    name = "trainbase_letters"
    label = "letters"
    title = "责任状"
    title_en = "Responsibility letters"
    verbose_name = title
    description = "按单位下达年度目标、签订责任状，进度由台账自动计算，年终考核留痕"
    description_en = (
        "Yearly targets by unit, signed for; progress counted from the ledger; assessed on record"
    )
    audience = Audience.CENTRE
    roles = {
        "director": EVERYTHING,
        "officer": EVERYTHING[:5],
        "township_officer": ("view_letter",),
    }

    def blockers(self, tenant: Any) -> list[str]:
        """Signed duties that nobody has settled: hidden, they would look as if they were over."""
        from trainbase_letters.services.standing import open_duties

        return open_duties()

    def demo(self, tenant: Any) -> None:
        """Units, targets, letters and last year's assessment; does nothing where units stand."""
        from trainbase_letters.demo import build

        build()
