"""An employer's own page at the centre: whom it has confirmed, what it has checked, vacancies."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from certificates.employers.access import as_employer
from certificates.employers.forms import CheckForm, LeftForm
from certificates.employers.models import Confirmation, Employer
from certificates.employers.services.checks import note_check
from certificates.employers.services.confirm import phone_of, say_left
from certificates.extensions import Firm, Vacancy, vacancies
from certificates.register.status import look_up
from certificates.token import CODE_LENGTH, normalise_code
from tenants.cells import is_here
from tenants.current import current_tenant
from tenants.faults import put_faults
from tenants.models import in_language
from tenants.plugins import faults
from tenants.plugins.points import results
from tenants.tables import wants_excel, workbook_response


def _mine(employer: Employer) -> Any:
    return Confirmation.objects.filter(
        employer_uscc=employer.uscc, tenant__centre_id=employer.centre_id
    ).select_related("tenant")


@as_employer
def home(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Everybody confirmed by number and printed name, current ones first; Excel on wish."""
    found = _mine(employer).order_by("left_on", "-id")
    if wants_excel(request):
        header = [_("证书编号"), _("姓名"), _("岗位"), _("起始日期"), _("离职日期"), _("状态")]
        rows = (
            [c.number, c.holder_name, c.job, c.started_on, c.left_on, c.get_state_display()]
            for c in found
        )
        return workbook_response("people", header, rows)
    page = Paginator(found.order_by("-left_on", "-id"), 50).get_page(request.GET.get("page"))
    context = {
        "employer": employer,
        "page": page,
        "current": found.filter(left_on__isnull=True).exclude(state="refused").count(),
        "checks": employer.checks.all()[:20],
        "form": CheckForm(),
        "vacancies": _vacancies(employer),
    }
    return render(request, "employers/home.html", context)


def _vacancies(employer: Employer) -> list[Vacancy]:
    """What plugins of the centre show; what is no vacancy is left out and recorded."""
    firm = Firm(employer.uscc, employer.name, employer.trade, employer.division_code)
    found: list[Vacancy] = []
    for plugin, given in results(vacancies, firm):
        with faults.kept(plugin, vacancies.name) as outcome:
            outcome.value = [_as_vacancy(each) for each in given]
        found += outcome.value or []
    return found


def _as_vacancy(each: Any) -> Vacancy:
    if not isinstance(each, Vacancy) or not str(each.title).strip():
        raise TypeError(f"vacancies gives Vacancy with a title, not {each!r:.80}")
    if each.address and not each.address.startswith(("/", "https://")):
        raise ValueError(f"an address begins with / or https://, not {each.address!r:.80}")
    return each


@as_employer
def check(request: HttpRequest, employer: Employer) -> HttpResponse:
    """Check a certificate and keep that it was checked; its public page is the answer."""
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = look_up(form.cleaned_data["q"])
        if answer.elsewhere:
            return redirect(answer.elsewhere)
        entry = answer.entry
        wanted = normalise_code(
            form.cleaned_data["q"].partition("#")[0].rstrip("/").rsplit("/")[-1]
        )
        if entry and len(wanted) == CODE_LENGTH and wanted == entry.code:
            note_check(employer, entry, answer.status)
            if answer.fault is None:
                return redirect("verify", entry.code)
            form.add_error("q", in_language(answer.fault.zh, answer.fault.en))
        else:
            form.add_error("q", _("登记簿中没有这个核验码，请照证书再核对一次。"))
    return render(request, "employers/check.html", {"employer": employer, "form": form})


@as_employer
def person(request: HttpRequest, employer: Employer, pk: int) -> HttpResponse:
    """One person confirmed; that the person has left; the phone number, if the person allows it."""
    found = get_object_or_404(_mine(employer), pk=pk)
    form = LeftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            say_left(employer, found, data["left_on"], data["reason"])
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("已登记离职，并告知本人。"), extra_tags="ok")
            return redirect("employer_person", found.pk)
    context = {
        "employer": employer,
        "person": found,
        "form": form,
        "phone": phone_of(employer, found),
        "here": is_here(found.tenant),
        "centre": current_tenant(),
    }
    return render(request, "employers/person.html", context)
