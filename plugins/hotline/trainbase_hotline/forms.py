"""What complainants and handlers type. Every fault is said in Chinese and English."""

import re
import secrets
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from trainbase_hotline import rules
from trainbase_hotline.files import MOST
from trainbase_hotline.kinds import Kind, Satisfaction
from trainbase_hotline.models import Complaint, Department
from trainbase_hotline.services.intake import Sent

NEEDED = {
    "required": "请填写这一项 / please fill this in",
    "invalid_choice": "请从列表中选择 / choose from the list",
    "null_characters_not_allowed": "含有不能保存的字符 / has characters that cannot be kept",
}
FILES = {
    "missing": "请重新选择文件 / choose the file again",
    "empty": "文件是空的，请重新选择 / the file is empty; choose it again",
    "invalid": "请重新选择文件 / choose the file again",
}
VERSION = re.compile(r"[0-9]{1,9}")
ACCEPT = {"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}


class PlainField(forms.CharField):
    """Text without characters that show something else than they are (rules.plain)."""

    def __init__(self, **kwargs: Any) -> None:
        limit = kwargs.get("max_length")
        messages = NEEDED | {
            "max_length": f"最多 {limit} 字，请缩短 / at most {limit} characters; shorten it"
        }
        super().__init__(error_messages=messages, **kwargs)
        self.widget.attrs.pop("maxlength", None)  # a browser would cut off what is pasted, silently

    def to_python(self, value: Any) -> str:
        return rules.plain(str(super().to_python(value) or ""))


def _choice(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=NEEDED, **kwargs
    )


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class FilesForm(forms.Form):
    """Single file fields: old phones cannot choose several at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST + 1):
            self.fields[f"file{number}"] = forms.FileField(
                label=_("照片或 PDF %(number)s") % {"number": number},
                required=False,
                widget=forms.FileInput(attrs=ACCEPT),
                error_messages=FILES,
            )

    @property
    def files_sent(self) -> list[UploadedFile]:
        found = [self.cleaned_data.get(f"file{number}") for number in range(1, MOST + 1)]
        return [file for file in found if file]


class ComplaintForm(FilesForm):
    """The public form. The text is limited by the service, which says how long it was."""

    kind = _choice(_("哪一类问题"), Kind.choices)
    about = PlainField(
        label=_("涉及哪个单位"),
        max_length=100,
        required=False,
        help_text=_("用人单位或培训基地，不知道可以不填"),
    )
    text = PlainField(
        label=_("发生了什么"),
        widget=_area(6),
        help_text=_("时间、地点、涉及多少钱、多少人，不超过 5000 字"),
    )
    anonymous = forms.BooleanField(
        label=_("匿名投诉"), required=False, help_text=_("匿名时不填姓名和电话，请凭回执号查看答复")
    )
    name = PlainField(label=_("姓名"), max_length=40, required=False)
    phone = PlainField(
        label=_("电话"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"})
    )
    id_last4 = PlainField(
        label=_("身份证后四位"), max_length=8, required=False, help_text=_("可以不填")
    )
    agree = forms.BooleanField(
        label=_("我已阅读并同意"),
        error_messages={"required": "请阅读并勾选同意 / read it and tick the box to agree"},
    )
    consent_version = forms.CharField(widget=forms.HiddenInput, required=False)
    once = forms.CharField(widget=forms.HiddenInput, required=False)
    via = forms.CharField(widget=forms.HiddenInput, required=False)

    channel = ""
    field_order = (
        *("kind", "about", "text", *(f"file{number}" for number in range(1, MOST + 1))),
        *("anonymous", "name", "phone", "id_last4", "agree"),
    )

    def sent(self) -> Sent:
        data = self.cleaned_data
        version = data["consent_version"]
        web = Complaint.Channel.QR if data["via"] == "qr" else Complaint.Channel.WEB
        return Sent(
            channel=self.channel or web,
            files=self.files_sent,
            **{
                name: data[name]
                for name in ("kind", "text", "about", "anonymous", "name", "phone", "id_last4")
            },
            consent_version=int(version) if VERSION.fullmatch(version) else 0,
            once=data["once"] or mark(),
        )


class PhoneForm(ComplaintForm):
    """The same by phone: the handler reads the words aloud."""

    channel = Complaint.Channel.PHONE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = _("已向来电人读出告知内容，来电人同意")


def mark() -> str:
    """What makes two sendings of one form recognisable."""
    return secrets.token_urlsafe(24)


class FollowForm(forms.Form):
    number = forms.CharField(
        label=_("回执号"),
        max_length=100,
        help_text=_("12 位字母和数字，短横线可以不写"),
        error_messages=NEEDED
        | {"max_length": "回执号是 12 位 / a receipt number has 12 characters"},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters"}),
    )


class SeenForm(forms.Form):
    """`seen` is the version of the complaint that the person had before them."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            "页面已过期，请刷新后再提交 / the page is out of date; load it again",
        ),
    )
    title: Any = ""


class AssignForm(SeenForm):
    title = _("分派或转办")
    department = forms.ModelChoiceField(
        Department.objects.none(), label=_("办理部门"), error_messages=NEEDED
    )
    text = PlainField(label=_("理由"), required=False, help_text=_("转办必须写明理由"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.fields["department"]
        assert isinstance(department, forms.ModelChoiceField)
        department.queryset = Department.objects.filter(active=True)


class AnswerForm(SeenForm):
    title = _("登记首次答复")
    text = PlainField(
        label=_("给投诉人的话"),
        widget=_area(3),
        help_text=_("凭回执号就能看到，请勿写姓名、身份证号和手机号；时间由服务器登记"),
    )


class OpinionForm(AnswerForm):
    title = _("登记处理意见")


class NoteForm(SeenForm):
    title = _("办理记录")
    text = PlainField(label=_("内容"), widget=_area(3), help_text=_("只有办理人员能看"))


class AttachForm(FilesForm, SeenForm):
    title = _("添加附件")


class CloseForm(SeenForm):
    title = _("结案")
    satisfaction = _choice(_("投诉人是否满意"), Satisfaction.choices)
    text = PlainField(label=_("说明"), widget=_area(2), required=False)


class ReopenForm(SeenForm):
    title = _("重新办理")
    text = PlainField(label=_("理由"), widget=_area(2))


#: What a handler can do, by the name that the form sends.
ACTS: dict[str, type[SeenForm]] = {
    "assign": AssignForm,
    "answer": AnswerForm,
    "opinion": OpinionForm,
    "note": NoteForm,
    "attach": AttachForm,
    "close": CloseForm,
    "reopen": ReopenForm,
}
