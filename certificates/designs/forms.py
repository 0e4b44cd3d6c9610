"""The form of a design: which claims stand in the table is ticked, not typed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from certificates.claims import LABELS
from tenants.models import in_language


def _choices() -> list[tuple[str, str]]:
    return [(key, in_language(zh, en)) for key, (zh, en) in LABELS.items()]


class DesignForm(WagtailAdminModelForm):  # type: ignore[misc]
    shown = forms.MultipleChoiceField(
        label=_("表格中的内容"), choices=_choices, widget=forms.CheckboxSelectMultiple
    )
