"""What the desk and people outside type about a holder's work."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.employment.models import ConfirmLink, Reached
from certificates.forms import OutcomeForm, PlaceField, UsccField, day_field
from certificates.models import Outcome
from tenants.applications.forms import PHONE

TEL = forms.TextInput(attrs={"inputmode": "tel"})


class ClaimForm(forms.Form):
    """ "This person works for us", by somebody without an account."""

    firm = forms.CharField(label=_("单位名称"), max_length=80)
    uscc = UsccField(
        label=_("统一社会信用代码"), required=False, help_text=_("18 位，见营业执照，可不填")
    )
    contact = forms.CharField(label=_("您的姓名"), max_length=40)
    role = forms.CharField(label=_("您的职务"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("电话"),
        max_length=20,
        validators=[PHONE],
        widget=TEL,
        help_text=_("培训基地会打电话核实"),
    )
    job = forms.CharField(label=_("岗位"), max_length=60, required=False)
    started_on = day_field(_("起始日期"), required=False)
    place_code = PlaceField(label=_("就业地"), required=False)


class AcceptForm(OutcomeForm):
    """A claim was so: the outcome, and which number was called. The evidence follows from that."""

    evidence = None  # type: ignore[assignment]
    reached = forms.ChoiceField(
        label=_("打哪个电话核实的"),
        choices=Reached.choices,
        widget=forms.RadioSelect,
        help_text=_("打通单位官方电话的，依据为“用人单位确认”；否则为“联络员电话”"),
    )
    field_order = ["reached", "kind"]


class AnswerForm(forms.Form):
    """An employer's answer to a link."""

    answer = forms.ChoiceField(
        label=_("您的回答"), choices=ConfirmLink.Answer.choices, widget=forms.RadioSelect
    )
    job = forms.CharField(label=_("岗位"), max_length=60, required=False)
    started_on = day_field(_("起始日期"), required=False, help_text=_("确认在职、已离职时填写"))
    place_code = PlaceField(label=_("就业地"), required=False)
    full_time = forms.BooleanField(label=_("全日制"), required=False, initial=True)
    left_on = day_field(_("离职日期"), required=False, help_text=_("已离职时填写"))
    end_reason = forms.ChoiceField(
        label=_("离职原因"), choices=[("", "—"), *Outcome.EndReason.choices], required=False
    )
    text = forms.CharField(
        label=_("情况说明"), max_length=150, required=False, help_text=_("否认时填写")
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        wanted = {
            ConfirmLink.Answer.CONFIRMED: ("started_on",),
            ConfirmLink.Answer.REJECTED: ("text",),
            ConfirmLink.Answer.LEFT: ("left_on", "end_reason"),
        }
        for name in wanted.get(data.get("answer", ""), ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("请填写。"))
        return data


class LinkForm(forms.Form):
    """Where a link goes, and whose number that is."""

    to = forms.CharField(label=_("手机号或邮箱"), max_length=120)
    reached = forms.ChoiceField(label=_("号码从何而来"), choices=Reached.choices)
