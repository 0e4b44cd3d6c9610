"""What the hotline adds to the core: reports, a panel, reminders by the clock."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.plugin import Panel, dashboard_panels, jobs, reports
from trainbase_hotline.report import HotlineReport
from trainbase_hotline.services.reminding import remind

reports(HotlineReport)


@dashboard_panels
def panel(request: HttpRequest) -> Panel | None:
    """Counts alone for whoever may only count; addresses for handlers."""
    if not request.user.has_perm("hotline.view_counts"):
        return None
    from trainbase_hotline.counts import open_counts

    handles = request.user.has_perm("hotline.view_complaint")
    desk = reverse("hotline:desk") if handles else ""
    late = reverse("hotline:breaches") if handles else ""
    found = open_counts()
    return Panel(
        title=_("维权热线"),
        lines=[
            (_("未结案"), str(found.open), desk),
            (_("4 小时内到期"), str(found.soon), desk),
            (_("已超时"), str(found.overdue), late),
        ],
        note=_("按自然时间计算，节假日也算。一件投诉的首次答复或处理意见到期，各算在内。"),
    )


@jobs.every(minutes=10)
def reminders() -> None:
    remind()
