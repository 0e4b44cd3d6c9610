"""What the centre types when it gives a key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.checkapi.models import ApiKey


class KeyForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiKey
        fields = ["name", "contact", "quota"]
        help_texts = {
            "name": _("单位全称；持证人会看到这个名称在何时核验过他的证书"),
            "quota": _("每天从零点起算，按证书份数计"),
        }
