"""Words for the state of a duty, with the colour that goes with them."""

from datetime import datetime

from django.utils.translation import gettext as _

from trainbase_hotline.rules import Duty


def duty_words(duty: Duty, now: datetime) -> tuple[str, str]:
    """(words, class of the badge); the words say it without the colour."""
    standing = duty.standing(now)
    words = {
        "in_time": _("按时"),
        "late": _("迟"),
        "overdue": _("已超时"),
        "soon": _("快到期"),
        "open": _("未到期"),
    }
    colours = {"in_time": "ok", "late": "bad", "overdue": "bad", "soon": "warn", "open": ""}
    return words[standing], colours[standing]
