"""What a clerk types about the people of a class and the columns of a roster."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.forms import DAY, PhoneField, VillageField
from courses.intake.models import EnrolmentChange
from courses.intake.services.columns import FIELDS
from courses.models import Trainee, TrainingClass
from courses.villages import written
from tenants.seen import SeenForm

TITLES = {
    "name": _("姓名"),
    "resident_id": _("身份证号码"),
    "sex": _("性别"),
    "phone": _("联系电话"),
    "county": _("县市"),
    "township": _("乡镇"),
    "village": _("村"),
}
NO_HEADINGS = "0"
COLUMNS = 60


def _words(required: bool, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=_("说明"), max_length=300, required=required, help_text=help_text)


class PlacesForm(forms.Form):
    places = forms.IntegerField(label=_("本班名额"), min_value=1, max_value=10_000)


class WithdrawForm(forms.Form):
    why = forms.ChoiceField(
        label=_("退班原因"), choices=[("", _("请选择")), *EnrolmentChange.Why.choices]
    )
    words = _words(False, _("选“其他”时必填"))
    on = forms.DateField(label=_("退班日期"), widget=DAY, initial=timezone.localdate)


class TransferForm(forms.Form):
    goal = forms.ModelChoiceField(
        TrainingClass.objects.none(), label=_("转到"), empty_label=_("请选择")
    )
    words = _words(True, _("写明转班原因"))

    def __init__(self, goals: QuerySet[TrainingClass], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["goal"].queryset = goals  # type: ignore[attr-defined]


class BackForm(forms.Form):
    words = _words(True, _("写明原因"))


class ContactForm(SeenForm, forms.Form):
    """Telephone and village of `trainee`; either may be empty."""

    phone = PhoneField(required=False)
    village = forms.CharField(
        label=_("村"),
        max_length=80,
        required=False,
        help_text=_("填写“乡镇 村”，或 12 位区划代码；不知道的留空"),
    )

    def __init__(self, trainee: Trainee, *args: Any, **kwargs: Any) -> None:
        self._village = trainee.village
        said = written(trainee.village) if trainee.village else ""
        super().__init__(*args, initial={"phone": trainee.phone, "village": said}, **kwargs)
        self.fields["phone"].stands = trainee.phone  # type: ignore[attr-defined]

    def clean_village(self) -> Any:
        """As it stands, even where two villages of the prefecture are written alike."""
        text = self.cleaned_data["village"]
        if self._village and text == written(self._village):
            return self._village
        return VillageField(required=False).clean(text)


def columns_said(data: Any) -> tuple[int, dict[str, int]]:
    """The row of headings (0: none) and the index of each field, as the page of columns sends them. What is
    no number or no field is left out: the service says what is missing.
    """
    row = data.get("header", "")
    columns: dict[str, int] = {}
    for index in range(COLUMNS):
        field = data.get(f"column-{index}", "")
        if field in FIELDS:
            columns[field] = -1 if field in columns else index
    return (int(row) if row.isdecimal() and len(row) < 4 else 0), columns
