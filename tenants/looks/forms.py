from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.looks.models import Look
from tenants.looks.services import SHORTEST, Reason


class ReasonForm(forms.Form):
    """Asked before every ID that is shown."""

    why = forms.ChoiceField(label=_("查看事由"), choices=[("", "—"), *Look.Why.choices])
    text = forms.CharField(
        label=_("说明"),
        min_length=SHORTEST,
        max_length=200,
        help_text=_("写明为谁、办什么事。这次查看会记录您的姓名、时间和事由，不能删除。"),
    )

    @property
    def reason(self) -> Reason:
        return Reason(self.cleaned_data["why"], self.cleaned_data["text"])
