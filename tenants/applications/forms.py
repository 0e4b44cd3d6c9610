"""What an institution types to become a training base."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tenants.applications.models import Paper
from tenants.applications.services import Sent
from tenants.models import Division, Tenant, Trade
from tenants.provisioning import fault_of_uscc
from tenants.uploads import LARGEST

PHONE = RegexValidator(r"^[0-9][0-9 -]{6,18}$", _("请填写手机号或带区号的座机号。"))
ACCEPT = {"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}


def places_by_county(centre: Tenant) -> list[tuple[str, list[tuple[int, str]]]]:
    """Counties of the centre's prefecture, each with itself and its townships to choose from."""
    below = Division.objects.filter(code__startswith=centre.division.code[:4])
    counties = {d.pk: (d.name, [(d.pk, d.name)]) for d in below.filter(level="county")}
    for township in below.filter(level="township"):
        if township.parent_id in counties:
            counties[township.parent_id][1].append((township.pk, township.name))
    return list(counties.values())


class ApplicationForm(forms.Form):
    uscc = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, min_length=18, help_text=_("18 位，见登记证书")
    )
    name = forms.CharField(label=_("法定名称"), max_length=80)
    division = forms.ChoiceField(label=_("所在县市或乡镇"))
    address = forms.CharField(label=_("详细地址"), max_length=120)
    contact = forms.CharField(label=_("联系人"), max_length=40)
    phone = forms.CharField(label=_("联系电话"), max_length=20, validators=[PHONE])
    premises = forms.CharField(
        label=_("场地与设备"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("教室、实训场地的面积，主要设备和数量"),
    )
    teachers = forms.CharField(
        label=_("教师"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("每行一位：姓名、工种、资格"),
    )

    def __init__(self, *args: Any, centre: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        division = self.fields["division"]
        assert isinstance(division, forms.ChoiceField)
        division.choices = [("", "---------"), *places_by_county(centre)]
        self.trade_fields = {}
        for trade in Trade.objects.all():
            self.trade_fields[trade.code] = f"trade-{trade.code}"
            self.fields[f"trade-{trade.code}"] = forms.IntegerField(
                label=trade.title, required=False, min_value=1, max_value=5000
            )
        for kind, label in Paper.Kind.choices:
            if kind != Paper.Kind.PHOTO:
                self.fields[f"file-{kind}"] = forms.FileField(
                    label=label,
                    required=kind == Paper.Kind.LICENCE,
                    widget=forms.ClearableFileInput(attrs=ACCEPT),
                    help_text=_("PDF、JPEG 或 PNG，不超过 10 MB"),
                )

    def clean_uscc(self) -> str:
        code = str(self.cleaned_data["uscc"]).strip().upper()
        if fault := fault_of_uscc(code):
            raise ValidationError(fault)
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(data.get(name) for name in self.trade_fields.values()):
            self.add_error(None, _("请至少填写一个工种的名额。"))
        for name, file in list(data.items()):
            if name.startswith("file-") and file and file.size > LARGEST:
                self.add_error(name, _("文件超过 10 MB，请缩小后再上传。"))
        return data

    def sent(self) -> Sent:
        data = self.cleaned_data
        return Sent(
            division=Division.objects.get(pk=data["division"]),
            trades={code: data[name] for code, name in self.trade_fields.items() if data.get(name)},
            files={
                name.removeprefix("file-"): [(file.name, file.read())]
                for name, file in data.items()
                if name.startswith("file-") and file
            },
            **{
                name: data[name]
                for name in ("uscc", "name", "address", "contact", "phone", "premises", "teachers")
            },
        )

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The fields under their headings."""
        trades = set(self.trade_fields.values())
        files = {name for name in self.fields if name.startswith("file-")}
        return [
            (str(_("机构")), [self[n] for n in self.fields if n not in trades | files]),
            (str(_("申请的工种和每年名额（人）")), [self[n] for n in self.fields if n in trades]),
            (str(_("材料")), [self[n] for n in self.fields if n in files]),
        ]
