"""What an official types for each step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.applications.services import CHECKLIST
from tenants.designations.services import Places
from tenants.models import Domain, OffSeason, Tenant, Trade, in_language
from tenants.provisioning import fault_of_host

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
PHOTOS = 8


class StepForm(forms.Form):
    """Warn, lift, suspend, remove, refuse."""

    on = forms.DateField(label=_("日期"), widget=DAY, initial=timezone.localdate)
    document = forms.CharField(label=_("文件号"), max_length=60)
    reason = forms.CharField(
        label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(StepForm):
    document = forms.CharField(label=_("文件号"), max_length=60, required=False)


class SuspendForm(StepForm):
    may_finish = forms.BooleanField(
        label=_("在办班次可以办完并发证"),
        required=False,
        help_text=_("不勾选：在办班次不能结业，也不能发证。考勤照常记录。"),
    )


class DesignateForm(StepForm):
    starts_on = forms.DateField(label=_("有效期自"), widget=DAY)
    ends_on = forms.DateField(label=_("有效期至"), widget=DAY)

    def __init__(self, *args: Any, wanted: dict[str, int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trades = list(Trade.objects.all())
        for trade in self.trades:
            first = (wanted or {}).get(trade.code)
            for part, label, initial in (
                ("places", _("名额（人）"), first),
                ("from", _("课时下限"), 40 if first else None),
                ("to", _("课时上限"), 120 if first else None),
            ):
                self.fields[f"{part}-{trade.code}"] = forms.IntegerField(
                    label=f"{trade.title} · {label}",
                    min_value=1,
                    max_value=30000,
                    required=False,
                    initial=initial,
                )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for trade in self.trades:
            parts = [data.get(f"{part}-{trade.code}") for part in ("places", "from", "to")]
            if any(parts) and not all(parts):
                self.add_error(f"places-{trade.code}", _("请填写名额和课时上下限，或全部留空。"))
        return data

    def places(self) -> dict[str, Places]:
        data = self.cleaned_data
        return {
            t.code: Places(data[f"places-{t.code}"], data[f"from-{t.code}"], data[f"to-{t.code}"])
            for t in self.trades
            if data.get(f"places-{t.code}")
        }


class CheckForm(forms.Form):
    """实地核查: every item of the list, photos, who and when."""

    on = forms.DateField(label=_("核查日期"), widget=DAY, initial=timezone.localdate)
    people = forms.CharField(label=_("核查人员"), max_length=120, help_text=_("全部到场人员的姓名"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, zh, en in CHECKLIST:
            self.fields[f"ok-{code}"] = forms.ChoiceField(
                label=in_language(zh, en),
                choices=[("", "---------"), ("yes", _("合格")), ("no", _("不合格"))],
            )
            self.fields[f"note-{code}"] = forms.CharField(
                label=f"{in_language(zh, en)} · {_('说明')}", max_length=200, required=False
            )
        self.fields["note"] = forms.CharField(
            label=_("情况说明"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        for n in range(1, PHOTOS + 1):
            self.fields[f"photo-{n}"] = forms.FileField(
                label=_("照片 %(n)s") % {"n": n},
                required=False,
                widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png"}),
            )

    def items(self) -> dict[str, tuple[bool, str]]:
        data = self.cleaned_data
        return {c: (data[f"ok-{c}"] == "yes", data[f"note-{c}"]) for c, _zh, _en in CHECKLIST}

    def photos(self) -> list[tuple[str, bytes]]:
        files = (self.cleaned_data.get(f"photo-{n}") for n in range(1, PHOTOS + 1))
        return [(file.name, file.read()) for file in files if file]


FORMS: dict[str, type[forms.Form]] = {
    "check": CheckForm,
    "designate": DesignateForm,
    "suspend": SuspendForm,
    "refuse": RefuseForm,
}


class OpenSiteForm(forms.Form):
    """Host name, rule set, seasons, draft pages. The defaults suit most bases."""

    slug = forms.CharField(
        label=_("简称"),
        max_length=30,
        help_text=_("小写字母、数字、连字符；用于网址，以后不能改"),
        validators=[
            RegexValidator(r"^[a-z][a-z0-9-]{0,28}[a-z0-9]$", _("只用小写字母、数字、连字符。"))
        ],
    )
    host = forms.CharField(
        label=_("域名"), max_length=253, required=False, help_text=_("留空则为“简称.localhost”")
    )
    rule_code = forms.ChoiceField(label=_("规则"))
    seasons = forms.CharField(
        label=_("农闲期"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        initial="冬闲 11-01 03-31\n夏闲 07-15 08-20",
        help_text=_("每行一个：名称 起始日 结束日，例如“冬闲 11-01 03-31”"),
    )
    page_set = forms.BooleanField(
        label=_("为每个认定工种准备课程草稿"), required=False, initial=True
    )

    def __init__(self, *args: Any, rule_codes: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule_code = self.fields["rule_code"]
        assert isinstance(rule_code, forms.ChoiceField)
        rule_code.choices = [(code, code) for code in rule_codes]

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if Tenant.objects.filter(slug=slug).exists():
            raise ValidationError(_("简称已有基地使用，请换一个。"))
        return slug

    def clean_host(self) -> str:
        host = str(self.cleaned_data["host"]).strip().lower()
        host = host or f"{self.cleaned_data.get('slug', '')}.localhost"
        if fault := fault_of_host(host):
            raise ValidationError(fault)
        if Domain.objects.filter(domain=host).exists():
            raise ValidationError(_("域名已被占用，请换一个。"))
        return host

    def clean_seasons(self) -> list[dict[str, str]]:
        found = []
        for line in str(self.cleaned_data["seasons"]).splitlines():
            parts = line.split()
            if not parts:
                continue
            if len(parts) != 3:
                raise ValidationError(_("每行应有名称、起始日、结束日三项。"))
            season = OffSeason(name=parts[0][:20], starts=parts[1], ends=parts[2])
            try:
                season.clean_fields(exclude=["tenant"])
            except ValidationError as error:
                raise ValidationError(error.messages) from error
            found.append({"name": season.name, "starts": season.starts, "ends": season.ends})
        return found


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class RenameForm(ReasonForm):
    name = forms.CharField(label=_("新的法定名称"), max_length=80)
    field_order = ["name", "reason"]


class HostForm(ReasonForm):
    host = forms.CharField(label=_("新域名"), max_length=253)
    field_order = ["host", "reason"]


class FirstForm(forms.Form):
    display_name = forms.CharField(label=_("姓名"), max_length=40)
    username = forms.CharField(label=_("用户名"), max_length=150)
