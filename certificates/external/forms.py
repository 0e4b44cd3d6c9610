"""What a clerk types of a certificate of another body."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.external.models import WEB_ONLY, ExternalCertificate, ExternalKind
from certificates.external.services import Facts
from tenants.seen import SeenForm
from tenants.uploads import LARGEST

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SCAN = forms.ClearableFileInput(attrs={"accept": ".pdf,image/jpeg,image/png"})


class KindChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class FactsForm(forms.Form):
    """Everything that the certificate says, and a scan of it."""

    kind = KindChoice(ExternalKind.objects.none(), label=_("证书类别"))
    number = forms.CharField(label=_("证书编号"), max_length=60)
    title = forms.CharField(label=_("工种或项目"), max_length=80)
    level = forms.CharField(label=_("等级"), max_length=30, required=False)
    issuer = forms.CharField(label=_("发证机构"), max_length=80)
    issued_on = forms.DateField(label=_("发证日期"), widget=DAY)
    expires_on = forms.DateField(
        label=_("有效期至"), widget=DAY, required=False, help_text=_("长期有效的留空")
    )
    query_url = forms.URLField(
        label=_("查询网址"),
        required=False,
        validators=[WEB_ONLY],
        assume_scheme="https",
        help_text=_("留空则用该类别的官方查询网址"),
    )
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    scan = forms.FileField(label=_("扫描件（PDF 或照片，可不传）"), required=False, widget=SCAN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = ExternalKind.objects.filter(in_use=True)
        if kept := (kwargs.get("initial") or {}).get("kind"):
            kinds = kinds | ExternalKind.objects.filter(pk=kept)
        self.fields["kind"].queryset = kinds  # type: ignore[attr-defined]

    def clean_scan(self) -> Any:
        """Refused by its size before it is read into memory."""
        file = self.cleaned_data.get("scan")
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 10 MB，请缩小后再上传。"))
        return file

    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(**{name: data[name] for name in Facts.__dataclass_fields__})

    def scanned(self) -> bytes:
        file = self.cleaned_data.get("scan")
        return bytes(file.read()) if file else b""


class RecordForm(FactsForm):
    """Whose it is: by name and resident ID, which is never kept from here."""

    name = forms.CharField(label=_("学员姓名"), max_length=60)
    tail = forms.CharField(
        label=_("证件号码后四位"),
        max_length=18,
        help_text=_("同名同尾号时填写全部证件号码"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["name", "tail"]


class CorrectForm(SeenForm, FactsForm):
    why = forms.CharField(label=_("更正原因"), max_length=200)


def initial_of(row: ExternalCertificate) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in Facts.__dataclass_fields__}
    return found | {"kind": row.kind_id}


class KindForm(forms.ModelForm):  # type: ignore[type-arg]
    query_url = forms.URLField(
        label=_("官方查询网址"), required=False, validators=[WEB_ONLY], assume_scheme="https"
    )

    class Meta:
        model = ExternalKind
        fields = ["code", "name", "name_en", "query_url"]
