"""What a clerk and a manager type about notices."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from courses.notices import rules
from courses.notices.audiences import named, offered
from courses.notices.models import NoticeTemplate
from courses.notices.services import check_template, ways
from tenants.current import current_tenant
from tenants.links import absolute
from tenants.seen import SeenForm


class NoticeForm(forms.Form):
    """Whom, what, by which channel: asked by GET, so that the preview writes nothing."""

    to = forms.ChoiceField(label=_("发给谁"))
    template = forms.ModelChoiceField(
        NoticeTemplate.objects.none(), label=_("模板"), empty_label=_("请选择")
    )
    channel = forms.ChoiceField(label=_("通道"))
    link = forms.CharField(
        label=_("链接"),
        max_length=200,
        required=False,
        help_text=_("模板里有{链接}时填写；不填就用本站首页。"),
    )
    urgent = forms.BooleanField(
        label=_("紧急"),
        required=False,
        help_text=_("紧急的立即发出；其他的在 22:00 至次日 8:00 不发。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = (self.data if self.is_bound else self.initial).get("to", "")
        chosen = [(to, label)] if (label := named(to)) else []
        self.fields["to"].choices = [("", _("请选择")), *chosen, *offered()]  # type: ignore[attr-defined]
        self.fields["template"].queryset = NoticeTemplate.objects.filter(in_use=True)  # type: ignore[attr-defined]
        self.fields["channel"].choices = [  # type: ignore[attr-defined]
            (way.name, _priced(way.title or _("留存，自行转达"), way.price)) for way in ways()
        ]

    def clean_link(self) -> str:
        link = str(self.cleaned_data["link"]).strip()
        if not link:
            return absolute(current_tenant())
        if link.startswith("/"):
            return absolute(current_tenant(), link)
        try:
            URLValidator(["https", "http"])(link)
        except ValidationError as error:
            raise ValidationError(_("请填写完整的网址，以 https:// 开头。")) from error
        return link


def _priced(title: Any, price: Any) -> Any:
    if not price:
        return title
    return _("%(title)s（每条 %(price)s 元）") % {"title": title, "price": price.normalize()}


class TemplateForm(SeenForm, forms.Form):
    """Two managers may have it open at once."""

    name = forms.CharField(label=_("名称"), max_length=40)
    text = forms.CharField(
        label=_("内容"),
        max_length=rules.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("可用：{姓名}、{班次}、{项目}、{地点}、{日期}、{链接}、{基地}、{电话}"),
    )
    in_use = forms.BooleanField(label=_("在用"), required=False)

    def __init__(self, *args: Any, instance: NoticeTemplate, **kwargs: Any) -> None:
        self.instance = instance
        kwargs["initial"] = {
            "name": instance.name,
            "text": instance.text,
            "in_use": instance.in_use,
        }
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if NoticeTemplate.objects.filter(name=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("已有同名的模板，请换一个名称。"))
        return name

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        check_template(text)
        return text


class OptOutForm(forms.Form):
    phone = forms.CharField(label=_("号码"), max_length=30)
    said = forms.CharField(
        label=_("怎样提出的"), max_length=100, help_text=_("例如：1 月 5 日来电话说不再接收")
    )
