"""The desk's pages of notices."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.notices import rules, services
from courses.notices.audiences import Person, label_of, people_of
from courses.notices.forms import NoticeForm, OptOutForm, TemplateForm
from courses.notices.lists import NOTICES, OPT_OUTS, opt_outs, sendings
from courses.notices.models import Notice, NoticeTemplate, Sending
from tenants.faults import as_said, put_faults
from tenants.jobs.models import JobRun
from tenants.lists.views import show
from tenants.outbox.services import OUTBOX
from tenants.staff.access import actor, may
from tenants.tables import wants_excel, workbook_response

SEND, CHANGE = "notices.send_notice", "notices.change_noticetemplate"


@may(SEND)
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """Every sending, with what came of it and what it cost."""
    return show(request, NOTICES, sendings(), "notices/list.html")


@may(SEND)
def notice_new(request: HttpRequest) -> HttpResponse:
    """Choose, look at what each person would get and what it costs, then send."""
    asked = request.POST if request.method == "POST" else request.GET
    form = NoticeForm(asked if "template" in asked else None, initial=_chosen(request))
    context: dict[str, Any] = {"form": form, "templates": NoticeTemplate.objects.exists()}
    if form.is_bound and form.is_valid():
        people = _people(form)
        wanted = {int(pk) for pk in asked.getlist("person") if pk.isdecimal()}
        if request.POST.get("act") == "send":
            chosen = [person for person in people if person.trainee.pk in wanted]
            if (sending := _begin(form, chosen, request)) is not None:
                return redirect("notice_sending", sending.pk)
        context |= _preview(form, people, wanted)
    return render(request, "notices/new.html", context)


def _chosen(request: HttpRequest) -> dict[str, str]:
    return {"to": request.GET.get("to", "")[:3000]}


def _people(form: NoticeForm) -> list[Person]:
    try:
        return people_of(form.cleaned_data["to"])
    except LookupError:
        form.add_error("to", _("没有这份名单，请另选一份。"))
        return []


def _begin(form: NoticeForm, chosen: list[Person], request: HttpRequest) -> Sending | None:
    data = form.cleaned_data
    if not chosen:
        form.add_error(None, _("请至少选一个人。"))
        return None
    try:
        return services.begin(
            data["template"],
            chosen,
            label_of(data["to"]),
            channel=data["channel"],
            link=data["link"],
            urgent=data["urgent"],
            by=actor(request),
        )
    except ValidationError as error:
        put_faults(form, error)
        return None


def _preview(form: NoticeForm, people: list[Person], wanted: set[int]) -> dict[str, Any]:
    """Every person's own message; the first of them is shown whole above the list."""
    data = form.cleaned_data
    drafts = services.drafts(people, data["template"].text, data["link"], data["channel"])
    chosen = [d for d in drafts if d.text and (not wanted or d.person.trainee.pk in wanted)]
    segments = sum(draft.length.segments for draft in chosen)
    price = services.way_named(data["channel"]).price
    return {
        "drafts": drafts,
        "wanted": wanted or {draft.person.trainee.pk for draft in chosen},
        "sample": chosen[0] if chosen else None,
        "count": len(chosen),
        "segments": segments,
        "price": price,
        "estimate": rules.cost(segments, price),
        "carrier": data["channel"] != OUTBOX,
    }


@may(SEND)
def notice_sending(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a sending is, and what became of each person's message."""
    sending = get_object_or_404(sendings(), pk=pk)
    notices = sending.notices.select_related("trainee", "message")
    if wants_excel(request):
        header = [_("姓名"), _("号码"), _("内容"), _("条数"), _("状态"), _("费用（元）"), _("原因")]
        return workbook_response(f"notice-{pk}", header, map(_row, notices))
    job = JobRun.objects.filter(kind=services.SEND, params={"sending": pk}).first()
    context = {
        "sending": sending,
        "page": Paginator(notices, 100).get_page(request.GET.get("page")),
        "segments": notices.filter(skipped="").aggregate(n=Sum("segments"))["n"] or 0,
        "skipped": notices.exclude(skipped="").count(),
        "job": job,
        "waits": sending.is_open and not (job and job.is_open),
    }
    return render(request, "notices/sending.html", context)


def _row(notice: Notice) -> list[Any]:
    message = notice.message
    if message is None:
        state = notice.get_skipped_display() if notice.skipped else _("未发出")
        return [notice.trainee.name, notice.trainee.phone, "", notice.segments, state, 0.0, ""]
    return [
        *(notice.trainee.name, message.to, message.text, notice.segments),
        *(message.get_state_display(), float(message.cost), message.error),
    ]


@may(SEND)
@require_POST
def notice_stop(request: HttpRequest, pk: int) -> HttpResponse:
    sending = get_object_or_404(Sending, pk=pk)
    try:
        services.stop(sending)
    except ValidationError as error:
        _say(request, error)
    else:
        messages.success(request, _("已停止；发出的收不回来，其余的不再发出。"), extra_tags="ok")
    return redirect("notice_sending", pk)


def _say(request: HttpRequest, error: ValidationError) -> None:
    messages.error(request, as_said(error)[0], extra_tags="bad")


@may(SEND)
def notice_templates(request: HttpRequest) -> HttpResponse:
    rows = [(each, rules.length(each.text)) for each in NoticeTemplate.objects.all()]
    context = {"rows": rows, "may_change": request.user.has_perm(CHANGE)}
    return render(request, "notices/templates.html", context)


@may(CHANGE)
def notice_template(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """Write a template, or change one that somebody else may be changing too."""
    with transaction.atomic():
        locked = NoticeTemplate.objects.select_for_update()
        template = get_object_or_404(locked, pk=pk) if pk else NoticeTemplate()
        form = TemplateForm(request.POST or None, instance=template)
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            services.write_template(
                template, data["name"], data["text"], data["in_use"], actor(request)
            )
            messages.success(request, _("已保存。"), extra_tags="ok")
            return redirect("notice_templates")
    return render(request, "notices/template.html", {"form": form, "template": template})


@may(SEND)
def notice_opt_outs(request: HttpRequest) -> HttpResponseBase:
    """Who wants no notices, and how they said so."""
    form = OptOutForm(request.POST if "phone" in request.POST else None)
    if form.is_bound and form.is_valid():
        try:
            services.opt_out(form.cleaned_data["phone"], form.cleaned_data["said"], actor(request))
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已登记，不再给这个号码发通知。"), extra_tags="ok")
            return redirect("notice_opt_outs")
    return show(request, OPT_OUTS, opt_outs(), "notices/opt_outs.html", form=form)
