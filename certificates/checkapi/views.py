"""The description for everybody; keys and their uses for the centre, in Wagtail's admin."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.checkapi import services
from certificates.checkapi.faults import A_MINUTE, FAULTS
from certificates.checkapi.forms import KeyForm
from certificates.checkapi.models import ApiKey, ApiUse
from certificates.register.many import MATCHES, MOST, WORDS
from certificates.views.verify import bilingual
from tenants.current import current_tenant, is_type
from tenants.faults import as_said, put_faults
from tenants.links import absolute
from tenants.staff.access import actor
from tenants.tables import wants_excel, workbook_response

MANAGE = "checkapi.manage_apikey"
View = Callable[..., HttpResponse]


@bilingual
def description(request: HttpRequest) -> HttpResponse:
    """How the API is asked, by whom, how often, and every answer that it gives."""
    context = {
        "bilingual": True,
        "address": absolute(current_tenant(), "/api/check/v1/"),
        "words": [(word, word in MATCHES, *said) for word, said in WORDS.items()],
        "faults": [(code, *said) for code, said in FAULTS.items()],
        "most": MOST,
        "a_minute": A_MINUTE,
        "centre": current_tenant(),
    }
    return render(request, "checkapi/description.html", context)


def at_centre(view: View) -> View:
    """404 at a base; 403 without the permission."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not is_type("centre"):
            raise Http404
        if not request.user.has_perm(MANAGE):
            raise PermissionDenied
        return view(request, **kwargs)

    return guarded


def crumbs(title: str = "") -> list[dict[str, str]]:
    found = [{"url": reverse("check-keys:index"), "label": _("核验接口")}]
    return [*found, {"url": "", "label": title}] if title else found


@at_centre
def key_new(request: HttpRequest) -> HttpResponse:
    """The key is shown on the answer to this form, and never again."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made, plain = services.make_key(
                data["name"], data["contact"], data["quota"], actor(request)
            )
        except ValidationError as error:
            put_faults(form, error)
        else:
            context = {"key": made, "plain": plain, "crumbs": crumbs(made.name)}
            response = render(request, "checkapi/shown_once.html", context)
            response["Cache-Control"] = "no-store"
            return response
    context = {"form": form, "crumbs": crumbs(_("新的密钥"))}
    return render(request, "checkapi/new.html", context)


@at_centre
def key_detail(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey.objects.select_related("made_by", "ended_by"), pk=pk)
    context = {
        "key": key,
        "quota": services.quota_of(key),
        "uses": key.uses.all()[:20],
        "crumbs": crumbs(key.name),
    }
    return render(request, "checkapi/key.html", context)


@at_centre
@require_POST
def key_end(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(ApiKey, pk=pk)
    try:
        services.end_key(key, request.POST.get("reason", ""), actor(request))
    except ValidationError as error:
        messages.error(request, as_said(error)[0])
    else:
        messages.success(request, _("密钥已停用。"))
    return redirect("check-keys:key", pk)


@at_centre
def use_list(request: HttpRequest) -> HttpResponse:
    """Every use: key, time, count. As Excel those that are chosen, at most 50,000."""
    uses = ApiUse.objects.select_related("key")
    chosen, days = request.GET.get("key", ""), request.GET.get("days", "30")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 18:
        uses = uses.filter(key_id=chosen)
    if days in ("1", "7", "30", "366"):
        uses = uses.filter(at__gte=timezone.now() - timedelta(days=int(days)))
    if wants_excel(request):
        header = [_("时间"), _("给谁"), _("密钥"), _("份数"), _("相符"), _("结果")]
        rows = [
            [f"{timezone.localtime(u.at):%Y-%m-%d %H:%M:%S}", u.key.name, u.key.shown]
            + [u.asked, u.matches, str(u.get_outcome_display())]
            for u in uses[:50_000]
        ]
        return workbook_response("check-api-uses", header, rows)
    context = {
        "page": Paginator(uses, 50).get_page(request.GET.get("page")),
        "keys": ApiKey.objects.all(),
        "chosen": chosen,
        "days": days,
        "crumbs": crumbs(_("使用记录")),
    }
    return render(request, "checkapi/uses.html", context)
