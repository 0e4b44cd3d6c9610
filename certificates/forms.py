from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.models import Outcome


class OutcomeForm(forms.Form):
    """就业去向 of a certificate, with what it is known by."""

    kind = forms.ChoiceField(label=_("去向"), choices=Outcome.Kind.choices)
    place_code = forms.CharField(
        label=_("就业地区划代码"),
        max_length=12,
        required=False,
        help_text=_("外出务工必填，例如 2101（沈阳市）"),
    )
    employer = forms.CharField(
        label=_("用人单位"), max_length=80, required=False, help_text=_("就近、外出、境外就业必填")
    )
    started_on = forms.DateField(
        label=_("起始日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("未就业可不填"),
    )
    evidence = forms.ChoiceField(label=_("依据"), choices=Outcome.Evidence.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
