"""What officials type."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.plugin import Division
from trainbase_letters import rules
from trainbase_letters.models import AppealDecision, Decision, Letter, Unit
from trainbase_letters.models.letters import METRIC_TITLES

REASON = {"max_length": 400, "widget": forms.Textarea(attrs={"rows": 3})}


def day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UnitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A division is given by its code: a prefecture has thousands of villages."""

    division_code = forms.CharField(
        label=_("行政区划代码"),
        max_length=12,
        required=False,
        help_text=_("县 6 位、乡镇 9 位、村 12 位；部门和个人可以留空"),
    )
    field_order = ["name", "kind", "parent", "division_code", "trades", "leader", "active"]

    class Meta:
        model = Unit
        fields = ["name", "kind", "parent", "trades", "leader", "active"]
        help_texts = {
            "trades": _("只对某些工种负责的部门填工种代码，用逗号分开；留空为全部工种"),
            "parent": _("没有区划和工种的单位，按下级单位合并计算"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.division:
            self.initial["division_code"] = self.instance.division.code

    def clean_division_code(self) -> str:
        code = str(self.cleaned_data["division_code"]).strip()
        found = Division.objects.filter(code=code).first() if code else None
        if code and found is None:
            raise ValidationError(
                f"没有代码为 {code} 的区划，请核对 / no division has the code {code}"
            )
        self.instance.division = found
        return code


class TargetsForm(forms.Form):
    """Six targets; `seen` tells whether somebody else was quicker."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, letter: Letter | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for metric in rules.METRICS:
            self.fields[metric] = forms.IntegerField(
                label=METRIC_TITLES[metric],
                min_value=0,
                max_value=rules.LARGEST,
                initial=getattr(letter, metric) if letter else 0,
                help_text=_("人；没有目标填 0") if metric == "trained" else "",
            )
        if letter:
            self.fields["seen"].initial = letter.edits

    def targets(self) -> dict[str, int]:
        return {metric: self.cleaned_data[metric] for metric in rules.METRICS}


class NewVersionForm(TargetsForm):
    reason = forms.CharField(label=_("变更理由"), **REASON)  # type: ignore[arg-type]


class SignForm(forms.Form):
    file = forms.FileField(
        label=_("签订件扫描"),
        help_text=_("PDF、JPEG 或 PNG，不超过 10 MB"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    signed_on = forms.DateField(label=_("签订日期"), widget=day(), initial=timezone.localdate)
    code = forms.CharField(
        label=_("核对码"), max_length=12, help_text=_("印在责任状标题下，例如 1A2B-3C4D")
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), **REASON)  # type: ignore[arg-type]


class DecideForm(ReasonForm):
    """`assessment` is the one that was shown: a newer one has to be looked at first."""

    assessment = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=1, max_value=2**63 - 1
    )
    kind = forms.ChoiceField(
        label=_("决定"), choices=Decision.Kind.choices, widget=forms.RadioSelect
    )
    field_order = ["kind", "reason"]


class AnswerForm(ReasonForm):
    kind = forms.ChoiceField(
        label=_("答复"), choices=AppealDecision.Kind.choices, widget=forms.RadioSelect
    )
    field_order = ["kind", "reason"]


class AppealForm(forms.Form):
    appellant = forms.CharField(label=_("申诉人"), max_length=60)
    received_on = forms.DateField(label=_("收到日期"), widget=day(), initial=timezone.localdate)
    text = forms.CharField(
        label=_("申诉内容"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )


def put_faults(form: forms.Form, error: ValidationError) -> None:
    """Each fault of a service at its field, or above the form."""
    listed = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for field, faults in listed.items():
        form.add_error(field if field in form.fields else None, list(faults))
