from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.dossiers.services.verify import LARGEST


class FileForm(forms.Form):
    """A dossier that was handed in."""

    file = forms.FileField(
        label=_("补贴档案（.xlsx 或 .pdf）"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.pdf"}),
        help_text=_("只作比对，不保存"),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB。"))
        return file
