"""What a clerk, trainer and examiner type."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.directory.models import Programme
from courses.models import Project, TrainingClass
from courses.rules import phone_of
from courses.services.classes import PlannedSession
from courses.villages import find_villages
from tenants.staff.models import User

LARGEST_ROSTER = 10 * 1024 * 1024  # bytes
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class VillageField(forms.CharField):
    """A village by its 12-digit code, or by name: `村`, `乡镇 村`."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:  # where it may stay empty
            return None
        found = find_villages(text)
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("没有这个村，请填写“乡镇 村”，或 12 位区划代码。"))
        listed = "、".join(f"{v.parent} {v.name}（{v.code}）" for v in found[:8])
        raise forms.ValidationError(
            _("有多个同名村，请改填其中一个的代码：%(listed)s"), params={"listed": listed}
        )


class PhoneField(forms.CharField):
    """`stands` is what the record says already, which may be no telephone number: it may stay."""

    stands = ""

    def __init__(self, **more: Any) -> None:
        attrs = {"autocomplete": "tel", "inputmode": "tel"}
        widget = forms.TextInput(attrs={"type": "tel", **attrs})
        super().__init__(label=_("联系电话"), max_length=30, widget=widget, **more)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        if text in ("", self.stands):  # empty only where it may be
            return text
        phone = phone_of(text)
        if phone is None:
            raise forms.ValidationError(_("请填写手机号，或带区号的座机号。"))
        return phone


class ClassForm(forms.Form):
    project = forms.ModelChoiceField(Project.objects.none(), label=_("培训项目"))
    code = forms.SlugField(
        label=_("班次代码"), max_length=40, help_text=_("字母、数字、连字符，例如 FR-2026-01")
    )
    starts_on = forms.DateField(label=_("开班日期"), widget=DAY)
    ends_on = forms.DateField(label=_("结业日期"), widget=DAY)
    village = VillageField(
        label=_("村"), max_length=80, help_text=_("填写“乡镇 村”，或 12 位区划代码")
    )
    place = forms.CharField(label=_("地点"), max_length=120)
    trainer = forms.ModelChoiceField(User.objects.none(), label=_("教师"))
    programme = forms.ModelChoiceField(
        Programme.objects.none(), label=_("资金项目"), required=False, empty_label=_("无")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.all()  # type: ignore[attr-defined]
        self.fields["trainer"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            is_active=True, groups__permissions__codename="record_attendance"
        ).distinct()
        self.fields["programme"].queryset = Programme.objects.all()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code.lower() == "open":  # the address of the form itself
            raise forms.ValidationError(_("这个代码不能使用，请换一个。"))
        if TrainingClass.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("班次代码已用过，请换一个。"))
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("结业日期不能早于开班日期。"))
        return data


class SessionForm(forms.Form):
    held_on = forms.DateField(label=_("日期"), widget=DAY)
    starts_at = forms.TimeField(
        label=_("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=[("theory", _("理论")), ("practice", _("实操"))],
        initial="theory",
    )
    minutes = forms.IntegerField(label=_("分钟"), min_value=1, max_value=720)
    topic = forms.CharField(label=_("内容"), max_length=80, required=False)


SPARE_LINES, MOST_LINES = 4, 120
SessionFormSet = forms.formset_factory(
    SessionForm, extra=SPARE_LINES, max_num=MOST_LINES, absolute_max=MOST_LINES
)


def filled_lines(plan: Sequence[PlannedSession]) -> Any:
    """The lines of a proposed plan as if somebody had typed them: one that is emptied is gone."""
    sent = {"s-TOTAL_FORMS": min(len(plan) + SPARE_LINES, MOST_LINES), "s-INITIAL_FORMS": 0}
    for number in range(sent["s-TOTAL_FORMS"]):
        line = vars(plan[number]) if number < len(plan) else {"kind": "theory"}
        for field, value in line.items():
            shown = f"{value:%H:%M}" if isinstance(value, time) else str(value)
            sent[f"s-{number}-{field}"] = shown  # type: ignore[assignment]
    return SessionFormSet(sent, prefix="s")


def with_more_lines(data: Any) -> Any:
    """What was typed, and a few empty lines below it."""
    more = data.copy()
    total = data.get("s-TOTAL_FORMS", "")
    lines = int(total) if total.isdecimal() else 0
    more["s-TOTAL_FORMS"] = str(min(lines + SPARE_LINES, MOST_LINES))
    more["s-INITIAL_FORMS"] = "0"
    return SessionFormSet(more, prefix="s")


def planned_sessions(formset: Any) -> list[PlannedSession]:
    return [PlannedSession(**form.cleaned_data) for form in formset if form.cleaned_data]


class RosterForm(forms.Form):
    file = forms.FileField(
        label=_("花名册（.xlsx）"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text=_("标题行、空行、合计行可以保留；最多 10000 行"),
    )
    sender = forms.CharField(
        label=_("来源（乡镇、村委会，可不填）"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
        help_text=_("填写以后，这个来源的表头怎样对应会单独记住"),
    )

    def clean_file(self) -> Any:
        """Refused by its size before it is read into memory."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ROSTER:
            raise forms.ValidationError(_("文件超过 10 MB，请删去图片或拆成几份再上传。"))
        return file


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("照片（JPEG 或 PNG）"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=_("正面免冠，短边至少 200 像素，不超过 8 MB"),
    )
