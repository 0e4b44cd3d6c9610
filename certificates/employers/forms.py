"""What employers type, and officials about them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.forms import PlaceField, UsccField, day_field
from certificates.models import Outcome
from tenants.applications.forms import PHONE
from tenants.seen import SeenForm


class FirmForm(forms.Form):
    """An employer, but for its credit code."""

    name = forms.CharField(label=_("法定名称"), max_length=80)
    trade = forms.CharField(
        label=_("所属行业"), max_length=40, help_text=_("例如 服装制造、餐饮、保安")
    )
    division_code = PlaceField(label=_("所在地"))
    address = forms.CharField(label=_("详细地址"), max_length=120, required=False)
    contact = forms.CharField(label=_("联系人"), max_length=40)
    phone = forms.CharField(
        label=_("联系电话"),
        max_length=20,
        validators=[PHONE],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("单位的官方电话：登录链接和核实电话都打到这里"),
    )
    email = forms.EmailField(
        label=_("电子邮箱"), max_length=120, required=False, help_text=_("填写后，登录链接发到邮箱")
    )


class ApplyForm(FirmForm):
    uscc = UsccField(label=_("统一社会信用代码"), help_text=_("18 位，见营业执照"))
    field_order = ["uscc"]


class ChangeForm(SeenForm, FirmForm):
    reason = forms.CharField(label=_("理由"), max_length=200, required=False)


class SignInForm(forms.Form):
    uscc = UsccField(label=_("统一社会信用代码"))


class CheckForm(forms.Form):
    q = forms.CharField(
        label=_("核验码，或扫码得到的网址"),
        max_length=2000,
        help_text=_("证书二维码下方的字母和数字"),
    )


class WorkForm(forms.Form):
    """ "This person works for us", of a signed-in employer: today, at its own place."""

    job = forms.CharField(label=_("岗位"), max_length=60, required=False)
    started_on = day_field(_("起始日期"))
    place_code = PlaceField(label=_("就业地"))
    full_time = forms.BooleanField(label=_("全日制"), required=False, initial=True)

    def __init__(self, *args: Any, place: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("started_on", timezone.localdate())
        self.initial.setdefault("place_code", place)


class LeftForm(forms.Form):
    left_on = day_field(_("离职日期"))
    reason = forms.ChoiceField(label=_("离职原因"), choices=Outcome.EndReason.choices)
