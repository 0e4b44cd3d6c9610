"""Paper at the desk: print a sheet, find it again, type it in, leave it half done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.fieldlog.lists.sheets import SHEETS, sheets
from courses.fieldlog.models import Blob, PaperSheet
from courses.fieldlog.rules import paper as rules
from courses.fieldlog.services import blobs, paper
from courses.fieldlog.services.paper import Entry, Line
from courses.fieldlog.services.trainers import who_may_teach
from courses.fieldlog.views.sheet import entered_page
from courses.models import Mark, VillageSession
from courses.services.attendance import last_said
from tenants.current import current_tenant
from tenants.faults import as_said
from tenants.links import absolute
from tenants.lists.views import show
from tenants.models import in_language
from tenants.qr import qr_inline
from tenants.staff.access import actor, may
from tenants.staff.models import User

BLANK_ROWS = 3  # for people who come without being on the list


def sheet_of(code: str) -> PaperSheet:
    found = PaperSheet.objects.select_related(
        "session__training_class__project", "session__training_class__trainer", "entered__by"
    )
    return get_object_or_404(found, code=code)


@may("fieldlog.enter_paper")
def paper_list(request: HttpRequest) -> HttpResponseBase:
    """Find a sheet by its code; and those that wait for somebody."""
    typed = request.GET.get("code", "").strip()[:200]
    if typed and (found := paper.find_sheet(typed)):
        return redirect("paper_sheet", found.code)
    return show(request, SHEETS, sheets(), "fieldlog/sheets.html", typed=typed)


@may("fieldlog.enter_paper")
@require_POST
def paper_new(request: HttpRequest, pk: int) -> HttpResponse:
    session = get_object_or_404(VillageSession.objects.select_related("training_class"), pk=pk)
    try:
        sheet = paper.print_sheet(session, actor(request))
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
        return redirect("class_detail", session.training_class.code)
    return redirect("paper_print", sheet.code)


@may("fieldlog.enter_paper")
def paper_print(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as it goes to the village: only the rows that belong to it, in their order."""
    sheet = sheet_of(code)
    printed = [line for line in paper.lines(sheet) if line.code]
    context = {
        "sheet": sheet,
        "session": sheet.session,
        "class": sheet.session.training_class,
        "rows": printed,
        "blank": range(BLANK_ROWS),
        "marks": Mark.choices,
        "totals": [in_language(*rules.TITLES[key]) for key in rules.TOTALS],
        "qr": qr_inline(absolute(current_tenant(), f"/desk/paper/{sheet.code}/")),
    }
    return render(request, "fieldlog/sheet_print.html", context)


@may("fieldlog.enter_paper")
def paper_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The one page in the order of the rows; once entered, what was entered."""
    sheet = sheet_of(code)
    correcting = bool(sheet.entered_id) and "correct" in request.GET
    if request.method == "POST":
        return _sent(request, sheet, correcting)
    if sheet.entered_id and not correcting:
        return entered_page(request, sheet)
    return _entry_page(request, sheet, sheet.draft or _from_log(sheet), [])


def _names(lines: list[Line]) -> list[str]:
    """The fields of the page: nothing else is kept."""
    people = [line.enrolment.pk for line in lines]
    return [
        *(f"{field}-{pk}" for pk in people for field in ("mark", "minutes")),
        *(f"{time}-{key}" for time in ("first", "second") for key in rules.TOTALS),
        *("taught_by", "differs", "reason", "quick"),
    ]


def _sent(request: HttpRequest, sheet: PaperSheet, correcting: bool) -> HttpResponse:
    """Keep what was typed first of all: whatever comes then, it is not lost."""
    lines = paper.lines(sheet)
    typed = {name: request.POST[name][:500] for name in _names(lines) if request.POST.get(name, "")}
    typed["photo"] = sheet.draft.get("photo") or _photo_of(sheet)
    faults = _keep_photo(request, typed)
    if "fill" in request.POST and not faults:
        faults = _fill(typed, lines)
    paper.keep_draft(sheet, typed, actor(request))
    sheet.refresh_from_db()
    if sheet.entered_id and not correcting:
        messages.warning(
            request,
            _("这张名单已经录入。您填的内容暂存了，要改请按“更正”。"),
            extra_tags="warn",
        )
        return redirect("paper_sheet", sheet.code)
    if "enter" in request.POST and not faults:
        try:
            paper.enter(sheet, entry_of(sheet, typed, lines), actor(request))
        except ValidationError as error:
            faults = as_said(error)
        else:
            messages.success(request, _("名单已录入，请由另一人复核。"), extra_tags="ok")
            return redirect("paper_sheet", sheet.code)
    elif "save" in request.POST and not faults:
        messages.success(request, _("已暂存，可以以后接着填。"), extra_tags="ok")
        return redirect("paper_list")
    return _entry_page(request, sheet, typed, faults)


def _keep_photo(request: HttpRequest, typed: dict[str, str]) -> list[str]:
    """The photo is kept at once: a browser does not send a file a second time by itself."""
    file = request.FILES.get("photo")
    if file is None:
        return []
    try:
        if (file.size or 0) > blobs.LARGEST_BLOB:
            raise ValidationError("照片超过 8 MB，请缩小后再上传 / the photo is larger than 8 MB")
        typed["photo"] = blobs.keep(file.read())
    except ValidationError as error:
        return as_said(error)
    return []


def _photo_of(sheet: PaperSheet) -> str:
    return str(sheet.entered.blobs[0]) if sheet.entered else ""


def _fill(typed: dict[str, str], lines: list[Line]) -> list[str]:
    """Put the quick line into the rows of the sheet."""
    printed = [line for line in lines if line.code]
    found = rules.read_quick(typed.get("quick", ""), len(printed))
    if isinstance(found, str):
        return [found]
    for line, (mark, minutes) in zip(printed, found, strict=True):
        typed[f"mark-{line.enrolment.pk}"] = mark
        typed[f"minutes-{line.enrolment.pk}"] = minutes
    return []


def _from_log(sheet: PaperSheet) -> dict[str, str]:
    """The rows as they were entered, for a correction; the totals are counted on the paper anew."""
    if sheet.entered_id is None:
        return {}
    typed = {"photo": _photo_of(sheet), "taught_by": str(sheet.taught_by_id or "")}
    said = last_said(sheet.session, paper.PAPER)
    for line in paper.lines(sheet):
        pk = line.enrolment.pk
        typed[f"mark-{pk}"] = said[pk].said["mark"] if pk in said else rules.NONE
        typed[f"minutes-{pk}"] = str(said[pk].said["minutes"]) if pk in said else ""
    return typed


def _shown(line: Line, typed: dict[str, str]) -> dict[str, Any]:
    pk = line.enrolment.pk
    mark = typed.get(f"mark-{pk}", "" if line.code else rules.NONE)
    return {"line": line, "mark": mark, "minutes": typed.get(f"minutes-{pk}", "")}


def entry_of(sheet: PaperSheet, typed: dict[str, str], lines: list[Line]) -> Entry:
    teacher = typed.get("taught_by", "")
    return Entry(
        rows=[
            rules.Row(
                line.enrolment.pk,
                line.code or "+",
                line.enrolment.trainee.name,
                # Whoever came later is on no row: nothing was to be marked there.
                typed.get(f"mark-{line.enrolment.pk}", "" if line.code else rules.NONE),
                typed.get(f"minutes-{line.enrolment.pk}", ""),
            )
            for line in lines
        ],
        first={key: typed.get(f"first-{key}", "") for key in rules.TOTALS},
        second={key: typed.get(f"second-{key}", "") for key in rules.TOTALS},
        taught_by=_teacher(sheet, teacher),
        photo=typed.get("photo", ""),
        differs=typed.get("differs", ""),
        reason=typed.get("reason", ""),
    )


def _teacher(sheet: PaperSheet, pk: str) -> User | None:
    if not (pk.isdecimal() and len(pk) < 19):
        return None
    if int(pk) == sheet.taught_by_id:  # may have left since
        return sheet.taught_by
    found: User | None = who_may_teach().filter(pk=int(pk)).first()
    return found


def _entry_page(
    request: HttpRequest, sheet: PaperSheet, typed: dict[str, str], faults: list[str]
) -> HttpResponse:
    lines = paper.lines(sheet)
    trainer = str(sheet.session.training_class.trainer_id)
    context: dict[str, Any] = {
        "sheet": sheet,
        "session": sheet.session,
        "class": sheet.session.training_class,
        "rows": [_shown(line, typed) for line in lines if line.code],
        "later": [_shown(line, typed) for line in lines if not line.code],
        "marks": [*Mark.choices, (rules.NONE, _("未填"))],
        "totals": [
            {
                "key": key,
                "title": in_language(*rules.TITLES[key]),
                "first": typed.get(f"first-{key}", ""),
                "second": typed.get(f"second-{key}", ""),
            }
            for key in rules.TOTALS
        ],
        "teachers": who_may_teach(),
        "taught_by": typed.get("taught_by", trainer),
        "typed": typed,
        "faults": faults,
        "quick": typed.get("quick", ""),
    }
    return render(request, "fieldlog/sheet_entry.html", context)


@may("fieldlog.enter_paper")
def paper_photo(request: HttpRequest, code: str) -> HttpResponse:
    """The photo of the sheet, drawn anew; the one that is being typed from, else the entered one."""
    sheet = sheet_of(code)
    name = sheet.draft.get("photo") if "draft" in request.GET else _photo_of(sheet)
    blob = Blob.objects.filter(hash=name or "").first()
    if blob is None:
        raise Http404
    try:
        content = blobs.shown(blob)
    except ValidationError:
        raise Http404 from None
    response = HttpResponse(content, content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    return response
