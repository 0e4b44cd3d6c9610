"""What waits for this person in the field log: addresses of the desk, with how many."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.fieldlog.models import PaperSheet
from courses.fieldlog.rules.lag import SESSION_WARN
from courses.fieldlog.services.lag import without_log
from courses.fieldlog.services.villages import without_place
from tenants.staff.models import User

Tile = tuple[str, str, int]


def tiles(user: User) -> list[Tile]:
    """(address, title, count); a count of 0 is a way there, and nothing that waits.

    Cheap: the desk's front page asks for it each time.
    """
    found: list[Tile] = []
    if user.has_perm("fieldlog.enter_paper"):
        drafts = PaperSheet.objects.exclude(draft={}).count()
        found.append((reverse("paper_list"), _("纸质名单：录了一半"), drafts))
    if user.has_perm("fieldlog.countersign_paper"):
        found.append((reverse("paper_list"), _("纸质名单：等您复核"), _to_compare(user)))
    if user.has_perm("fieldlog.manage_device") or user.has_perm("fieldlog.review_attendance"):
        last = timezone.localdate() - timedelta(days=SESSION_WARN)
        late = without_log().filter(held_on__lte=last).count()
        found.append((reverse("field_lag"), _("滞后：没有记录的课次"), late))
        found.append((reverse("witness_check"), _("核对见证码"), 0))
    if user.has_perm("fieldlog.manage_device"):
        found.append((reverse("device_list"), _("手机"), 0))
        found.append((reverse("village_places"), _("村的位置：没有登记"), without_place()))
    return found


def _to_compare(user: User) -> int:
    """Sheets that somebody else has typed and taught."""
    waiting = PaperSheet.objects.filter(entered__isnull=False, countersigned__isnull=True)
    waiting = waiting.filter(objection="").exclude(entered__by=user)
    return waiting.exclude(taught_by=user).count()
