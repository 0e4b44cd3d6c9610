"""At a base's desk: a certificate that took too many wrong attempts opens again for its holder."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates.holders.services import enter as door
from certificates.models import Certificate
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.models import Tenant
from tenants.staff.access import may


@may("certificates.issue_certificate")
def holder_door(request: HttpRequest, number: str) -> HttpResponse:
    found = get_object_or_404(Certificate, number=number)
    if request.method == "POST":
        door.set_back(found.code)
        messages.success(request, _("错误次数已清零，本人可以再试。"), extra_tags="ok")
        return redirect("certificate_holder", number)
    today, in_all = door.wrong_attempts(found.code)
    centre = Tenant.objects.get(pk=current_tenant().centre_id)
    context = {
        "certificate": found,
        "today": today,
        "in_all": in_all,
        "locked": door.is_locked(found.code),
        "a_day": door.A_DAY,
        "most": door.IN_ALL,
        "days": door.DAYS,
        "address": absolute(centre, "/my/"),
    }
    return render(request, "holders/desk.html", context)
