"""What is typed at the desk about phones."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.fieldlog.services.trainers import who_may_teach
from courses.forms import DAY
from tenants.staff.models import User


class EnrolForm(forms.Form):
    trainer = forms.ModelChoiceField(User.objects.none(), label=_("教师"))
    scope = forms.ChoiceField(
        label=_("带走哪些班次"),
        choices=[("own", _("只带这位教师的班次")), ("all", _("本基地全部班次"))],
        initial="own",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["trainer"].queryset = who_may_teach()  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("停用原因"), max_length=200)
    lost_on = forms.DateField(
        label=_("从哪天起不在教师手里"),
        widget=DAY,
        required=False,
        help_text=_("此后写的记录算有争议；不填就从现在起"),
    )
    lost_at = forms.TimeField(
        label=_("几点起"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("lost_at") and not data.get("lost_on") and "lost_on" not in self.errors:
            self.add_error("lost_on", _("填了时间，请也填日期。"))
        return data

    @property
    def lost(self) -> datetime | None:
        day, time = self.cleaned_data["lost_on"], self.cleaned_data["lost_at"]
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day, time or datetime.min.time()))
