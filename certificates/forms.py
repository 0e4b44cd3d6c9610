"""就业去向, as a person types it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from certificates import divisions
from certificates.models import Outcome
from tenants.provisioning import fault_of_uscc

DAY = {"type": "date"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"), **more
    )


class UsccField(forms.CharField):
    """A credit code, checked; small letters are taken."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=18, **kwargs)

    def clean(self, value: Any) -> str:
        code = str(super().clean(value)).strip().upper()
        if code and (fault := fault_of_uscc(code)):
            raise ValidationError(fault)
        return code


class PlaceField(forms.CharField):
    """A place anywhere in the country, by code or by name; gives its code. The page includes
    `certificates/places.html`, which offers provinces and prefectures.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("写地名或区划代码都行，例如 辽宁 沈阳，或 2101"))
        widget = forms.TextInput(attrs={"list": "places", "autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A code with its name."""
        name = divisions.name_of(value) if isinstance(value, str) and value.isdigit() else ""
        return f"{value} {name}" if name else value

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if not text:
            return ""
        found = divisions.find(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                _("没有找到这个地方，请写省和市，例如 辽宁 沈阳，或区划代码。"), code="unknown"
            )
        listed = "；".join(f"{code} {divisions.name_of(code)}" for code in found[: divisions.MOST])
        raise ValidationError(
            _("有几个地方叫这个名字，请写上省市，或抄下代码：%(listed)s") % {"listed": listed}
        )


class OutcomeForm(forms.Form):
    """What came of a certificate, with what it is known by."""

    kind = forms.ChoiceField(label=_("去向"), choices=Outcome.Kind.choices)
    place_code = PlaceField(label=_("就业地"), required=False)
    employer = forms.CharField(
        label=_("用人单位"), max_length=80, required=False, help_text=_("就近、外出、境外就业必填")
    )
    employer_uscc = UsccField(
        label=_("统一社会信用代码"), required=False, help_text=_("18 位，见营业执照，可不填")
    )
    employer_trade = forms.CharField(label=_("所属行业"), max_length=40, required=False)
    job = forms.CharField(label=_("岗位"), max_length=60, required=False)
    started_on = day_field(
        _("起始日期"), required=False, help_text=_("就业必填；发证前已在业的，照实填写，会标明")
    )
    full_time = forms.BooleanField(
        label=_("全日制"), required=False, initial=True, help_text=_("一人同时只有一份全日制工作")
    )
    contract = forms.ChoiceField(
        label=_("合同"), choices=[("", "—"), *Outcome.Contract.choices], required=False
    )
    wage = forms.ChoiceField(
        label=_("月工资"), choices=[("", "—"), *Outcome.Wage.choices], required=False
    )
    evidence = forms.ChoiceField(label=_("依据"), choices=Outcome.Evidence.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class EndForm(OutcomeForm):
    """A job was left; what the person does now, which may be unknown."""

    ended_on = day_field(_("离职日期"))
    end_reason = forms.ChoiceField(label=_("离职原因"), choices=Outcome.EndReason.choices)
    field_order = ["ended_on", "end_reason", "kind"]


class OverruleForm(OutcomeForm):
    """A row was wrong; this is what is right, and why."""

    reason = forms.CharField(
        label=_("更正理由"), max_length=200, help_text=_("原记录保留，不再计入")
    )
    field_order = ["reason", "kind"]
