"""What is typed after a call, at the base and at the centre."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.duties.models import Result
from certificates.forms import PlaceField
from certificates.models import Outcome
from certificates.rules.employment import HIRED, VALUES, WORK
from tenants.models import Trade
from tenants.seen import SeenForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
KINDS = [(kind, label) for kind, label in Outcome.Kind.choices if kind in VALUES]


class CallForm(forms.Form):
    """The last step: only what the kind needs. `ended` asks for the end of the job on record."""

    employer = forms.CharField(label=_("用人单位"), max_length=80)
    place_code = PlaceField(label=_("就业地"))
    started_on = forms.DateField(label=_("起始日期"), widget=DAY)
    ended_on = forms.DateField(
        label=_("原来的工作哪天结束"), widget=DAY, help_text=_("登记过的工作已经不做了")
    )
    end_reason = forms.ChoiceField(label=_("离职原因"), choices=Outcome.EndReason.choices)
    next_call_on = forms.DateField(label=_("下次回访"), widget=DAY)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)

    def __init__(self, *args: Any, kind: str, ended: bool, known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {"note"}
        if not known:
            wanted.add("next_call_on")
        if kind in HIRED:
            wanted.add("employer")
        if kind == Outcome.Kind.OUTWARD:
            wanted.add("place_code")
        if kind in WORK:
            wanted.add("started_on")
        if ended:
            wanted |= {"ended_on", "end_reason"}
        for name in set(self.fields) - wanted:
            del self.fields[name]


class ScriptForm(SeenForm, forms.Form):
    zh = forms.CharField(label=_("中文"), max_length=1000, widget=forms.Textarea(attrs={"rows": 6}))
    en = forms.CharField(label=_("英文"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))


class HeardForm(forms.Form):
    """What an officer of the centre heard. Which fields are needed depends on the kind."""

    result = forms.ChoiceField(label=_("结果"), choices=Result.choices)
    kind = forms.ChoiceField(
        label=_("去向"), choices=[("", "---------"), *KINDS], required=False,
        help_text=_("接通才填"),
    )  # fmt: skip
    employer = forms.CharField(
        label=_("用人单位"), max_length=80, required=False, help_text=_("就近、外出、境外就业必填")
    )
    place_code = PlaceField(label=_("就业地"), required=False)
    started_on = forms.DateField(
        label=_("起始日期"), widget=DAY, required=False, help_text=_("有工作的必填")
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("说明"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )
    accept = forms.BooleanField(
        label=_("以中心了解到的为准，更正去向"),
        required=False,
        help_text=_("不勾选则只说明，去向不变"),
    )


class ExceptionForm(forms.Form):
    trade = forms.ModelChoiceField(Trade.objects.none(), label=_("工种"))
    until = forms.DateField(
        label=_("截止日期"), widget=DAY, required=False, help_text=_("到这一天为止可以开该工种的班")
    )
    class_code = forms.SlugField(
        label=_("班次代码"),
        max_length=40,
        required=False,
        help_text=_("或者只准这一个班；与截止日期二者填一项"),
    )
    reason = forms.CharField(
        label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trade"].queryset = Trade.objects.all()  # type: ignore[attr-defined]
