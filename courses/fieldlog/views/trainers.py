"""Who trainers are: a number that goes in and never comes out again, but for its last digits."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from courses.fieldlog.services.trainers import forget_who, say_who, trainers, who_may_teach
from tenants.faults import as_said
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response


@may("fieldlog.manage_device")
def trainer_list(request: HttpRequest) -> HttpResponse:
    found = trainers()
    if wants_excel(request):
        lines = [
            [
                str(each.trainer),
                each.identity.id_last4 if each.identity else "",
                str(each.identity.said_by) if each.identity else "",
                timezone.localdate(each.identity.said_at) if each.identity else "",
            ]
            for each in found
        ]
        header = [_("教师"), _("证件后四位"), _("登记人"), _("登记日期")]
        return workbook_response("trainers", header, lines)
    return render(request, "fieldlog/trainers.html", {"found": found})


@sensitive_post_parameters("resident_id")
@may("fieldlog.manage_device")
@require_POST
def trainer_identity(request: HttpRequest, pk: int) -> HttpResponse:
    """Note or forget one trainer's number. A wrong one is not shown again."""
    trainer = get_object_or_404(who_may_teach(), pk=pk)
    if "forget" in request.POST:
        forget_who(trainer)
        messages.success(request, _("已删除证件号码。"), extra_tags="ok")
        return redirect("trainer_list")
    try:
        say_who(trainer, request.POST.get("resident_id", "")[:60], actor(request))
    except ValidationError as error:
        for message in as_said(error):
            text = f"{trainer}：{message}"
            messages.error(request, text, extra_tags="bad")
    else:
        text = _("已登记，%(name)s 的课次已与其他基地比对。") % {"name": trainer}
        messages.success(request, text, extra_tags="ok")
    return redirect("trainer_list")
