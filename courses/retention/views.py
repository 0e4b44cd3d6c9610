"""What is due to go, by name, before anything goes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from courses.retention.models import RetentionRun
from courses.retention.rules import Plan
from courses.retention.services import carry_out, plan
from tenants.current import is_type
from tenants.faults import as_said
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


def _kinds() -> dict[str, str]:
    return {
        "classes": _("到期班次"),
        "people": _("学员：身份证号、后四位、电话、性别、村"),
        "photos": _("证件照片"),
        "rosters": _("花名册原件"),
        "walk_ins": _("临时学员登记的证号和电话"),
        "pictures": _("考勤照片和签名"),
        "applications": _("报名：姓名、身份证号、电话、村"),
    }


def _counts(found: dict[str, int]) -> list[tuple[str, int]]:
    return [(title, found.get(name, 0)) for name, title in _kinds().items()]


@may("retention.keep_retention")
def retention(request: HttpRequest) -> HttpResponse:
    """The list of now; POST with its digest deletes just that. The centre has no such files."""
    if not is_type("base"):
        raise Http404
    if request.method == "POST":
        try:
            run = carry_out(request.POST.get("digest", ""), actor(request))
        except ValidationError as error:
            messages.error(request, as_said(error)[0], extra_tags="bad")
        else:
            said = _("已清除，记录编号 %(digest)s。") % {"digest": run.digest[:12]}
            messages.success(request, said, extra_tags="ok")
        return redirect("retention")
    found: Plan = plan()
    if wants_excel(request):
        rows = [[label, name] for label, names in found.names.items() for name in names]
        return workbook_response("retention", [_("班次"), _("姓名")], rows)
    context = {
        "plan": found,
        "counts": _counts(found.counts),
        "runs": [(run, _counts(run.counts)) for run in RetentionRun.objects.all()[:20]],
    }
    return render(request, "retention/retention.html", context)
