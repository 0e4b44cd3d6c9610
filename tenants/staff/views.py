"""Sign in with a limit on wrong guesses; a person's own account; the staff of the tenant."""

from typing import Any

from allauth.account.views import LoginView
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tenants.current import current_tenant
from tenants.faults import as_said, put_faults
from tenants.links import absolute
from tenants.lists.views import show
from tenants.models import in_language
from tenants.seen import SeenForm
from tenants.staff import services
from tenants.staff.access import actor, may
from tenants.staff.lists import PEOPLE, people
from tenants.staff.models import Invitation, StaffChange, User
from tenants.staff.roles import ENGLISH, TITLES, roles_of
from tenants.throttle import too_often, used_up

SECONDS = 600
AN_ADDRESS, A_NAME = 20, 10  # wrong guesses in that time


class SignIn(LoginView):  # type: ignore[misc]
    """Only what was wrong counts: a whole office signs in from one address every morning."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("username", "")[:150].lower()
        if used_up(request, "login", AN_ADDRESS, SECONDS) or used_up(
            request, "login", A_NAME, SECONDS, name
        ):
            return render(request, "registration/too_often.html", status=429)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_form_kwargs(self) -> dict[str, Any]:
        """The field is called `username`, as browsers and people know it."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if "data" in kwargs:
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["login"] = kwargs["data"].get("username", "")
        return kwargs

    def form_invalid(self, form: Any) -> HttpResponse:
        name = self.request.POST.get("username", "")[:150].lower()
        too_often(self.request, "login", AN_ADDRESS, SECONDS)
        too_often(self.request, "login", A_NAME, SECONDS, name)
        return super().form_invalid(form)  # type: ignore[no-any-return]


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("角色"), widget=forms.CheckboxSelectMultiple
    )
    division_prefix = forms.CharField(
        label=gettext_lazy("所辖区划代码"),
        max_length=12,
        required=False,
        help_text=gettext_lazy(
            "乡镇工作人员、村联络员填写，例如 222403；乡镇工作人员留空为全部，村联络员留空则看不到任何人"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = current_tenant().type
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)
        roles.choices = [(k, in_language(v, ENGLISH[k])) for k, v in roles_of(kind).items()]


class PersonForm(SeenForm, RolesForm):
    """The roles of a person who may be open at another manager's desk too."""


class InviteForm(RolesForm):
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    username = forms.CharField(label=gettext_lazy("用户名"), max_length=150)
    field_order = ["display_name", "username", "roles", "division_prefix"]


class PasswordForm(forms.Form):
    password1 = forms.CharField(
        label=gettext_lazy("新密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 8 个字符"),
    )
    password2 = forms.CharField(
        label=gettext_lazy("再输一次"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password1") != data.get("password2"):
            self.add_error("password2", _("两次输入的密码不同。"))
        return data


@may("staff.manage_staff")
def staff_list(request: HttpRequest) -> HttpResponseBase:
    unused = Invitation.objects.filter(
        used_at__isnull=True, user__isnull=True, expires_at__gt=timezone.now()
    )
    context = {"waiting": unused[:50], "changes": StaffChange.objects.all()[:30]}
    return show(request, PEOPLE, people(), "staff/list.html", **context)


@may("staff.manage_staff")
def staff_invite(request: HttpRequest) -> HttpResponse:
    """The link is shown once: whoever invites hands it over."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            token = services.invite(by=str(actor(request)), **form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            return _link(request, form.cleaned_data["display_name"], token)
    return render(request, "staff/invite.html", {"form": form})


def _link(request: HttpRequest, name: str, token: str) -> HttpResponse:
    address = absolute(current_tenant(), reverse("accept_invitation", args=[token]))
    response = render(request, "staff/link.html", {"name": name, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@may("staff.manage_staff")
def staff_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Roles of a person; their sessions; close, open, new link."""
    person = get_object_or_404(User, pk=pk)
    keys = [k for k, title in TITLES.items() if person.groups.filter(name=title).exists()]
    initial = {"roles": keys, "division_prefix": person.division_prefix}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_roles(person, by=actor(request), **form.cleaned_data)
        except ValidationError as error:
            put_faults(form, error)
        else:
            messages.success(request, _("角色已更改。"), extra_tags="ok")
            return redirect("staff_person", pk)
    context = {"person": person, "form": form, "sessions": services.sessions_of(person)}
    return render(request, "staff/person.html", context)


@may("staff.manage_staff")
@require_POST
def staff_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Close, open, sign out everywhere, or a new link."""
    person = get_object_or_404(User, pk=pk)
    act = request.POST.get("act")
    try:
        if act in ("close", "open"):
            services.set_active(person, act == "open", actor(request))
        elif act == "sign_out":
            services.end_sessions(person)
        elif act == "link":
            return _link(request, str(person), services.new_link(person, str(actor(request))))
    except ValidationError as error:
        messages.error(request, as_said(error)[0], extra_tags="bad")
    return redirect("staff_person", pk)


def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link chooses a password. Guessing is limited as at the sign-in."""
    if used_up(request, "invitation", AN_ADDRESS, SECONDS):
        return render(request, "registration/too_often.html", status=429)
    found = services.find_invitation(token)
    if found is None:
        too_often(request, "invitation", AN_ADDRESS, SECONDS)
        return render(request, "staff/accept.html", {"invitation": None}, status=404)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accept(token, form.cleaned_data["password1"])
        except ValidationError as error:
            form.add_error("password1", as_said(error))
        else:
            messages.success(request, _("密码已设定，请登录。"), extra_tags="ok")
            return redirect("account_login")
    return render(request, "staff/accept.html", {"invitation": found, "form": form})


def my_sessions(request: HttpRequest) -> HttpResponse:
    """A person's own sessions, each to be ended."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    user = actor(request)
    if request.method == "POST":
        if (pk := request.POST.get("session", "")).isdecimal():
            services.end_session(user, int(pk))
        return redirect("usersessions_list")
    return render(
        request, "usersessions/usersession_list.html", {"sessions": services.sessions_of(user)}
    )
